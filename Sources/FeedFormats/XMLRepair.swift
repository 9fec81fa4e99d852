/// Stands before libxml2 and hands it only what it digests safely and in linear time.
///
/// Taken out: the XML declaration (the bytes are UTF-8 by now), processing instructions, comments, the document type
/// with everything it declares (so there is no entity to expand and no file to fetch), control characters. Replaced:
/// HTML entities by their characters; ampersands and `<` that open nothing by their references. Bounded: attributes
/// of a tag and the length of their values, since libxml2 compares each attribute with each other before it calls us.
struct XMLRepair {
    enum Stop: Equatable {
        case attributes
        case attributeBytes
    }

    /// Whether something was repaired that a well-formed document does not have.
    private(set) var repaired: String?
    /// Names of entities that nobody knows; at most 10.
    private(set) var unknownEntities: [String] = []

    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: FeedLimits
    private let sink: (UnsafeBufferPointer<UInt8>) -> Bool
    private var copied = 0
    private var index = 0
    private var running = true

    /// - Parameter sink: Takes a piece of the repaired document; `false` ends the work.
    init(
        _ bytes: UnsafeBufferPointer<UInt8>, limits: FeedLimits,
        sink: @escaping (UnsafeBufferPointer<UInt8>) -> Bool
    ) {
        self.bytes = bytes
        self.limits = limits
        self.sink = sink
    }

    /// Hands the whole document over, or says at which bound it stopped.
    mutating func run() -> Stop? {
        while index < bytes.count, running {
            let byte = bytes[index]
            if byte == UInt8(ascii: "<") {
                let start = index
                if let stop = markup() {
                    // What stands before the refused tag is still the reader's.
                    index = max(start, copied)
                    flush()
                    return stop
                }
            } else if byte == UInt8(ascii: "&") {
                reference()
            } else if byte < 0x20, !CleanText.isBlank(byte) || byte == 0x0B || byte == 0x0C {
                replace(through: index + 1, by: "")
            } else {
                index += 1
            }
        }
        flush()
        return nil
    }

    private mutating func markup() -> Stop? {
        guard index + 1 < bytes.count else {
            replace(through: index + 1, by: "")
            return nil
        }
        let next = bytes[index + 1]
        if next == UInt8(ascii: "!") {
            declaration()
        } else if next == UInt8(ascii: "?") {
            replace(through: end(of: "?>", from: index + 2), by: "")
        } else if next == UInt8(ascii: "/") {
            index = end(of: ">", from: index + 2)
        } else if Self.startsName(next) {
            return startTag()
        } else {
            note("a < that opens no tag")
            replace(through: index + 1, by: "&lt;")
        }
        return nil
    }

    private mutating func declaration() {
        if matches("<!--") {
            replace(through: end(of: "-->", from: index + 4), by: "")
        } else if matches("<![CDATA[") {
            let close = end(of: "]]>", from: index + 9)
            index += 9
            while index < close {
                let byte = bytes[index]
                if byte < 0x20, !CleanText.isBlank(byte) || byte == 0x0B || byte == 0x0C {
                    replace(through: index + 1, by: "")
                } else {
                    index += 1
                }
            }
        } else {
            replace(through: endOfDoctype(), by: "")
        }
    }

    /// Behind the `>` that ends a document type, internal subset, quoted strings and comments skipped.
    private func endOfDoctype() -> Int {
        var position = index + 2
        var brackets = 0
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "["): brackets += 1
            case UInt8(ascii: "]"): brackets -= 1
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                let quote = bytes[position]
                position += 1
                while position < bytes.count, bytes[position] != quote { position += 1 }
            case UInt8(ascii: "<") where matches("<!--", at: position):
                position = end(of: "-->", from: position + 4) - 1
            case UInt8(ascii: ">") where brackets <= 0: return position + 1
            default: break
            }
            position += 1
        }
        return bytes.count
    }

    private mutating func startTag() -> Stop? {
        var attributes = 0
        var quote: UInt8?
        var valueStart = 0
        index += 1
        while index < bytes.count {
            let byte = bytes[index]
            if let open = quote {
                if byte == open {
                    quote = nil
                } else if index - valueStart > limits.attributeBytes {
                    return .attributeBytes
                } else if byte == UInt8(ascii: "<") {
                    note("a < inside an attribute")
                    replace(through: index + 1, by: "&lt;")
                    continue
                } else if byte == UInt8(ascii: "&") {
                    reference()
                    continue
                } else if byte < 0x20, !CleanText.isBlank(byte) {
                    replace(through: index + 1, by: "")
                    continue
                }
            } else if byte == UInt8(ascii: ">") {
                index += 1
                return nil
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
                valueStart = index + 1
            } else if byte == UInt8(ascii: "=") {
                attributes += 1
                if attributes > limits.attributes { return .attributes }
            } else if byte == UInt8(ascii: "<") {
                // The tag before was never closed; libxml2 says so.
                return nil
            }
            index += 1
        }
        return nil
    }

    /// Leaves the predefined references and sound numbers, replaces the rest.
    private mutating func reference() {
        var end = index + 1
        let limit = min(bytes.count, index + 34)
        while end < limit, Self.isReferenceByte(bytes[end]) { end += 1 }
        let isClosed = end < bytes.count && end < limit && bytes[end] == UInt8(ascii: ";") && end > index + 1
        guard isClosed else {
            note("an & that opens no reference")
            return replace(through: index + 1, by: "&amp;")
        }
        let name = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
        if Self.predefined.contains(name) {
            index = end + 1
            return
        }
        guard let match = CharacterReference.read(bytes, at: index, inAttribute: true),
            match.length == end + 1 - index
        else {
            if !name.hasPrefix("#"), unknownEntities.count < 10, !unknownEntities.contains(name) {
                unknownEntities.append(name)
            }
            return replace(through: index + 1, by: "&amp;")
        }
        let value = match.scalar.value
        if value < 0x20, value != 9, value != 10, value != 13 { return replace(through: end + 1, by: "") }
        // As a number, so that it stays text if it is one of XML's own characters.
        replace(through: end + 1, by: value == 0xFFFE || value == 0xFFFF ? "" : "&#\(value);")
    }

    private mutating func replace(through end: Int, by text: String) {
        flush()
        index = end
        copied = end
        if !text.isEmpty, running { running = CleanText.withBytes(of: text) { sink($0) } }
    }

    private mutating func flush() {
        if index > copied, running { running = sink(UnsafeBufferPointer(rebasing: bytes[copied..<index])) }
        copied = index
    }

    private mutating func note(_ what: String) { if repaired == nil { repaired = what } }

    /// Behind the next `text` at or after `start`, or the end of the document.
    private func end(of text: StaticString, from start: Int) -> Int {
        var position = start
        let first = text.utf8Start[0]
        while position < bytes.count {
            if bytes[position] == first, matches(text, at: position) {
                return position + text.utf8CodeUnitCount
            }
            position += 1
        }
        return bytes.count
    }

    private func matches(_ text: StaticString, at start: Int? = nil) -> Bool {
        let start = start ?? index
        guard start + text.utf8CodeUnitCount <= bytes.count else { return false }
        for offset in 0..<text.utf8CodeUnitCount where bytes[start + offset] != text.utf8Start[offset] {
            return false
        }
        return true
    }

    private static let predefined: Set<String> = ["amp", "lt", "gt", "quot", "apos"]

    private static func startsName(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":")
            || byte >= 0x80
    }

    private static func isReferenceByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "#")
            || byte == UInt8(ascii: "_")
    }
}
