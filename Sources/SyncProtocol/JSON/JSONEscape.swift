/// Escapes in strings (RFC 8259 §7).
enum JSONEscape {
    /// What a valid escape stands for, and its length in bytes. `offset` is that of the backslash.
    static func scalar(in bytes: JSONBytes, at offset: Int) -> (scalar: Unicode.Scalar, size: Int) {
        let letter = bytes[offset + 1]
        guard letter == UInt8(ascii: "u") else { return (simple(letter) ?? "\u{FFFD}", 2) }
        guard let unit = unit(in: bytes, at: offset) else { return ("\u{FFFD}", 2) }
        if let scalar = Unicode.Scalar(unit) { return (scalar, 6) }
        guard let low = lowSurrogate(in: bytes, at: offset + 6), unit < 0xDC00 else { return ("\u{FFFD}", 6) }
        let value = 0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(low & 0x3FF))
        return (Unicode.Scalar(value) ?? "\u{FFFD}", 12)
    }

    /// The length of an escape, and whether a surrogate stands alone in it; `nil` if it is none. `offset` is that of
    /// the backslash.
    static func measure(in bytes: JSONBytes, at offset: Int) -> (size: Int, isBroken: Bool)? {
        let letter = bytes[offset + 1]
        guard letter == UInt8(ascii: "u") else { return simple(letter) == nil ? nil : (2, false) }
        guard let unit = unit(in: bytes, at: offset) else { return nil }
        guard (0xD800..<0xE000).contains(unit) else { return (6, false) }
        guard unit < 0xDC00, lowSurrogate(in: bytes, at: offset + 6) != nil else { return (6, true) }
        return (12, false)
    }

    private static func simple(_ letter: UInt8) -> Unicode.Scalar? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): Unicode.Scalar(letter)
        case UInt8(ascii: "b"): "\u{8}"
        case UInt8(ascii: "f"): "\u{C}"
        case UInt8(ascii: "n"): "\n"
        case UInt8(ascii: "r"): "\r"
        case UInt8(ascii: "t"): "\t"
        default: nil
        }
    }

    /// The number in `\uXXXX`; `nil` if these are not four hexadecimal digits.
    private static func unit(in bytes: JSONBytes, at offset: Int) -> UInt16? {
        var unit: UInt16 = 0
        for index in offset + 2..<offset + 6 {
            guard let digit = JSONHex.value(of: bytes[index]) else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    private static func lowSurrogate(in bytes: JSONBytes, at offset: Int) -> UInt16? {
        guard bytes[offset] == UInt8(ascii: "\\"), bytes[offset + 1] == UInt8(ascii: "u"),
            let unit = unit(in: bytes, at: offset), (0xDC00..<0xE000).contains(unit)
        else { return nil }
        return unit
    }
}

/// Hexadecimal digits.
enum JSONHex {
    /// The value of a digit, in upper or lower case.
    @inline(__always)
    static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit &- UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit &- UInt8(ascii: "a") &+ 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit &- UInt8(ascii: "A") &+ 10
        default: nil
        }
    }

    /// The digit of a value below sixteen, in lower case.
    @inline(__always)
    static func digit(of value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &+ value &- 10
    }
}
