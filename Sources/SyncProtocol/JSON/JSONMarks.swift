/// Eight bytes examined at a time. A result has the highest bit set in each byte that was sought; bytes above the
/// lowest one found may be marked wrongly, so only the first mark counts.
enum JSONMarks {
    static let highBits: UInt64 = 0x8080_8080_8080_8080
    static let lowBits: UInt64 = 0x0101_0101_0101_0101
    static let backslashes: UInt64 = 0x5c5c_5c5c_5c5c_5c5c
    private static let quotes: UInt64 = 0x2222_2222_2222_2222
    private static let blanks: UInt64 = 0x2020_2020_2020_2020

    /// Marks the bytes that are zero.
    @inline(__always)
    static func zeroBytes(in word: UInt64) -> UInt64 { (word &- lowBits) & ~word & highBits }

    /// Marks quotation marks, backslashes and bytes below U+0020.
    @inline(__always)
    static func special(in word: UInt64) -> UInt64 {
        zeroBytes(in: word ^ quotes) | zeroBytes(in: word ^ backslashes) | ((word &- blanks) & ~word & highBits)
    }

    /// Whether a byte stands for itself in a string, and is ASCII.
    @inline(__always)
    static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// The offset of the first byte from `offset` on that a string cannot hold without an escape; or their number.
    @inline(__always)
    static func endOfUnescaped(_ utf8: UnsafeBufferPointer<UInt8>, from offset: Int) -> Int {
        var at = offset
        // Eight bytes are read only where eight are left.
        if let base = utf8.baseAddress {
            while at <= utf8.count - 8 {
                let word = UInt64(littleEndian: UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self))
                let marks = special(in: word)
                if marks != 0 { return at + marks.trailingZeroBitCount / 8 }
                at += 8
            }
        }
        while at < utf8.count, isPlain(utf8[at]) || utf8[at] >= 0x80 { at += 1 }
        return at
    }

    private static let lineFeeds: UInt64 = 0x0a0a_0a0a_0a0a_0a0a

    /// The offsets of all line feeds.
    static func lineEnds(in bytes: UnsafeRawBufferPointer) -> [Int] {
        var ends: [Int] = []
        var at = 0
        while at < bytes.count {
            // Eight bytes are read only where eight are left.
            if at <= bytes.count - 8 {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                let marks = zeroBytes(in: word ^ lineFeeds)
                if marks == 0 {
                    at += 8
                    continue
                }
                at += marks.trailingZeroBitCount / 8
            }
            if bytes[at] == UInt8(ascii: "\n") { ends.append(at) }
            at += 1
        }
        return ends
    }
}
