/// A checker of sanitised HTML that shares nothing with the sanitiser: its own lists, and a grammar so narrow that every
/// parser reads such text the same way. There is no other `<` or `>` than of a tag, no other `&` than of five references,
/// no quote but around a value, no control character; tags are balanced.
struct StrictHTML {
    private var scalars: ArraySlice<Unicode.Scalar>
    private var open: [String] = []

    /// What is wrong with `html`, or `nil`.
    static func complaint(about html: String) -> String? {
        var checker = StrictHTML(scalars: Array(html.unicodeScalars)[...])
        do {
            try checker.run()
            return nil
        } catch let complaint as Complaint {
            return complaint.text
        } catch {
            return "\(error)"
        }
    }

    private struct Complaint: Error {
        var text: String
    }

    private init(scalars: ArraySlice<Unicode.Scalar>) { self.scalars = scalars }

    private mutating func run() throws {
        while let scalar = scalars.first {
            switch scalar {
            case "<": try tag()
            case ">": throw Complaint(text: "a stray >")
            default: _ = try character(quoted: false)
            }
        }
        guard open.isEmpty else { throw Complaint(text: "\(open) left open") }
    }

    /// One character of text or of a value, references decoded.
    private mutating func character(quoted: Bool) throws -> Unicode.Scalar {
        guard let scalar = scalars.popFirst() else { throw Complaint(text: "an end inside a tag") }
        guard !Self.isControl(scalar) else { throw Complaint(text: "the control U+\(String(scalar.value, radix: 16))") }
        guard scalar == "&" else {
            if quoted, scalar == "<" || scalar == ">" || scalar == "`" { throw Complaint(text: "\(scalar) in a value") }
            return scalar
        }
        let name = String(String.UnicodeScalarView(scalars.prefix { $0 != ";" }.prefix(5)))
        let references: [String: Unicode.Scalar] = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "#96": "`"]
        guard let decoded = references[name], scalars.dropFirst(name.unicodeScalars.count).first == ";" else {
            throw Complaint(text: "a bare &")
        }
        scalars = scalars.dropFirst(name.unicodeScalars.count + 1)
        return decoded
    }

    private mutating func tag() throws {
        scalars = scalars.dropFirst()
        let isEnd = scalars.first == "/"
        if isEnd { scalars = scalars.dropFirst() }
        let name = word()
        guard Self.elements.contains(name) else { throw Complaint(text: "the tag '\(name)'") }
        if isEnd {
            guard open.popLast() == name else { throw Complaint(text: "</\(name)> out of place") }
        } else {
            try attributes(of: name)
            if !["br", "hr", "img", "wbr"].contains(name) { open.append(name) }
        }
        guard scalars.popFirst() == ">" else { throw Complaint(text: "the tag \(name) does not end") }
        guard open.count <= 64 else { throw Complaint(text: "deeper than 64") }
    }

    private mutating func attributes(of element: String) throws {
        var seen: Set<String> = []
        while scalars.first == " " {
            scalars = scalars.dropFirst()
            let name = word()
            guard Self.attributes.contains(name), seen.insert(name).inserted else {
                throw Complaint(text: "the attribute '\(name)'")
            }
            guard scalars.popFirst() == "=", scalars.popFirst() == "\"" else {
                throw Complaint(text: "\(name) without quotes")
            }
            var value = String.UnicodeScalarView()
            while scalars.first != "\"" { value.append(try character(quoted: true)) }
            scalars = scalars.dropFirst()
            try check(String(value), of: name, in: element)
        }
    }

    private func check(_ value: String, of name: String, in element: String) throws {
        switch (element, name) {
        case ("a", "href"), ("img", "src"), (_, "cite"):
            let isWeb = value.hasPrefix("https://") || value.hasPrefix("http://")
            guard isWeb || (name == "href" && value.hasPrefix("mailto:")) else {
                throw Complaint(text: "the address \(value)")
            }
            guard !value.unicodeScalars.contains(where: { $0.value <= 0x20 }) else {
                throw Complaint(text: "a blank in the address \(value)")
            }
        case (_, "href"), (_, "src"): throw Complaint(text: "\(name) on \(element)")
        case (_, "width"), (_, "height"), (_, "colspan"), (_, "rowspan"), (_, "start"), (_, "value"):
            guard Int(value) != nil else { throw Complaint(text: "\(name)=\(value)") }
        default: break
        }
    }

    private mutating func word() -> String {
        let word = scalars.prefix { ("a"..."z").contains($0) || ("0"..."9").contains($0) }
        scalars = scalars[word.endIndex...]
        return String(String.UnicodeScalarView(word))
    }

    /// Whether a terminal could be steered, or a line reordered or a message hidden, by `scalar`.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069, 0x2028, 0x2029, 0xFFF9...0xFFFB: true
        default: false
        }
    }

    private static let elements: Set<String> = [
        "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "dfn", "div", "dl",
        "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li",
        "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "strong", "sub", "summary", "sup",
        "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var", "wbr",
    ]

    private static let attributes: Set<String> = [
        "href", "src", "cite", "alt", "title", "width", "height", "colspan", "rowspan", "start", "value", "datetime",
        "lang", "dir",
    ]
}
