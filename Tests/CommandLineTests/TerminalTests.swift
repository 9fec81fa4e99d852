import Foundation
import Glibc
import Testing

@Suite("Output to a terminal and to a closed pipe")
struct TerminalTests {
    @Test(
        "colours are for terminals that want them",
        arguments: [
            ([:], true), (["TERM": "dumb"], false), (["NO_COLOR": "1"], false), (["NO_COLOR": ""], true),
        ] as [([String: String], Bool)])
    func colours(_ environment: [String: String], _ isColoured: Bool) async throws {
        let device = try await Synced.device()
        let text = try await onTerminal(["list", "--limit", "3"], device, environment)
        #expect(text.contains("The Long Strike"))
        #expect(text.contains("\u{1B}[") == isColoured)
    }

    @Test("no line of a list is wider than the terminal")
    func width() async throws {
        let device = try await Synced.device()
        let text = try await onTerminal(["list", "--limit", "12"], device, ["NO_COLOR": "1"], columns: 44)
        let lines = text.split(separator: "\r\n")
        #expect(lines.count >= 12)
        #expect(lines.allSatisfy { $0.count <= 44 })
    }

    @Test("a consent is asked for on a terminal, and anything but yes is a no", arguments: ["\n", "no\n", "yes\n"])
    func consent(_ answer: String) async throws {
        let device = try await Synced.device()
        let text = try await onTerminal(["consent", "grant", "brandOffers"], device, [:], typed: answer)
        #expect(text.contains("May we write to you about offers?"))
        #expect(text.contains("Do you agree? [y/N]"))
        let item = try #require(
            try await device.done("consent", "--json").items().first { $0["purpose"] as? String == "brandOffers" })
        #expect((item["given"] as? Bool == true) == (answer == "yes\n"))
    }

    @Test("a token that is typed is not shown")
    func silentToken() async throws {
        let device = try Device()
        try await device.done("init", "--server", "http://127.0.0.1:9")
        let text = try await onTerminal(["login"], device, [:], typed: "a-typed-secret\n", after: "token: ")
        #expect(text.contains("token: "))
        #expect(!text.contains("a-typed-secret"))
    }

    @Test("a reader that closes the pipe early is no failure and no message")
    func closedPipe() async throws {
        let device = try await Synced.device()
        let (output, errors) = (try CleanPipe(), try CleanPipe())
        close(output.reading)
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        let child = try Program.client.start(
            ["list"], device.environment, input: null, output: output.writing, errors: errors.writing)
        for descriptor in [null, output.writing, errors.writing] { close(descriptor) }
        #expect(await child.end() == 0)
        #expect(CleanPipe.text(errors.reading).isEmpty)
        close(errors.reading)
    }

    /// Runs a command with a terminal at all three streams.
    ///
    /// - Parameters:
    ///   - typed: what the person types, once `after` was shown.
    /// - Returns: all that was shown.
    private func onTerminal(
        _ arguments: [String], _ device: Device, _ environment: [String: String], columns: UInt16 = 80,
        typed: String = "", after: String = "] "
    ) async throws -> String {
        let (master, slave) = try Self.terminal(columns: columns)
        let child = try Program.client.start(
            arguments, device.environment.merging(["TERM": "xterm"]) { $1 }.merging(environment) { $1 },
            input: slave, output: slave, errors: slave)
        close(slave)
        async let reading = Self.conversation(master, typed: typed, after: after)
        let status = await child.end()
        let text = await reading
        #expect(status == 0 || status == 4)
        return text
    }

    /// A pseudo-terminal by the kernel's own calls: Swift's Glibc has no `posix_openpt` (pts(4), ioctl_tty(2)).
    private static func terminal(columns: UInt16) throws -> (Int32, Int32) {
        let (unlock, number): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var (locked, index): (Int32, UInt32) = (0, 0)
        let isOpen = ioctl(master, unlock, &locked) == 0 && ioctl(master, number, &index) == 0
        var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        try #require(isOpen && ioctl(master, UInt(TIOCSWINSZ), &size) == 0)
        let slave = open("/dev/pts/\(index)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(slave >= 0)
        return (master, slave)
    }

    private static func conversation(_ master: Int32, typed: String, after: String) async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var (bytes, chunk, isTyped) = ([UInt8](), [UInt8](repeating: 0, count: 4_096), typed.isEmpty)
                while case let count = read(master, &chunk, chunk.count), count > 0 {
                    bytes += chunk[..<count]
                    if !isTyped, String(decoding: bytes, as: UTF8.self).contains(after) {
                        write(master, typed, typed.utf8.count)
                        isTyped = true
                    }
                }
                close(master)
                continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
            }
        }
    }
}
