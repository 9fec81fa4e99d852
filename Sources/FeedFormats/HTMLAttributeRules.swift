/// Which attributes survive, with which values.
struct HTMLAttributeRules {
    let base: String?

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
            var scalar = Array(String(match.scalar).utf8)
            scalar.withUnsafeMutableBufferPointer { CleanText.append(UnsafeBufferPointer($0), to: &out) }
            index += match.length
            copied = index
        }
        CleanText.append(UnsafeBufferPointer(rebasing: source[copied...]), to: &out)
    }

    /// The allowed attributes of a start tag that has just been read.
    func attributes(of element: HTMLElement, in tokenizer: borrowing HTMLTokenizer) -> [HTMLAttribute] {
        guard !tokenizer.attributes.isEmpty else { return [] }
        var result: [HTMLAttribute] = []
        for attribute in tokenizer.attributes {
            guard let name = Self.name(attribute, in: tokenizer),
                !result.contains(where: { $0.name == name }),
                let value = allowed(name, of: element, value: { self.value(attribute, in: tokenizer) })
            else { continue }
            result.append(HTMLAttribute(name: name, value: value))
        }
        return result
    }

    /// The attributes of an image, or `nil` when it must go: no address that may be fetched, or a tracking pixel.
    func imageAttributes(in tokenizer: borrowing HTMLTokenizer) -> [HTMLAttribute]? {
        var values: [String: String] = [:]
        for attribute in tokenizer.attributes {
            guard let name = Self.name(attribute, in: tokenizer), Self.imageNames.contains(name),
                values[name] == nil
            else { continue }
            values[name] = value(attribute, in: tokenizer)
        }
        guard !Self.isTrackingPixel(values) else { return nil }
        // Pages that load images late put a placeholder into `src`.
        let sources = [values["src"], values["data-src"], values["data-original"]]
        let addresses = sources.lazy.compactMap { $0 }.filter { !$0.allSatisfy(\.isWhitespace) }
        guard
            let source = addresses.compactMap({ WebAddress.absolute($0, base: base, use: .resource) }).first,
            !Self.trackers.contains(where: { CleanText.contains(source, $0) })
        else { return nil }
        var result = [HTMLAttribute(name: "src", value: source)]
        for name in ["alt", "title"] {
            if let value = values[name] {
                result.append(HTMLAttribute(name: name, value: CleanText.line(value)))
            }
        }
        for name in ["width", "height"] {
            if let value = values[name], let number = Self.number(value, upTo: 20_000) {
                result.append(HTMLAttribute(name: name, value: String(number)))
            }
        }
        return result
    }

    private func allowed(_ name: String, of element: HTMLElement, value: () -> String) -> String? {
        switch (element, name) {
        case (.a, "href"): WebAddress.absolute(value(), base: base, use: .link)
        case (.blockquote, "cite"), (.q, "cite"), (.del, "cite"), (.ins, "cite"):
            WebAddress.absolute(value(), base: base, use: .resource)
        case (.a, "title"), (.abbr, "title"), (.dfn, "title"): CleanText.nonEmptyLine(value())
        case (.td, "colspan"), (.th, "colspan"), (.td, "rowspan"), (.th, "rowspan"):
            Self.number(value(), upTo: 1000).map(String.init)
        case (.ol, "start"), (.li, "value"): Self.number(value(), upTo: 1_000_000).map(String.init)
        case (.time, "datetime"), (.ins, "datetime"), (.del, "datetime"): Self.token(value(), extra: ":+. ")
        case (_, "lang"): Self.token(value(), extra: "")
        case (_, "dir"): ["ltr", "rtl", "auto"].first { $0 == value().lowercased() }
        default: nil
        }
    }

    private func value(_ attribute: HTMLTokenizer.Attribute, in tokenizer: borrowing HTMLTokenizer) -> String {
        var out: [UInt8] = []
        let bytes = UnsafeBufferPointer(rebasing: tokenizer.bytes[attribute.value])
        decode(bytes, inAttribute: true, into: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// The attribute's name in small letters, if it can be one we let through.
    private static func name(
        _ attribute: HTMLTokenizer.Attribute, in tokenizer: borrowing HTMLTokenizer
    ) -> String? {
        guard attribute.name.count <= 14 else { return nil }
        return String(decoding: tokenizer.bytes[attribute.name], as: UTF8.self).lowercased()
    }

    /// A pixel that nobody sees: one by one or smaller, or hidden.
    private static func isTrackingPixel(_ values: [String: String]) -> Bool {
        let sides = ["width", "height"].compactMap { values[$0].flatMap { number($0, upTo: .max) } }
        if sides.contains(0) || (sides.count == 2 && sides.allSatisfy { $0 <= 1 }) { return true }
        guard let declared = values["style"] else { return false }
        let style = declared.lowercased().filter { !$0.isWhitespace }
        if CleanText.contains(style, "display:none") || CleanText.contains(style, "visibility:hidden") {
            return true
        }
        let tiny = ["width:1px", "width:0", "height:1px", "height:0"]
        return style.split(separator: ";").filter { tiny.contains(String($0)) || tiny.contains("\($0)px") }
            .count >= 2
    }

    /// Counters that come as images of any size.
    private static let trackers: [StaticString] = [
        "//pixel.", "//feeds.feedburner.com/~r/", "//stats.wordpress.com/", "//pixel.wp.com/",
        ".doubleclick.net/",
        "//www.google-analytics.com/", "//b.scorecardresearch.com/",
    ]

    private static let imageNames: Set<String> = [
        "src", "data-src", "data-original", "alt", "title", "width", "height", "style",
    ]

    /// The leading digits of `text` ("640", "640px"), if they are a number up to `limit`.
    private static func number(_ text: String, upTo limit: Int) -> Int? {
        let digits = text.utf8.drop { $0 == 0x20 }.prefix { (0x30...0x39).contains($0) }
        guard let value = Int(String(decoding: Array(digits), as: UTF8.self)), value <= limit else {
            return nil
        }
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
