/// Which attributes survive, with which values.
struct HTMLAttributeRules {
    /// What relative addresses are read against, in its parts: each image and link would take it apart again.
    private let baseParts: AddressParts?
    /// What resolving may still add to the output. A long base and many short references would otherwise make an
    /// output a thousand times the input.
    private var growth: Int

    /// Longest base used, in bytes: each relative address is read against it.
    static let maximumBase = 2048

    /// - Parameter inputBytes: Size of the document; resolved addresses may add four times that, and 64 KB.
    init(base: String?, inputBytes: Int = 0) {
        baseParts = base.flatMap { $0.utf8.count <= Self.maximumBase ? AddressParts($0) : nil }
        growth = 4 * inputBytes + (64 << 10)
    }

    /// Appends `source` to `out` with character references decoded and control characters gone.
    func decode(_ source: UnsafeBufferPointer<UInt8>, inAttribute: Bool, into out: inout [UInt8]) {
        var copied = 0
        var index = 0
        while index < source.count {
            guard source[index] == UInt8(ascii: "&"),
                let match = CharacterReference.read(source, at: index, inAttribute: inAttribute)
            else {
                index += 1
                continue
            }
            CleanText.append(UnsafeBufferPointer(rebasing: source[copied..<index]), to: &out)
            // Through the same filter, or `&#27;` would bring back what was taken out.
            match.withUTF8 { CleanText.append($0, to: &out) }
            index += match.length
            copied = index
        }
        CleanText.append(UnsafeBufferPointer(rebasing: source[copied...]), to: &out)
    }

    /// The allowed attributes of a start tag that has just been read.
    mutating func attributes(of element: HTMLElement, in tokenizer: borrowing HTMLTokenizer) -> [HTMLAttribute] {
        guard !tokenizer.attributes.isEmpty else { return [] }
        var result: [HTMLAttribute] = []
        var seen: UInt32 = 0
        for attribute in tokenizer.attributes {
            let key = HTMLName(tokenizer.bytes, attribute.name)
            guard let name = Self.names[key] else { continue }
            // Of two with one name the first counts, also if it is refused (HTML §13.2.5.33).
            let bit: UInt32 = 1 << UInt32(name.rawValue)
            guard seen & bit == 0 else { continue }
            seen |= bit
            guard let value = allowed(name, of: element, value: { Self.value(attribute, in: tokenizer) }) else {
                continue
            }
            result.append(HTMLAttribute(name: name, value: value))
        }
        return result
    }

    /// `reference` as an absolute address, unless it is none that may be fetched or resolving has added too much.
    mutating func address(_ reference: String, for use: WebAddress.Use) -> String? {
        guard let address = WebAddress.absolute(reference, against: growth > 0 ? baseParts : nil, use: use) else {
            return nil
        }
        growth -= max(0, address.utf8.count - reference.utf8.count)
        return address
    }

    private mutating func allowed(
        _ name: HTMLAttributeName, of element: HTMLElement, value: () -> String
    ) -> String? {
        switch (element, name) {
        case (.a, .href): address(value(), for: .link)
        case (.blockquote, .cite), (.q, .cite), (.del, .cite), (.ins, .cite): address(value(), for: .resource)
        case (.a, .title), (.abbr, .title), (.dfn, .title): CleanText.nonEmptyLine(value())
        case (.td, .colspan), (.th, .colspan), (.td, .rowspan), (.th, .rowspan):
            Self.number(value(), upTo: 1000).map(String.init)
        case (.ol, .start), (.li, .value): Self.number(value(), upTo: 1_000_000).map(String.init)
        case (.time, .datetime), (.ins, .datetime), (.del, .datetime): Self.token(value(), extra: ":+. ")
        case (_, .lang): Self.token(value(), extra: "")
        case (_, .dir): ["ltr", "rtl", "auto"].first { $0 == value().lowercased() }
        default: nil
        }
    }

    /// The decoded value of an attribute.
    static func value(_ attribute: HTMLTokenizer.Attribute, in tokenizer: borrowing HTMLTokenizer) -> String {
        let bytes = UnsafeBufferPointer(rebasing: tokenizer.bytes[attribute.value])
        if CleanText.firstSpecial(in: bytes) == bytes.count { return ValidText.string(bytes) }
        var out: [UInt8] = []
        HTMLAttributeRules(base: nil).decode(bytes, inAttribute: true, into: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// The first attribute called `name` of the tag that has just been read.
    static func value(_ name: HTMLName, in tokenizer: borrowing HTMLTokenizer) -> String? {
        for attribute in tokenizer.attributes where HTMLName(tokenizer.bytes, attribute.name) == name {
            return value(attribute, in: tokenizer)
        }
        return nil
    }

    /// Images have rules of their own, so `src`, `alt`, `width` and `height` are not among them.
    private static let names: HTMLNameTable<HTMLAttributeName> = {
        let all: [HTMLAttributeName] = [
            .href, .cite, .title, .colspan, .rowspan, .start, .value, .datetime, .lang, .dir,
        ]
        return HTMLNameTable(all.map { (HTMLName("\($0)"), $0) })
    }()

    /// The leading digits of `text` ("640", "640px"), if they are a number up to `limit` and no percentage.
    static func number(_ text: String, upTo limit: Int) -> Int? {
        let trimmed = text.utf8.drop { $0 == 0x20 }
        let digits = trimmed.prefix { (0x30...0x39).contains($0) }
        guard trimmed[digits.endIndex...].first != UInt8(ascii: "%"),
            let value = Int(String(decoding: digits, as: UTF8.self)), value <= limit
        else { return nil }
        return value
    }

    private static func token(_ text: String, extra: String) -> String? {
        let fits = text.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
                || extra.utf8.contains(byte)
        }
        return fits && !text.isEmpty && text.utf8.count <= 40 ? text : nil
    }
}
