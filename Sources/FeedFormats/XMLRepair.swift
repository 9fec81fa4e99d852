/// Stands before libxml2 and hands it only what it digests safely and in linear time.
///
/// Taken out: the XML declaration (the bytes are UTF-8 by now), processing instructions, comments, the document type
/// with everything it declares (so there is no entity to expand and no file to fetch), control characters. Text with
/// references in it becomes a CDATA section with the characters themselves, HTML's named ones included, and ampersands
/// and `<` that open nothing as they are: libxml2 calls us once for each reference, which made eight megabytes of them
/// cost seconds. Bounded: attributes of a tag and the length of their values, since libxml2 compares each attribute with
/// each other before it calls us.
struct XMLRepair {
    enum Stop: Equatable {
        case attributes
        case attributeBytes
    }

    /// Whether something was repaired that a well-formed document does not have.
    private(set) var repaired: String?
    /// Whether an entry stands where none can be read: behind the root, or swallowed by an attribute without its end.
    private(set) var hasLostEntry = false
    /// Names of entities that nobody knows; at most 10.
    var unknownEntities: [String] { references.unknown }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let limits: FeedLimits
    private let sink: (UnsafeBufferPointer<UInt8>) -> Bool
    private var references = ReferenceReader()
    private var tags = TagStack()
    private var out: [UInt8] = []
    private var copied = 0
    private var index = 0
    private var running = true
    /// Whether a CDATA section is open that we opened.
    private var isWrapped = false
    /// Where the document stood when that section was opened.
    private var wrapStart = 0

    private static let window = 64 << 10
    /// Bytes after which a CDATA section is ended and another begun.
    private static let piece = 16 << 10

    /// - Parameter sink: Takes a piece of the repaired document; `false` ends the work.
    init(
        _ bytes: UnsafeBufferPointer<UInt8>, limits: FeedLimits,
        sink: @escaping (UnsafeBufferPointer<UInt8>) -> Bool
    ) {
        self.bytes = bytes
        self.limits = limits
        self.sink = sink
        out.reserveCapacity(Self.window + 1024)
    }

    /// Hands the whole document over, or says at which bound it stopped.
    mutating func run() -> Stop? {
        while index < bytes.count, running {
            let byte = bytes[index]
            if let word = ByteWord(bytes, at: index), Self.isPlain(word) {
                index += 8
            } else if byte == UInt8(ascii: "<") {
                let start = index
                if let stop = markup() {
                    // What stands before the refused tag is still the reader's.
                    index = max(start, copied)
                    drain()
                    return stop
                }
            } else if byte == UInt8(ascii: "&") {
                textReference()
            } else if byte == UInt8(ascii: ">"), isWrapped {
                endWrapIfSplit()
                index += 1
            } else if Self.isControl(byte) {
                dropControl()
            } else {
                index += 1
            }
            if index - copied >= Self.window { copyPending() }
            if isWrapped, index - wrapStart >= Self.piece { rewrap() }
        }
        unwrap()
        drain()
        return nil
    }

    /// Whether nothing in text has to be looked at.
    @inline(__always)
    private static func isPlain(_ word: ByteWord) -> Bool {
        !word.hasControl && !word.contains(UInt8(ascii: "<")) && !word.contains(UInt8(ascii: "&"))
            && !word.contains(UInt8(ascii: ">"))
    }

    private mutating func markup() -> Stop? {
        let next = index + 1 < bytes.count ? bytes[index + 1] : 0
        if next == UInt8(ascii: "!") {
            unwrap()
            declaration()
        } else if next == UInt8(ascii: "?") {
            unwrap()
            replace(through: end(of: "?>", from: index + 2), by: "")
        } else if next == UInt8(ascii: "/") {
            endTag()
        } else if Self.startsName(next) {
            unwrap()
            return startTag()
        } else if index + 1 == bytes.count {
            unwrap()
            replace(through: index + 1, by: "")
        } else {
            note("a < that opens no tag")
            wrap()
            index += 1
        }
        return nil
    }

