/// Splits HTML into tags and text in linear time, after the tokenizer of the HTML standard (§13.2.5).
///
/// libxml2's HTML parser is not used here: it compares every attribute of a tag with every other before it calls
/// anybody, so one tag of 1 MB stops the caller for a minute and cannot be interrupted (measured with 2.9.14; see
/// Protocol/decisions). What leaves the sanitiser is written anew from an allow-list, so no rule here is a matter of
/// safety; the rules matter for reading what the author meant.
///
/// Every method moves ``offset`` forward over what it looked at, so the sum of their work is linear; the one exception
/// is ``lastEndTags(of:)``, which is asked once.
struct HTMLTokenizer {
    enum Token: Equatable {
        case text(Range<Int>)
        /// The attributes are in ``HTMLTokenizer/attributes``.
        case start(HTMLName)
        case end(HTMLName)
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

    /// Where the next token starts.
    var offset: Int { position }

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
            position = find(UInt8(ascii: "<"), from: start + 1)
            return .text(start..<position)
        }
        return nil
    }

    /// Skips to behind the end tag `name`; what is between is not markup. To the end if there is none.
    mutating func skipRaw(until name: HTMLName) {
        while let tag = nextEndTag() {
            guard tag == name else { continue }
            _ = skipTag()
            return
        }
    }

    /// Whether an end tag of that name stands anywhere. Linear; ask once.
    func hasEndTag(_ name: HTMLName) -> Bool {
        var scout = HTMLTokenizer(bytes)
        while let tag = scout.nextEndTag() {
            if tag == name { return true }
        }
        return false
    }

    /// For each of `names` that ends anywhere, where its last end tag starts. Linear; ask once.
    func lastEndTags(of names: HTMLNameTable<HTMLElement.Treatment>) -> [HTMLName: Int] {
        var scout = HTMLTokenizer(bytes)
        var found: [HTMLName: Int] = [:]
        while let tag = scout.nextEndTag() {
            switch names[tag] {
            case .drop, .dropRaw, .frame, .media: found[tag] = scout.position
            default: break
            }
        }
        return found
    }

    /// Moves behind the name of the next `</name` that is followed by what ends a name.
    private mutating func nextEndTag() -> HTMLName? {
        while true {
            position = find(UInt8(ascii: "<"), from: position)
            guard position + 2 < bytes.count else {
                position = bytes.count
                return nil
            }
            position += 1
            guard bytes[position] == UInt8(ascii: "/"), Self.isLetter(bytes[position + 1]) else { continue }
            position += 1
            let name = readName()
            if position < bytes.count, Self.endsName(bytes[position]) { return name }
        }
    }

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
            return readStartTag()
        }
        if next == UInt8(ascii: "/") {
            guard position + 2 < bytes.count else { return .literal }
            guard Self.isLetter(bytes[position + 2]) else {
                skipPastGreater()
                return .nothing
            }
            position += 2
            return readEndTag()
        }
        if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") {
            skipDeclaration()
            return .nothing
        }
        return .literal
    }

    /// A tag that the text ends in is none (HTML §13.2.5.8 and after).
    private mutating func readStartTag() -> Markup {
        let name = readName()
        attributes.removeAll(keepingCapacity: true)
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: ">") {
                position += 1
                return .token(.start(name))
            }
            if Self.isSpace(byte) || byte == UInt8(ascii: "/") {
                position += 1
            } else {
                readAttribute()
            }
        }
        return .nothing
    }

    /// Attributes of an end tag mean nothing, but a `>` in their quotes does not end it.
    private mutating func readEndTag() -> Markup {
        let name = readName()
        return skipTag() ? .token(.end(name)) : .nothing
    }

    /// Moves behind the tag; `false` when the text ends in it.
    private mutating func skipTag() -> Bool {
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: ">") {
                position += 1
                return true
            }
            if Self.isSpace(byte) || byte == UInt8(ascii: "/") {
                position += 1
            } else {
                _ = readNameAndValue()
            }
        }
        return false
    }

    private mutating func readAttribute() {
        let attribute = readNameAndValue()
        if attributes.count < Self.maximumAttributes { attributes.append(attribute) }
    }

    private mutating func readNameAndValue() -> Attribute {
        let nameStart = position
        position += 1
        while position < bytes.count, !Self.endsName(bytes[position]), bytes[position] != UInt8(ascii: "=") {
            position += 1
        }
        let name = nameStart..<position
        skipSpaces()
        var value = position..<position
        if position < bytes.count, bytes[position] == UInt8(ascii: "=") {
            position += 1
            skipSpaces()
            value = readValue()
        }
        return Attribute(name: name, value: value)
    }

    private mutating func readValue() -> Range<Int> {
        guard position < bytes.count else { return position..<position }
        let quote = bytes[position]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let start = position + 1
            let end = find(quote, from: start)
            position = min(end + 1, bytes.count)
            return start..<end
        }
        let start = position
        while position < bytes.count, !Self.isSpace(bytes[position]), bytes[position] != UInt8(ascii: ">") {
            position += 1
        }
        return start..<position
    }

    private mutating func readName() -> HTMLName {
        let start = position
        while position < bytes.count, !Self.endsName(bytes[position]) { position += 1 }
        return HTMLName(bytes, start..<position)
    }

    /// Comments end at `-->` or `--!>`, `<!-->` and `<!--->` are whole, everything else ends at `>`.
    private mutating func skipDeclaration() {
        guard isDash(position + 2), isDash(position + 3), bytes[position + 1] == UInt8(ascii: "!") else {
            return skipPastGreater()
        }
        // The dashes that open it may be among those that close it.
        var index = position + 4
        if isGreater(index) { return position = index + 1 }
        if isDash(index), isGreater(index + 1) { return position = index + 2 }
        while true {
            index = find(UInt8(ascii: "-"), from: index)
            guard index < bytes.count else { return position = bytes.count }
            if isDash(index + 1) {
                if isGreater(index + 2) { return position = index + 3 }
                let isBang = index + 2 < bytes.count && bytes[index + 2] == UInt8(ascii: "!")
                if isBang, isGreater(index + 3) { return position = index + 4 }
            }
            index += 1
        }
    }

    private mutating func skipPastGreater() {
        position = min(find(UInt8(ascii: ">"), from: position) + 1, bytes.count)
    }

    private mutating func skipSpaces() {
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    }

    private func isDash(_ index: Int) -> Bool { index < bytes.count && bytes[index] == UInt8(ascii: "-") }

    private func isGreater(_ index: Int) -> Bool { index < bytes.count && bytes[index] == UInt8(ascii: ">") }

    /// Where `byte` is next, or the end.
    private func find(_ byte: UInt8, from start: Int) -> Int { ByteSearch.next(byte, in: bytes, from: start) }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    /// White space of HTML's tags (§13.2.5.32), which the vertical tab is not.
    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D || byte == 0x0C
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        isSpace(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">")
    }
}
