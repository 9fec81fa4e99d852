/// Splits HTML into tags and text in linear time, after the tokenizer of the HTML standard (§13.2.5).
///
/// libxml2's HTML parser is not used here: it compares every attribute of a tag with every other before it calls
/// anybody, so one tag of 1 MB stops the caller for a minute and cannot be interrupted (measured with 2.9.14; see
/// Protocol/decisions). What leaves the sanitiser is written anew from an allow-list, so no rule here is a matter of
/// safety; the rules matter for reading what the author meant.
struct HTMLTokenizer {
    enum Token {
        case text(Range<Int>)
        /// The attributes are in ``HTMLTokenizer/attributes``.
        case start(name: String)
        case end(name: String)
    }

    struct Attribute {
        var name: Range<Int>
        var value: Range<Int>
    }

    /// Most attributes kept of one tag.
    static let maximumAttributes = 32

    let bytes: UnsafeBufferPointer<UInt8>
    private(set) var attributes: [Attribute] = []
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The next token, or `nil` at the end.
    mutating func next() -> Token? {
        while position < bytes.count {
            let start = position
            if bytes[start] == UInt8(ascii: "<") {
                switch readMarkup() {
                case .token(let token): return token
                case .nothing: continue
                case .literal: break
                }
            }
            // A `<` that opens nothing is text.
            position = nextMarkup(after: start + 1)
            return .text(start..<position)
        }
        return nil
    }

    /// Skips to behind the end tag `name`; what is between is not markup. To the end if there is none.
    mutating func skipRaw(until name: String) {
        position = endTag(name, after: position).map { skipTag(from: $0) } ?? bytes.count
    }

    /// The offset of the last end tag `name`, or `nil`. Linear; ask once for each name.
    func lastEndTag(_ name: String) -> Int? {
        var last: Int?
        var from = 0
        while let found = endTag(name, after: from) {
            last = found
            from = found + 2
        }
        return last
    }

    /// Where the next token starts.
    var offset: Int { position }

    private enum Markup {
        case token(Token)
        case nothing
        case literal
    }

    private mutating func readMarkup() -> Markup {
        guard position + 1 < bytes.count else { return .literal }
        let next = bytes[position + 1]
        if Self.isLetter(next) {
            position += 1
            return .token(.start(name: readStartTag()))
        }
        if next == UInt8(ascii: "/") {
            guard position + 2 < bytes.count else { return .literal }
            guard Self.isLetter(bytes[position + 2]) else {
                skipPastGreater()
                return .nothing
            }
            position += 2
            let name = readName()
            skipPastGreater()
            return .token(.end(name: name))
        }
        if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") {
            skipDeclaration()
            return .nothing
        }
        return .literal
    }

    private mutating func readStartTag() -> String {
        let name = readName()
        attributes.removeAll(keepingCapacity: true)
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: ">") {
                position += 1
                break
            }
            if CleanText.isBlank(byte) || byte == UInt8(ascii: "/") {
                position += 1
            } else {
                readAttribute()
            }
        }
        return name
    }

    private mutating func readAttribute() {
        let nameStart = position
        position += 1
        while position < bytes.count, !Self.endsName(bytes[position]), bytes[position] != UInt8(ascii: "=") {
            position += 1
        }
        let name = nameStart..<position
        skipBlanks()
        var value = position..<position
        if position < bytes.count, bytes[position] == UInt8(ascii: "=") {
            position += 1
            skipBlanks()
            value = readValue()
        }
        if attributes.count < Self.maximumAttributes {
            attributes.append(Attribute(name: name, value: value))
        }
    }

    private mutating func readValue() -> Range<Int> {
        guard position < bytes.count else { return position..<position }
        let quote = bytes[position]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let start = position + 1
            position = start
            while position < bytes.count, bytes[position] != quote { position += 1 }
            let value = start..<position
            position = min(position + 1, bytes.count)
            return value
        }
        let start = position
        while position < bytes.count, !CleanText.isBlank(bytes[position]),
            bytes[position] != UInt8(ascii: ">")
        {
            position += 1
        }
        return start..<position
    }

    /// A name in small letters; names past 32 bytes are nobody's and come back empty.
    private mutating func readName() -> String {
        let start = position
        while position < bytes.count, !Self.endsName(bytes[position]) { position += 1 }
        guard position - start <= 32 else { return "" }
        return String(unsafeUninitializedCapacity: position - start) { buffer in
            for index in start..<position {
                let byte = bytes[index]
                let letter = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
                buffer[index - start] = letter < 0x80 ? letter : UInt8(ascii: "?")
            }
            return position - start
        }
    }

    /// Comments end at `-->` or `--!>`, `<!-->` and `<!--->` are whole, everything else ends at `>`.
    private mutating func skipDeclaration() {
        guard matches("!--", at: position + 1) else { return skipPastGreater() }
        var index = position + 4
        if index < bytes.count, bytes[index] == UInt8(ascii: ">") {
            position = index + 1
            return
        }
        if matches("->", at: index) {
            position = index + 2
            return
        }
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "-"),
                matches("->", at: index + 1) || matches("-!>", at: index + 1)
            {
                position = index + (bytes[index + 2] == UInt8(ascii: ">") ? 3 : 4)
                return
            }
            index += 1
        }
        position = bytes.count
    }

    private mutating func skipPastGreater() {
        while position < bytes.count, bytes[position] != UInt8(ascii: ">") { position += 1 }
        position = min(position + 1, bytes.count)
    }

    private mutating func skipBlanks() {
        while position < bytes.count, CleanText.isBlank(bytes[position]) { position += 1 }
    }

    private func skipTag(from start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] != UInt8(ascii: ">") { index += 1 }
        return min(index + 1, bytes.count)
    }

    private func nextMarkup(after start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] != UInt8(ascii: "<") { index += 1 }
        return index
    }

    private func endTag(_ name: String, after start: Int) -> Int? {
        var index = start
        while true {
            index = nextMarkup(after: index)
            guard index < bytes.count else { return nil }
            let nameStart = index + 2
            let end = nameStart + name.utf8.count
            if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "/"),
                matches(name, at: nameStart, folding: true),
                end == bytes.count || Self.endsName(bytes[end])
            {
                return index
            }
            index += 1
        }
    }

    private func matches(_ text: String, at start: Int, folding: Bool = false) -> Bool {
        guard start + text.utf8.count <= bytes.count else { return false }
        var index = start
        for byte in text.utf8 {
            guard bytes[index] == byte || (folding && bytes[index] | 0x20 == byte) else { return false }
            index += 1
        }
        return true
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private static func endsName(_ byte: UInt8) -> Bool {
        CleanText.isBlank(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">")
    }
}
