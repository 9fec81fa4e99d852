/// A piece of a page, written as XML that is HTML too: the files of an EPUB and the page of an HTML edition are made of it.
enum Markup {
    case text(String)
    case element(String, [Attribute], [Markup])

    struct Attribute {
        var name: String
        var value: String

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// An element with a class.
    static func element(_ name: String, class kind: String, _ children: [Markup]) -> Markup {
        .element(name, [Attribute("class", kind)], children)
    }

    /// An element without attributes.
    static func element(_ name: String, _ children: [Markup]) -> Markup { .element(name, [], children) }

    /// A link.
    static func link(_ address: String, _ children: [Markup]) -> Markup {
        .element("a", [Attribute("href", address)], children)
    }

    /// Elements that have no content, in HTML.
    private static let void: Set<String> = ["br", "hr", "img", "wbr", "meta", "link"]

    /// Whether there is anything to be seen in it.
    var isVisible: Bool {
        switch self {
        case .text(let text): !text.allSatisfy(\.isWhitespace)
        case .element("img", _, _), .element("hr", _, _): true
        case .element(_, _, let children): children.contains { $0.isVisible }
        }
    }

    /// Appends it in UTF-8.
    func write(to out: inout [UInt8]) {
        switch self {
        case .text(let text): Self.escape(text, into: &out)
        case .element(let name, let attributes, let children):
            out.append(UInt8(ascii: "<"))
            out += name.utf8
            for attribute in attributes {
                out.append(UInt8(ascii: " "))
                out += attribute.name.utf8
                out += #"=""#.utf8
                Self.escape(attribute.value, into: &out)
                out.append(UInt8(ascii: "\""))
            }
            if children.isEmpty, Self.void.contains(name) {
                out += "/>".utf8
                return
            }
            out.append(UInt8(ascii: ">"))
            for child in children { child.write(to: &out) }
            out += "</".utf8
            out += name.utf8
            out.append(UInt8(ascii: ">"))
        }
    }

    /// Appends text with the characters of the syntax escaped, and without those that XML 1.0 does not have (§2.2) or
    /// HTML takes for errors.
    static func escape(_ text: String, into out: inout [UInt8]) {
        // An image in its address has megabytes of these.
        let isPlain = text.utf8.allSatisfy {
            $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x26 && $0 != 0x3C && $0 != 0x3E
        }
        if isPlain {
            out += text.utf8
            return
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;".utf8
            case "<": out += "&lt;".utf8
            case ">": out += "&gt;".utf8
            case "\"": out += "&quot;".utf8
            case "\t", "\n": out.append(UInt8(scalar.value))
            default:
                guard scalar.value >= 0x20, !(0x7F...0x9F).contains(scalar.value), scalar.value & 0xFFFE != 0xFFFE,
                    !(0xFDD0...0xFDEF).contains(scalar.value)
                else { continue }
                out += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            }
        }
    }
}