    /// An end tag: passed on if it ends the innermost element, else the elements inside the one it ends are ended first,
    /// and one that ends nothing is left out. libxml2 would end the innermost element with it whatever it is called.
    private mutating func endTag() {
        let close = end(of: ">", from: index + 2)
        guard close > index + 2, bytes[close - 1] == UInt8(ascii: ">") else {
            unwrap()
            index = close
            return
        }
        switch tags.end(bytes, nameAt: index + 2) {
        case .innermost:
            unwrap()
            index = close
        case .outer(let names):
            note("an end tag is missing")
            unwrap()
            replace(through: close, by: "")
            for name in names { out.append(contentsOf: [0x3C, 0x2F] + bytes[name] + [0x3E]) }
        case .none:
            note("an end tag that ends nothing")
            unwrap()
            replace(through: close, by: "")
        }
    }

    private mutating func declaration() {
        if matches("<!--") {
            replace(through: end(of: "-->", from: index + 4), by: "")
        } else if matches("<![CDATA[") {
            let close = end(of: "]]>", from: index + 9)
            index += 9
            sectionText(through: close)
        } else {
            replace(through: endOfDoctype(), by: "")
        }
    }

    /// The inside of a CDATA section. A long one becomes several: libxml2 looks for the end of a section in all of it
    /// each time it is given more.
    private mutating func sectionText(through close: Int) {
        var pieceEnd = index + Self.piece
        while index < close {
            let end = min(close, pieceEnd)
            while index + 8 <= end, let word = ByteWord(bytes, at: index), !word.hasControl { index += 8 }
            guard index < close else { break }
            if Self.isControl(bytes[index]) {
                dropControl()
                continue
            }
            // Not in front of what ends the section, and not within a character.
            if index >= pieceEnd, index + 3 < close, bytes[index] < 0x80, bytes[index] != UInt8(ascii: "]"),
                bytes[index] != UInt8(ascii: ">")
            {
                copyPending()
                out.append(contentsOf: Self.sectionEnd + Self.sectionStart)
                if out.count >= Self.window { flush() }
                pieceEnd = index + Self.piece
            }
            index += 1
        }
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && (!CleanText.isBlank(byte) || byte == 0x0B || byte == 0x0C)
    }

