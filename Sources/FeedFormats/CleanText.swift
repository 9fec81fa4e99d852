/// Takes out of a string what could steer a terminal or reorder a line: C0 controls but line feed and tab, DEL, C1
/// controls, and the bidirectional embeddings, overrides and isolates (U+202A...202E, U+2066...2069).
///
/// Works on UTF-8 that is valid; every function is linear.
enum CleanText {
    /// Appends `source` to `out` without the forbidden characters; CR LF and CR become LF.
    static func append(_ source: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        var copied = 0
        var index = 0
        while index < source.count {
            let byte = source[index]
            let special =
                byte < 0x20 ? (byte != 0x0A && byte != 0x09) : (byte == 0x7F || byte == 0xC2 || byte == 0xE2)
            guard special else {
                index += 1
                continue
            }
            let length = forbiddenLength(source, at: index)
            if length == 0 {
                index += 1
                continue
            }
            out.append(contentsOf: UnsafeBufferPointer(rebasing: source[copied..<index]))
            if byte == 0x0D && !(index + 1 < source.count && source[index + 1] == 0x0A) { out.append(0x0A) }
            index += length
            copied = index
        }
        out.append(contentsOf: UnsafeBufferPointer(rebasing: source[copied...]))
    }

    /// `text` without the forbidden characters, line breaks kept.
    static func block(_ text: String) -> String {
        var out: [UInt8] = []
        withBytes(of: text) { append($0, to: &out) }
        return String(decoding: out, as: UTF8.self)
    }

    /// `text` on one line: forbidden characters gone, runs of blanks made one, ends trimmed.
    static func line(_ text: String) -> String {
        var out: [UInt8] = []
        withBytes(of: text) { append($0, to: &out) }
        return String(decoding: collapsed(out), as: UTF8.self)
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

    /// Bytes of the forbidden character at `index`, 0 when it is an allowed one.
    private static func forbiddenLength(_ source: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        switch source[index] {
        case 0xC2:
            return index + 1 < source.count && source[index + 1] < 0xA0 ? 2 : 0
        case 0xE2:
            guard index + 2 < source.count else { return 0 }
            let (second, third) = (source[index + 1], source[index + 2])
            let embedding = second == 0x80 && (0xAA...0xAE).contains(third)
            let isolate = second == 0x81 && (0xA6...0xA9).contains(third)
            return embedding || isolate ? 3 : 0
        default:
            return 1
        }
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
