import Foundation
import Glibc
import Testing

/// What a person types once something was shown.
struct Turn: Sendable {
    var after: String
    var typed: String

    init(after: String, type typed: String) {
        self.after = after
        self.typed = typed
    }
}

/// A terminal that a program runs at.
enum PseudoTerminal {
    /// Runs a client command with a terminal at all three streams.
    ///
    /// - Parameters:
    ///   - cell: the pixels of a cell, if the terminal says so unasked.
    ///   - turns: what the person types, one after the other, each once its `after` was shown since the last.
    /// - Returns: the exit status, and all that was shown, as `output`. A program that shows nothing for a minute is ended.
    static func run(
        _ arguments: [String], _ device: Device, _ environment: [String: String] = [:], columns: UInt16 = 80,
        cell: (width: UInt16, height: UInt16) = (0, 0), turns: [Turn] = []
    ) async throws -> Outcome {
        let (master, slave) = try terminal(columns: columns, cell: cell)
        let child = try Program.client.start(
            arguments, device.environment.merging(["TERM": "xterm"]) { $1 }.merging(environment) { $1 },
            input: slave, output: slave, errors: slave)
        close(slave)
        async let reading = conversation(master, turns, with: child)
        let status = await child.end()
        return Outcome(status: status, output: await reading, errors: "")
    }

    /// A pseudo-terminal by the kernel's own calls: Swift's Glibc has no `posix_openpt` (pts(4), ioctl_tty(2)).
    private static func terminal(
        columns: UInt16, cell: (width: UInt16, height: UInt16)
    ) throws -> (Int32, Int32) {
        let (unlock, number): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var (locked, index): (Int32, UInt32) = (0, 0)
        let isOpen = ioctl(master, unlock, &locked) == 0 && ioctl(master, number, &index) == 0
        var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: columns * cell.width, ws_ypixel: 24 * cell.height)
        try #require(isOpen && ioctl(master, UInt(TIOCSWINSZ), &size) == 0)
        let slave = open("/dev/pts/\(index)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(slave >= 0)
        return (master, slave)
    }

    private static func conversation(_ master: Int32, _ turns: [Turn], with child: Child) async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var (bytes, chunk, seen) = (Data(), [UInt8](repeating: 0, count: 4_096), 0)
                var rest = turns[...]
                while true {
                    var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
                    if poll(&waiting, 1, 60_000) == 0 { kill(child.id, SIGKILL) }
                    let count = read(master, &chunk, chunk.count)
                    guard count > 0 else { break }
                    bytes += chunk[..<count]
                    while let turn = rest.first, let found = bytes[seen...].range(of: Data(turn.after.utf8)) {
                        seen = found.upperBound
                        write(master, turn.typed, turn.typed.utf8.count)
                        rest.removeFirst()
                    }
                }
                close(master)
                continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
            }
        }
    }
}
