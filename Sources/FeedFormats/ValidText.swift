/// Strings of bytes that are UTF-8 nearly always.
///
/// The standard library looks at text that is not ASCII byte by byte, and a body becomes a string three times on its way:
/// that was an eighth of reading a feed. Here runs of ASCII are stepped over in words.
enum ValidText {
    /// The bytes as a string; what is no UTF-8 in them becomes U+FFFD, as in `String(decoding:as:)`.
    static func string(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        // A short text of ASCII is stored in place.
        guard bytes.count > 15, isValid(bytes) else { return String(decoding: bytes, as: UTF8.self) }
        // Just found to be valid, and nobody can change them meanwhile: that is what `unchecked` asks for.
        return unsafe String(copying: UTF8Span(unchecked: bytes.span))
    }

    /// The same of a part of an array.
    static func string(_ bytes: ArraySlice<UInt8>) -> String { bytes.withUnsafeBufferPointer { string($0) } }

    /// The same of an array.
    static func string(_ bytes: [UInt8]) -> String { bytes.withUnsafeBufferPointer { string($0) } }

    private static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count {
            if bytes[index] < 0x80 {
                index = endOfASCII(bytes, from: index)
                continue
            }
            let length = sequenceLength(bytes, at: index)
            guard length > 0 else { return false }
            index += length
        }
        return true
    }

    /// Where the first byte that is not ASCII is at or after `start`, or the count.
    @inline(__always)
    static func endOfASCII(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        while let word = ByteWord(bytes, at: index), word.isASCII { index += 8 }
        while index < bytes.count, bytes[index] < 0x80 { index += 1 }
        return index
    }

    /// Bytes of the well-formed sequence at `index`, which does not begin with ASCII (Unicode 15, table 3-7), or 0.
    @inline(__always)
    static func sequenceLength(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let lead = bytes[index]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        case 0xF1...0xF3: length = 4
        default: return 0
        }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return 0 }
        for offset in 2..<max(length, 2) where !(0x80...0xBF).contains(bytes[index + offset]) { return 0 }
        return length
    }
}
