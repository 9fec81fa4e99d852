/// Reads HTML character references (`&amp;`, `&#8217;`, `&#x2019;`, `&hellip`), as browsers do (HTML §13.2.5.72).
enum CharacterReference {
    /// What a reference stands for.
    struct Value: Equatable {
        var scalar: Unicode.Scalar
        /// 93 names stand for two code points.
        var second: Unicode.Scalar?
    }

    /// A reference that was read: what it stands for and how many bytes it took.
    struct Match {
        var value: Value
        var length: Int

        /// The first, and nearly always the only, code point.
        var scalar: Unicode.Scalar { value.scalar }

        /// Calls `body` with all of it in UTF-8.
        func withUTF8(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
            var text = String(value.scalar)
            if let second = value.second { text.unicodeScalars.append(second) }
            text.withUTF8(body)
        }
    }

    /// Longest name looked at, in bytes; the longest there is has 31.
    private static let maximumLength = 32

    /// Reads the reference whose `&` is at `index`.
    ///
    /// - Parameter inAttribute: whether the rules for attribute values hold (HTML §13.2.5.73): a name without
    ///   its semicolon is not a reference when a letter, digit or `=` follows, so `?a=1&copy=2` stays an address.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int, inAttribute: Bool) -> Match? {
        guard index + 2 < bytes.count else { return nil }
        if bytes[index + 1] == UInt8(ascii: "#") { return readNumber(bytes, at: index) }
        guard (bytes[index + 1] | 0x20) &- 0x61 < 26 else { return nil }
        let limit = min(bytes.count, index + 1 + maximumLength)
        var end = index + 1
        while end < limit, isNameByte(bytes[end]) { end += 1 }
        let name = UnsafeBufferPointer(rebasing: bytes[(index + 1)..<end])
        if end < bytes.count, bytes[end] == UInt8(ascii: ";"), let value = named(name) {
            return Match(value: value, length: end + 1 - index)
        }
        return legacy(name, next: end < bytes.count ? bytes[end] : 0, inAttribute: inAttribute)
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
        return Match(value: Value(scalar: scalar(numbered: value)), length: end - index)
    }

    /// HTML §13.2.5.80: C1 numbers are windows-1252, impossible ones U+FFFD.
    private static func scalar(numbered value: UInt32) -> Unicode.Scalar {
        if (0x80...0x9F).contains(value) { return windows1252[Int(value - 0x80)] }
        guard value != 0, let scalar = Unicode.Scalar(value) else { return "\u{FFFD}" }
        return scalar
    }

    private static func named(_ name: UnsafeBufferPointer<UInt8>) -> Value? {
        if let frequent = frequent[HTMLName(exactly: name)] { return Value(scalar: frequent) }
        return CharacterNames.all[String(decoding: name, as: UTF8.self)]
    }

    /// The longest start of `name` that counts without its semicolon: "&notit" is "¬it".
    private static func legacy(
        _ name: UnsafeBufferPointer<UInt8>, next: UInt8, inAttribute: Bool
    ) -> Match? {
        guard name.count > 1 else { return nil }
        for length in stride(from: min(name.count, 6), through: 2, by: -1) {
            let text = String(decoding: name.prefix(length), as: UTF8.self)
            guard CharacterNames.legacy.contains(text), let value = CharacterNames.all[text] else { continue }
            let after = length < name.count ? name[length] : next
            if inAttribute, after == UInt8(ascii: "=") || isNameByte(after) { return nil }
            return Match(value: value, length: length + 1)
        }
        return nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10
    }

    private static func digit(_ byte: UInt8, hex: Bool) -> UInt32? {
        if (0x30...0x39).contains(byte) { return UInt32(byte - 0x30) }
        let letter = byte | 0x20
        return hex && (0x61...0x66).contains(letter) ? UInt32(letter - 0x61 + 10) : nil
    }

    /// What nearly every text uses, found without making a string.
    private static let frequent: HTMLNameTable<Unicode.Scalar> = {
        let names: [(String, Unicode.Scalar)] = [
            ("amp", "&"), ("lt", "<"), ("gt", ">"), ("quot", "\""), ("apos", "'"), ("nbsp", "\u{A0}"),
            ("rsquo", "\u{2019}"), ("lsquo", "\u{2018}"), ("rdquo", "\u{201D}"), ("ldquo", "\u{201C}"),
            ("mdash", "\u{2014}"), ("ndash", "\u{2013}"), ("hellip", "\u{2026}"), ("eacute", "é"), ("egrave", "è"),
            ("agrave", "à"), ("ccedil", "ç"), ("uuml", "ü"), ("ouml", "ö"), ("auml", "ä"), ("szlig", "ß"),
            ("euro", "€"), ("copy", "©"), ("bull", "•"), ("middot", "·"), ("laquo", "«"), ("raquo", "»"),
        ]
        return HTMLNameTable(names.map { (HTMLName(exactly: $0.0), $0.1) })
    }()

    /// What bytes 0x80...0x9F stand for in windows-1252; those that stand for nothing stand for themselves.
    static let windows1252: [Unicode.Scalar] = [
        "\u{20AC}", "\u{81}", "\u{201A}", "\u{0192}", "\u{201E}", "\u{2026}", "\u{2020}", "\u{2021}",
        "\u{02C6}", "\u{2030}", "\u{0160}", "\u{2039}", "\u{0152}", "\u{8D}", "\u{017D}", "\u{8F}", "\u{90}",
        "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}", "\u{2022}", "\u{2013}", "\u{2014}", "\u{02DC}",
        "\u{2122}", "\u{0161}", "\u{203A}", "\u{0153}", "\u{9D}", "\u{017E}", "\u{0178}",
    ]
}
