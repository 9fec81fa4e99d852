import struct FoundationEssentials.Data

/// What happened in a run, step by step: as a running hash, which two runs of one seed must share, and, if wanted, as
/// text for people.
final class Trace {
    /// What is noted; the raw value goes into the hash.
    enum Mark: UInt64 {
        case step = 1, change, call, send, arrive, answer, lose, crash, boot, image, clock, publish, check, sync, end
    }

    /// FNV-1a over everything noted.
    private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    /// The lines, if they are kept.
    private(set) var lines: [String] = []
    private let keepsText: Bool
    /// Tells the time for lines.
    var time: () -> Int64 = { 0 }

    init(keepsText: Bool) {
        self.keepsText = keepsText
    }

    /// Notes a step. The text is only made if it is kept.
    func note(_ mark: Mark, _ numbers: UInt64..., text: @autoclosure () -> String) {
        mix(mark.rawValue)
        for number in numbers { mix(number) }
        if keepsText { lines.append("\(time()) \(mark) \(text())") }
    }

    private func mix(_ number: UInt64) {
        hash = (hash ^ number) &* 0x0000_0100_0000_01b3
        hash ^= hash >> 29
    }

    /// A hash of bytes, for ``note(_:_:text:)``.
    static func digest(_ bytes: Data) -> UInt64 {
        bytes.withUnsafeBytes { bytes in
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            return hash
        }
    }
}
