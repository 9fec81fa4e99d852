/// A value that is no object and no array.
enum JSONScalar: Equatable {
    case string(String)
    /// A number as it is written: what stands for an identifier must not pass through a `Double`.
    case number(String)
    case bool(Bool)
    case null
    /// An object, an array, or a word that JSON does not know, as `NaN`.
    case other

    /// The text of a string.
    var text: String? { if case .string(let text) = self { text } else { nil } }

    /// The number, if it is a whole one of 0 or more once its fraction is dropped.
    var count: Int64? {
        guard case .number(let digits) = self else { return nil }
        if let exact = Int64(digits) { return exact >= 0 ? exact : nil }
        // Some writers know one kind of number only: 1.2e7.
        guard let value = Double(digits), value >= 0, value < 9e18 else { return nil }
        return Int64(value)
    }
}

extension JSONReader {
    /// Consumes the next value: a scalar as it is, anything else as ``JSONScalar/other``.
    mutating func scalar() -> JSONScalar {
        switch next() {
        case .string: return .string(string(limit: limits.textBytes))
        case .word:
            let isNumber = bytes[index] == UInt8(ascii: "-") || Self.isDigit(bytes[index])
            switch word() {
            case "true": return .bool(true)
            case "false": return .bool(false)
            case "null": return .null
            case let text?: return isNumber && Self.isNumber(text) ? .number(text) : .other
            case nil: return .other
            }
        default:
            skip()
            return .other
        }
    }

    /// Consumes the string that starts here, and gives at most `limit` bytes of it.
    ///
    /// Names are cut silently: those that we know are short.
    mutating func string(limit: Int) -> String {
        let quote = bytes[index]
        if quote != UInt8(ascii: "\"") { note("a string in single quotes") }
        index += 1
        var out: [UInt8] = []
        var copied = index
        while index < bytes.count, bytes[index] != quote {
            if bytes[index] == UInt8(ascii: "\\") {
                append(copied..<index, to: &out, limit: limit)
                escape(into: &out)
                copied = index
            } else {
                if bytes[index] < 0x20 { note("a control character in a string") }
                index += 1
            }
        }
        append(copied..<index, to: &out, limit: limit)
        endString()
        if out.count > limit {
            // Back to where a character starts.
            var end = limit
            while end > 0, (0x80...0xBF).contains(out[end]) { end -= 1 }
            out.removeSubrange(end...)
            if limit == limits.textBytes { textWasCut = true }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Consumes a string that nobody wants; only its grammar is looked at.
    mutating func skipString() {
        let quote = bytes[index]
        if quote != UInt8(ascii: "\"") { note("a string in single quotes") }
        index += 1
        var ignored: [UInt8] = []
        while index < bytes.count, bytes[index] != quote {
            if bytes[index] == UInt8(ascii: "\\") {
                escape(into: &ignored)
                ignored.removeAll(keepingCapacity: true)
            } else {
                if bytes[index] < 0x20 { note("a control character in a string") }
                index += 1
            }
        }
        endString()
    }

    /// Consumes a number or a bare word, and gives it if it has at most 128 bytes.
    mutating func word() -> String? {
        let start = index
        while index < bytes.count, Self.isWordByte(bytes[index]) { index += 1 }
        guard index > start else {
            note("a character that belongs nowhere")
            index += 1
            return nil
        }
        let range = start..<index
        let first = bytes[start]
        if first == UInt8(ascii: "-") || Self.isDigit(first) {
            if !Self.isNumber(bytes[range]) { note("a number that is none") }
        } else if !Self.isLiteral(bytes[range]) {
            note("a word that means nothing")
        }
        return range.count <= 128 ? String(decoding: bytes[range], as: UTF8.self) : nil
    }

    /// Skips blanks, and comments and stray blanks of other kinds, which JSON does not have.
    mutating func skipBlanks() {
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
                index += 1
            } else if byte < 0x20 {
                note("a control character")
                index += 1
            } else if byte == UInt8(ascii: "/"), skipComment() {
                continue
            } else if byte == 0xC2 || byte == 0xEF, skipStrayBlank() {
                continue
            } else {
                return
            }
        }
    }

