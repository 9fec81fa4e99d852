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

    /// Runs a command at a terminal.
    ///
    /// - Parameters:
    ///   - typed: what the person types, once `after` was shown.
    /// - Returns: all that was shown.
    private func onTerminal(
        _ arguments: [String], _ device: Device, _ environment: [String: String], columns: UInt16 = 80,
        typed: String = "", after: String = "] "
    ) async throws -> String {
        let turns = typed.isEmpty ? [] : [Turn(after: after, type: typed)]
        let outcome = try await PseudoTerminal.run(arguments, device, environment, columns: columns, turns: turns)
        #expect(outcome.status == 0 || outcome.status == 4)
        return outcome.output
    }
}