    private mutating func dropControl() {
        note("a control character")
        replace(through: index + 1, by: "")
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
        let start = index
        endUnclosedEntry(before: start)
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
                    if TagStack.isEntry(bytes, at: index + 1) { hasLostEntry = true }
                    replace(through: index + 1, by: "&lt;")
                    continue
                } else if byte == UInt8(ascii: "&") {
                    attributeReference()
                    continue
                } else if Self.isControl(byte) {
                    dropControl()
                    continue
                }
            } else if byte == UInt8(ascii: ">") {
                if bytes[index - 1] != UInt8(ascii: "/") { tags.begin(bytes, nameAt: start + 1, limit: limits.depth) }
                index += 1
                return nil
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
                valueStart = index + 1
            } else if byte == UInt8(ascii: "=") {
                attributes += 1
                if attributes > limits.attributes { return .attributes }
            } else if byte == UInt8(ascii: "<") {
                return unclosedTag(from: start)
            }
            index += 1
        }
        return nil
    }

    /// An entry directly in an entry means that the outer one's end tag was forgotten.
    private mutating func endUnclosedEntry(before start: Int) {
        if tags.isBehindRoot, TagStack.isEntry(bytes, at: start + 1) { hasLostEntry = true }
        guard let name = tags.endEntry(bytes, repeatedAt: start + 1) else { return }
        note("an entry that is never closed")
        copyPending()
        out.append(contentsOf: [0x3C, 0x2F] + bytes[name] + [0x3E])
    }

    /// A tag that the next one interrupts is text.
    private mutating func unclosedTag(from start: Int) -> Stop? {
        note("a tag that is never closed")
        guard copied <= start else { return nil }
        let stop = index
        index = start
        wrap()
        index = stop
        return nil
    }

    /// A reference in text: its character, inside a CDATA section.
    private mutating func textReference() {
        switch references.read(bytes, at: index) {
        case .bare:
            note("an & that opens no reference")
            wrap()
            index += 1
        case .unknown:
            wrap()
            index += 1
        case .character(let scalar, let length):
            wrap()
            copyPending()
            index += length
            copied = index
            guard let scalar else { return }
            if scalar == ">" { endWrapIfSplit() }
            out.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }

    /// A reference in an attribute: stays one, or becomes one that XML has.
    private mutating func attributeReference() {
        switch references.read(bytes, at: index) {
        case .bare:
            note("an & that opens no reference")
            replace(through: index + 1, by: "&amp;")
        case .unknown: replace(through: index + 1, by: "&amp;")
        case .character(nil, let length): replace(through: index + length, by: "")
        // As a number, so that it stays text if it is one of XML's own characters.
        case .character(let scalar?, let length): replace(through: index + length, by: "&#\(scalar.value);")
        }
    }

    private mutating func wrap() {
        guard !isWrapped else { return }
        copyPending()
        out.append(contentsOf: Self.sectionStart)
        isWrapped = true
        wrapStart = index
    }

    /// Begins another section in place of a long one, between two characters.
    private mutating func rewrap() {
        guard index < bytes.count, bytes[index] & 0xC0 != 0x80, bytes[index] != UInt8(ascii: ">") else { return }
        unwrap()
        wrap()
    }

    private mutating func unwrap() {
        guard isWrapped else { return }
        copyPending()
        out.append(contentsOf: Self.sectionEnd)
        isWrapped = false
    }

    /// Before a `>` that would end the section: ends it in good time and begins another.
    private mutating func endWrapIfSplit() {
        copyPending()
        let count = out.count
        guard count >= 2, out[count - 1] == UInt8(ascii: "]"), out[count - 2] == UInt8(ascii: "]") else { return }
        unwrap()
        wrap()
    }

    private static let sectionStart = Array("<![CDATA[".utf8)
    private static let sectionEnd = Array("]]>".utf8)

    private mutating func replace(through end: Int, by text: String) {
        copyPending()
        index = end
        copied = end
        out.append(contentsOf: text.utf8)
    }

    /// Copies what was passed over unchanged. What might be the beginning of a section's end stays in hand.
    private mutating func copyPending() {
        if index > copied { out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied..<index])) }
        copied = max(copied, index)
        if out.count >= Self.window, out.last != UInt8(ascii: "]") { flush() }
    }

    private mutating func drain() {
        copyPending()
        flush()
    }

    private mutating func flush() {
        if running, !out.isEmpty { running = out.withUnsafeBufferPointer { sink($0) } }
        out.removeAll(keepingCapacity: true)
    }

    private mutating func note(_ what: String) { if repaired == nil { repaired = what } }

    /// Behind the next `text` at or after `start`, or the end of the document.
    private func end(of text: StaticString, from start: Int) -> Int {
        var position = start
        let first = text.utf8Start[0]
        while true {
            position = ByteSearch.next(first, in: bytes, from: position)
            guard position < bytes.count else { return bytes.count }
            if matches(text, at: position) { return position + text.utf8CodeUnitCount }
            position += 1
        }
    }

    private func matches(_ text: StaticString, at start: Int? = nil) -> Bool {
        let start = start ?? index
        guard start + text.utf8CodeUnitCount <= bytes.count else { return false }
        for offset in 0..<text.utf8CodeUnitCount where bytes[start + offset] != text.utf8Start[offset] {
            return false
        }
        return true
    }

    private static func startsName(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":")
            || byte >= 0x80
    }
}
