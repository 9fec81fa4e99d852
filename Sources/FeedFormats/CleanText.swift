/// Takes out of a string what could steer a terminal, reorder a line or hide words in it: C0 controls but line feed
/// and tab, DEL, C1 controls, the bidirectional embeddings, overrides and isolates (U+202A...202E, U+2066...2069), the
/// annotation marks (U+FFF9...FFFB), and tag characters (U+E0000...E007F) outside the flags that are made of them. The
/// line and paragraph separators (U+2028, U+2029) become line feeds.
///
/// Joiners, marks of direction and the zero width space stay: scripts and emoji need them, and they move nothing.
///
/// Works on UTF-8 that is valid; every function is linear.
enum CleanText {
    /// Appends `source` to `out` without the forbidden characters; CR LF, CR, FF and the line separators become LF.
    static func append(_ source: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        var copied = 0
        var index = 0
        while index < source.count {
            guard isSuspicious(source[index]) else {
                index += 1
                continue
            }
            let (length, isBreak) = forbidden(source, at: index)
            if length == 0 {
                // A flag is skipped whole, or its tags would be judged without what they belong to.
                index += source[index] == 0xF0 ? max(1, flagLength(source, at: index)) : 1
                continue
            }
            out.append(contentsOf: UnsafeBufferPointer(rebasing: source[copied..<index]))
            if isBreak { out.append(0x0A) }
            index += length
            copied = index
        }
        out.append(contentsOf: UnsafeBufferPointer(rebasing: source[copied...]))
    }

    /// Where the first `&` or forbidden character is, or the count: text before it is already as it should be.
    static func firstSpecial(in source: UnsafeBufferPointer<UInt8>) -> Int {
        var index = 0
        while index < source.count {
            if let word = ByteWord(source, at: index), word.isASCIIText, !word.contains(UInt8(ascii: "&")) {
                index += 8
                continue
            }
            let byte = source[index]
            // Letters, digits, most punctuation.
            if byte &- 0x27 < 0x58 || byte == 0x20 {
                index += 1
                continue
            }
            if byte == UInt8(ascii: "&") { return index }
            if isSuspicious(byte) {
                if forbidden(source, at: index).length > 0 { return index }
                index += byte == 0xF0 ? max(1, flagLength(source, at: index)) : 1
                continue
            }
            index += 1
        }
        return index
    }

    /// `text` without the forbidden characters, line breaks kept.
    static func block(_ text: String) -> String {
        var out: [UInt8] = []
        withBytes(of: text) { append($0, to: &out) }
        return String(decoding: out, as: UTF8.self)
    }

    /// `text` on one line: forbidden characters gone, runs of blanks made one, ends trimmed.
    static func line(_ text: String) -> String {
        if withBytes(of: text, isLine) { return text }
        var out: [UInt8] = []
        withBytes(of: text) { append($0, to: &out) }
        return String(decoding: collapsed(out), as: UTF8.self)
    }

    /// Whether ``line(_:)`` has nothing to do, as with nearly all of what it is given.
    private static func isLine(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var previous: UInt8 = 0x20
        for byte in bytes {
            if byte == 0x20 ? previous == 0x20 : (byte == 0x0A || byte == 0x09 || isSuspicious(byte)) { return false }
            previous = byte
        }
        return bytes.isEmpty || previous != 0x20
    }

    /// `text` on one line, or `nil` when nothing is left.
    static func nonEmptyLine(_ text: String?) -> String? {
        guard let text else { return nil }
        let cleaned = line(text)
        return cleaned.isEmpty ? nil : cleaned
    }

