import FoundationEssentials
import Glibc
import SyncCore
import Synchronization
import SystemPorts

/// The one place that writes: data to stdout, talk to stderr. Nothing that leaves it can move a terminal's cursor.
enum Output {
    /// The number of the first error in writing to standard output; 0 if there was none. Who has read enough (EPIPE) is none.
    private static let failed = Atomic<Int32>(0)

    /// Why not all of the data could be written; `nil` if all was.
    static var failure: String? {
        let number = failed.load(ordering: .relaxed)
        return number == 0 ? nil : "standard output: " + String(cString: strerror(number))
    }

    /// Writes a line of data, and flushes it: another program may be waiting for it.
    static func line(_ text: String) {
        write(cleaned(text, keeping: "\t") + "\n", to: 1)
    }

    /// Writes a value as JSON. Control characters of texts are escaped, so that they stay what they are.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        let text = String(decoding: try encoder.encode(value), as: UTF8.self)
        write(escaped(text) + "\n", to: 1)
    }

    /// Says something to the person.
    static func talk(_ text: String) {
        write(cleaned(text, keeping: "\t\n") + "\n", to: 2)
    }

    /// A text that came from outside, on one line and without what a terminal could take for a command.
    static func printable(_ text: String) -> String { cleaned(text, keeping: "") }

    /// A table with a head: columns as wide as their widest cell, the last as it is.
    static func table(_ head: [String], _ rows: [[String]]) {
        let cells = ([head] + rows).map { $0.map(printable) }
        let widths = head.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        for row in cells {
            let padded = row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }
            line(padded.joined(separator: "  "))
        }
    }

    /// An instant, in milliseconds since 1970, for a person: by UTC, to the second.
    static func instant(_ milliseconds: Int64?) -> String {
        guard let milliseconds else { return "never" }
        // What no calendar holds is far away, one way or the other.
        guard abs(milliseconds) < 250_000_000_000_000 else { return milliseconds < 0 ? "long ago" : "far off" }
        return Date(timeIntervalSince1970: Double(milliseconds / 1_000)).formatted(.iso8601)
    }

    private static func cleaned(_ text: String, keeping kept: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        let keep = Array(kept.unicodeScalars)
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { isUnsafe($0) && !keep.contains($0) ? "\u{FFFD}" : $0 }))
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isControl || scalar.value == 0x2028 || scalar.value == 0x2029
    }

    /// What the encoder leaves: DEL, the controls of Latin-1, line separators and changes of direction.
    private static func escaped(_ json: String) -> String {
        guard json.unicodeScalars.contains(where: { $0 != "\n" && isUnsafe($0) }) else { return json }
        return json.unicodeScalars.reduce(into: "") { result, scalar in
            guard scalar != "\n", isUnsafe(scalar) else { return result.unicodeScalars.append(scalar) }
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        }
    }

    private static func write(_ text: String, to descriptor: Int32) {
        let number = Descriptor.write(Array(text.utf8), to: descriptor)
        if let number, descriptor == 1, number != EPIPE { failed.store(number, ordering: .relaxed) }
    }
}
