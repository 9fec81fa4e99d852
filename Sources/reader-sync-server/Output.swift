import FoundationEssentials
import Glibc
import SyncCore

/// The one place that writes: data to stdout, talk to stderr.
enum Output {
    /// Writes a line of data, and flushes it: another program may be waiting for it.
    static func line(_ text: String) {
        write(text + "\n", to: 1)
    }

    /// Writes a value as JSON.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        line(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Says something to the person.
    static func talk(_ text: String) {
        write(text + "\n", to: 2)
    }

    /// A text that came from outside, without what a terminal could take for a command.
    static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isControl ? "\u{FFFD}" : $0 }))
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR { continue }
                return
            }
            bytes = bytes.dropFirst(written)
        }
    }
}