    /// A no-break space or a byte order mark.
    private mutating func skipStrayBlank() -> Bool {
        let rest = bytes[index...]
        guard rest.starts(with: [0xC2, 0xA0]) || rest.starts(with: [0xEF, 0xBB, 0xBF]) else { return false }
        note("a blank that is none in JSON")
        index += bytes[index] == 0xC2 ? 2 : 3
        return true
    }

    private mutating func skipComment() -> Bool {
        guard index + 1 < bytes.count else { return false }
        let second = bytes[index + 1]
        guard second == UInt8(ascii: "/") || second == UInt8(ascii: "*") else { return false }
        note("a comment")
        let isLine = second == UInt8(ascii: "/")
        index += 2
        while index < bytes.count {
            if isLine, bytes[index] == 0x0A { return true }
            if !isLine, bytes[index...].starts(with: "*/".utf8) {
                index += 2
                return true
            }
            index += 1
        }
        return true
    }

    private mutating func endString() {
        if index < bytes.count { index += 1 } else { note("the document ends in a string") }
    }

    private func append(_ range: Range<Int>, to out: inout [UInt8], limit: Int) {
        // One byte more than the limit, so that the cut is seen.
        out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[range]).prefix(max(0, limit + 1 - out.count)))
    }

    /// Decodes the escape whose backslash is at `index`; one that JSON does not know stands for its character.
    private mutating func escape(into out: inout [UInt8]) {
        guard index + 1 < bytes.count else {
            index = bytes.count
            return
        }
        let letter = bytes[index + 1]
        index += 2
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(letter)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "u"): unicodeEscape(into: &out)
        default:
            note("an escape that means nothing")
            // Its remaining bytes, if it has more than one, follow as plain text.
            out.append(letter)
        }
    }

    /// Four hexadecimal digits, and four more when they are half a character (RFC 8259 §7).
    private mutating func unicodeEscape(into out: inout [UInt8]) {
        guard let unit = hexUnit(at: index) else {
            note("an escape without its four digits")
            return
        }
        index += 4
        var scalar = Unicode.Scalar(UInt32(unit))
        if (0xD800...0xDBFF).contains(unit), bytes[index...].starts(with: "\\u".utf8),
            let low = hexUnit(at: index + 2), (0xDC00...0xDFFF).contains(low)
        {
            index += 6
            scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
        }
        if scalar == nil { hasHalfCharacter = true }
        out.append(contentsOf: String(scalar ?? "\u{FFFD}").utf8)
    }

    private func hexUnit(at start: Int) -> UInt16? {
        guard start + 4 <= bytes.count else { return nil }
        var value: UInt16 = 0
        for byte in bytes[start..<start + 4] {
            let letter = byte | 0x20
            if Self.isDigit(byte) {
                value = value << 4 | UInt16(byte - 0x30)
            } else if (0x61...0x66).contains(letter) {
                value = value << 4 | UInt16(letter - 0x61 + 10)
            } else {
                return nil
            }
        }
        return value
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80 || "+-._$".utf8.contains(byte)
    }

    private static func isNumber(_ text: String) -> Bool { CleanText.withBytes(of: text) { isNumber($0[...]) } }

    private static func isLiteral(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        switch text.count {
        case 4: text.elementsEqual("true".utf8) || text.elementsEqual("null".utf8)
        case 5: text.elementsEqual("false".utf8)
        default: false
        }
    }

    /// The grammar of numbers (RFC 8259 §6).
    private static func isNumber(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var rest = text
        func digits() -> Int {
            let count = rest.prefix(while: isDigit).count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let startsWithZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        guard whole > 0, !startsWithZero || whole == 1 else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits() > 0 else { return false }
        }
        if let exponent = rest.first, exponent | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}
