/// Writes sanitised events as HTML. Every `<`, `>`, `&` of text and every `"` of an attribute is escaped here, and
/// nowhere else.
struct HTMLWriter: HTMLSink {
    private var out: [UInt8] = []

    init(capacity: Int) { out.reserveCapacity(capacity) }

    /// What was written.
    var text: String {
        var bytes = out[...]
        while let first = bytes.first, CleanText.isBlank(first) { bytes.removeFirst() }
        while let last = bytes.last, CleanText.isBlank(last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    mutating func open(_ element: HTMLElement, _ attributes: [HTMLAttribute]) {
        out.append(UInt8(ascii: "<"))
        out.append(contentsOf: element.name.utf8)
        for attribute in attributes {
            out.append(0x20)
            out.append(contentsOf: attribute.name.utf8)
            out.append(UInt8(ascii: "="))
            out.append(UInt8(ascii: "\""))
            CleanText.withBytes(of: attribute.value) { Self.escape($0, into: &out) }
            out.append(UInt8(ascii: "\""))
        }
        out.append(UInt8(ascii: ">"))
    }

    mutating func close(_ element: HTMLElement) {
        out.append(UInt8(ascii: "<"))
        out.append(UInt8(ascii: "/"))
        out.append(contentsOf: element.name.utf8)
        out.append(UInt8(ascii: ">"))
    }

    mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) { Self.escape(bytes, into: &out) }

    /// Appends `bytes` with the four characters of HTML's syntax escaped.
    static func escape(_ bytes: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) {
        var copied = 0
        for index in bytes.indices {
            let replacement: StaticString
            switch bytes[index] {
            case UInt8(ascii: "<"): replacement = "&lt;"
            case UInt8(ascii: ">"): replacement = "&gt;"
            case UInt8(ascii: "&"): replacement = "&amp;"
            case UInt8(ascii: "\""): replacement = "&quot;"
            default: continue
            }
            out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied..<index]))
            out.append(
                contentsOf: UnsafeBufferPointer(
                    start: replacement.utf8Start, count: replacement.utf8CodeUnitCount))
            copied = index + 1
        }
        out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied...]))
    }
}
