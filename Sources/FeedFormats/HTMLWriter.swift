/// Writes sanitised events as HTML. Every `<`, `>`, `&` of text and every `"` of an attribute is escaped here, and
/// nowhere else.
struct HTMLWriter: HTMLSink {
    private var out: [UInt8] = []

    init(capacity: Int) { out.reserveCapacity(capacity + capacity / 16) }

    /// What was written.
    var text: String {
        let start = out.firstIndex { !CleanText.isBlank($0) } ?? out.count
        let end = (out.lastIndex { !CleanText.isBlank($0) } ?? start - 1) + 1
        return ValidText.string(out[start..<end])
    }

    mutating func open(_ element: HTMLElement, _ attributes: [HTMLAttribute]) {
        out.append(UInt8(ascii: "<"))
        append(element.name)
        for attribute in attributes {
            out.append(0x20)
            append(attribute.name.text)
            out.append(UInt8(ascii: "="))
            out.append(UInt8(ascii: "\""))
            CleanText.withBytes(of: attribute.value) { Self.escape($0, into: &out, inAttribute: true) }
            out.append(UInt8(ascii: "\""))
        }
        out.append(UInt8(ascii: ">"))
    }

    mutating func close(_ element: HTMLElement) {
        out.append(UInt8(ascii: "<"))
        out.append(UInt8(ascii: "/"))
        append(element.name)
        out.append(UInt8(ascii: ">"))
    }

    mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) { Self.escape(bytes, into: &out) }

    private mutating func append(_ text: StaticString) {
        out.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends `bytes` with the four characters of HTML's syntax escaped, and in an attribute the backtick, which old
    /// engines took for a quote when a page wrote its own markup again.
    static func escape(_ bytes: UnsafeBufferPointer<UInt8>, into out: inout [UInt8], inAttribute: Bool = false) {
        var copied = 0
        var index = 0
        while index < bytes.count {
            if let word = ByteWord(bytes, at: index), !word.contains(UInt8(ascii: "<")),
                !word.contains(UInt8(ascii: ">")), !word.contains(UInt8(ascii: "&")),
                !word.contains(UInt8(ascii: "\"")), !inAttribute || !word.contains(UInt8(ascii: "`"))
            {
                index += 8
                continue
            }
            let byte = bytes[index]
            // Nearly everything is behind these four.
            guard byte <= UInt8(ascii: "`"), let replacement = replacement(byte, inAttribute) else {
                index += 1
                continue
            }
            out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied..<index]))
            out.append(
                contentsOf: UnsafeBufferPointer(
                    start: replacement.utf8Start, count: replacement.utf8CodeUnitCount))
            index += 1
            copied = index
        }
        out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied...]))
    }

    @inline(__always)
    private static func replacement(_ byte: UInt8, _ inAttribute: Bool) -> StaticString? {
        switch byte {
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "`"): inAttribute ? "&#96;" : nil
        default: nil
        }
    }
}
