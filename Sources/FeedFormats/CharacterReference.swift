internal import CLibXML2

/// Reads HTML character references (`&amp;`, `&#8217;`, `&#x2019;`): the HTML 4 names that libxml2 knows, and the
/// HTML 5 names that hide punctuation from filters.
enum CharacterReference {
    /// A reference that was read: what it stands for and how many bytes it took.
    struct Match {
        var scalar: Unicode.Scalar
        var length: Int
    }

    /// Longest name or number looked at, in bytes.
    private static let maximumLength = 32

    /// Reads the reference whose `&` is at `index`.
    ///
    /// - Parameter inAttribute: whether the rules for attribute values hold (HTML §13.2.5.73): a name without
    ///   its semicolon is not a reference when a letter, digit or `=` follows, so `?a=1&copy=2` stays an address.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int, inAttribute: Bool) -> Match? {
        guard index + 2 < bytes.count else { return nil }
        if bytes[index + 1] == UInt8(ascii: "#") { return readNumber(bytes, at: index) }
        let limit = min(bytes.count, index + 1 + maximumLength)
        var end = index + 1
        while end < limit, isNameByte(bytes[end]) { end += 1 }
        let name = UnsafeBufferPointer(rebasing: bytes[(index + 1)..<end])
        guard !name.isEmpty else { return nil }
        if end < bytes.count, bytes[end] == UInt8(ascii: ";") {
            return named(name).map { Match(scalar: $0, length: end + 1 - index) }
        }
        let followed = end < bytes.count && bytes[end] == UInt8(ascii: "=")
        guard !(inAttribute && followed), let scalar = legacy(name) else { return nil }
        return Match(scalar: scalar, length: end - index)
    }

    private static func readNumber(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Match? {
        let isHex = bytes[index + 2] | 0x20 == UInt8(ascii: "x")
        var end = index + (isHex ? 3 : 2)
        let first = end
        var value: UInt32 = 0
        while end < bytes.count, let digit = digit(bytes[end], hex: isHex) {
            // Saturates: leading zeroes are legal, so the length says nothing.
            value = value > 0x11_0000 ? value : value * (isHex ? 16 : 10) + digit
            end += 1
        }
        guard end > first else { return nil }
        if end < bytes.count, bytes[end] == UInt8(ascii: ";") { end += 1 }
        return Match(scalar: scalar(numbered: value), length: end - index)
    }

    /// HTML §13.2.5.80: C1 numbers are windows-1252, impossible ones U+FFFD.
    private static func scalar(numbered value: UInt32) -> Unicode.Scalar {
        if (0x80...0x9F).contains(value) { return windows1252[Int(value - 0x80)] }
        guard value != 0, let scalar = Unicode.Scalar(value) else { return "\u{FFFD}" }
        return scalar
    }

    private static func named(_ name: UnsafeBufferPointer<UInt8>) -> Unicode.Scalar? {
        let text = String(decoding: name, as: UTF8.self)
        if let frequent = frequent[text] { return frequent }
        // No name of HTML 4 is shorter than `lt` or longer than `thetasym`; the look-up is a walk over all of them.
        guard (2...8).contains(name.count),
            let found = text.withCString({ pointer in
                pointer.withMemoryRebound(to: xmlChar.self, capacity: name.count + 1) { htmlEntityLookup($0) }
            })
        else { return nil }
        return Unicode.Scalar(found.pointee.value)
    }

    private static func legacy(_ name: UnsafeBufferPointer<UInt8>) -> Unicode.Scalar? {
        guard name.count <= 4 else { return nil }
        switch String(decoding: name, as: UTF8.self) {
        case "amp", "AMP": return "&"
        case "lt", "LT": return "<"
        case "gt", "GT": return ">"
        case "quot", "QUOT": return "\""
        case "nbsp": return "\u{A0}"
        case "copy", "COPY": return "©"
        case "reg", "REG": return "®"
        default: return nil
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
    }

    private static func digit(_ byte: UInt8, hex: Bool) -> UInt32? {
        if (0x30...0x39).contains(byte) { return UInt32(byte - 0x30) }
        let letter = byte | 0x20
        return hex && (0x61...0x66).contains(letter) ? UInt32(letter - 0x61 + 10) : nil
    }

    private static let frequent: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "rsquo": "\u{2019}",
        "lsquo": "\u{2018}", "rdquo": "\u{201D}", "ldquo": "\u{201C}", "mdash": "\u{2014}",
        "ndash": "\u{2013}",
        "hellip": "\u{2026}", "Tab": "\t", "NewLine": "\n", "colon": ":", "lpar": "(", "rpar": ")",
        "comma": ",",
        "period": ".", "semi": ";", "sol": "/", "bsol": "\\", "num": "#", "equals": "=", "quest": "?",
        "excl": "!",
        "grave": "`", "lowbar": "_", "hyphen": "\u{2010}", "dash": "\u{2010}", "AMP": "&", "LT": "<",
        "GT": ">",
        "QUOT": "\"", "lbrace": "{", "rbrace": "}", "lsqb": "[", "rsqb": "]", "percnt": "%", "plus": "+",
        "commat": "@", "dollar": "$", "ast": "*", "vert": "|",
    ]

    /// What bytes 0x80...0x9F stand for in windows-1252; U+FFFD for those that stand for nothing.
    static let windows1252: [Unicode.Scalar] = [
        "\u{20AC}", "\u{FFFD}", "\u{201A}", "\u{0192}", "\u{201E}", "\u{2026}", "\u{2020}", "\u{2021}",
        "\u{02C6}",
        "\u{2030}", "\u{0160}", "\u{2039}", "\u{0152}", "\u{FFFD}", "\u{017D}", "\u{FFFD}", "\u{FFFD}",
        "\u{2018}",
        "\u{2019}", "\u{201C}", "\u{201D}", "\u{2022}", "\u{2013}", "\u{2014}", "\u{02DC}", "\u{2122}",
        "\u{0161}",
        "\u{203A}", "\u{0153}", "\u{FFFD}", "\u{017E}", "\u{0178}",
    ]
}