    /// `text` cut after at most `limit` characters, at a word where one ends in the last quarter.
    static func cut(_ text: String, characters limit: Int) -> String {
        guard let end = text.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex),
            end < text.endIndex
        else { return text }
        let head = text[..<end]
        let floor = text.index(text.startIndex, offsetBy: limit * 3 / 4)
        let space = head.lastIndex(of: " ").flatMap { $0 >= floor ? $0 : nil }
        return String(head[..<(space ?? end)]) + "…"
    }

    /// Calls `body` with the UTF-8 bytes of `text`.
    static func withBytes<Result>(of text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        var text = text
        return text.withUTF8 { body($0) }
    }

    /// Whether `part` occurs in `text`, byte for byte. (`String.contains` of a string costs a microsecond to set up.)
    static func contains(_ text: String, _ part: StaticString) -> Bool {
        withBytes(of: text) { bytes in
            let length = part.utf8CodeUnitCount
            guard length > 0, bytes.count >= length else { return length == 0 }
            let first = part.utf8Start[0]
            for start in 0...(bytes.count - length) where bytes[start] == first {
                var offset = 1
                while offset < length, bytes[start + offset] == part.utf8Start[offset] { offset += 1 }
                if offset == length { return true }
            }
            return false
        }
    }

    /// ASCII white space of HTML and XML.
    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }

    /// Whether a forbidden character, or a flag, may start with `byte`.
    @inline(__always)
    private static func isSuspicious(_ byte: UInt8) -> Bool {
        if byte < 0x20 { return byte != 0x0A && byte != 0x09 }
        return byte >= 0x7F && (byte == 0x7F || byte == 0xC2 || byte == 0xE2 || byte == 0xEF || byte >= 0xF0)
    }

    /// Bytes of the forbidden character at `index`, 0 when it is an allowed one, and whether it ends a line.
    private static func forbidden(
        _ source: UnsafeBufferPointer<UInt8>, at index: Int
    ) -> (length: Int, isBreak: Bool) {
        func byte(_ offset: Int) -> UInt8 { index + offset < source.count ? source[index + offset] : 0 }
        switch source[index] {
        case 0x0D: return (1, byte(1) != 0x0A)
        // White space in HTML: words on both sides must not run together.
        case 0x0C: return (1, true)
        case 0xC2: return (byte(1) >= 0x80 && byte(1) < 0xA0 ? 2 : 0, false)
        case 0xE2:
            let (second, third) = (byte(1), byte(2))
            if second == 0x80, third == 0xA8 || third == 0xA9 { return (3, true) }
            let embedding = second == 0x80 && (0xAA...0xAE).contains(third)
            let isolate = second == 0x81 && (0xA6...0xA9).contains(third)
            return (embedding || isolate ? 3 : 0, false)
        case 0xEF: return (byte(1) == 0xBF && (0xB9...0xBB).contains(byte(2)) ? 3 : 0, false)
        case 0xF3: return (isTag(source, at: index) ? 4 : 0, false)
        case 0xF0...: return (0, false)
        default: return (1, false)
        }
    }

    /// A tag character, U+E0000...E007F.
    private static func isTag(_ source: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        index + 3 < source.count && source[index] == 0xF3 && source[index + 1] == 0xA0
            && (source[index + 2] == 0x80 || source[index + 2] == 0x81)
    }

    /// Bytes of the flag of a region at `index`: a black flag, at most six tags, and the tag that ends it (UTS #51,
    /// ED-14a); 0 when there is none.
    private static func flagLength(_ source: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let flag: [UInt8] = [0xF0, 0x9F, 0x8F, 0xB4]
        guard index + 4 < source.count, isTag(source, at: index + 4), source[index...].starts(with: flag) else {
            return 0
        }
        for tags in 0...6 {
            let at = index + 4 + 4 * tags
            guard isTag(source, at: at) else { return 0 }
            if source[at + 2] == 0x81, source[at + 3] == 0xBF { return at + 4 - index }
        }
        return 0
    }

    private static func collapsed(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var pending = false
        for byte in bytes {
            if isBlank(byte) {
                pending = !out.isEmpty
            } else {
                if pending { out.append(0x20) }
                pending = false
                out.append(byte)
            }
        }
        return out
    }
}
