import struct FoundationEssentials.Data

/// Text and content constructs: RFC 4287 §3.1 and §4.1.3, and the `mode` and `type` of Atom 0.3.
struct TextConstruct {
    private enum Kind {
        case text, html, xhtml, base64, opaque
    }

    private let kind: Kind
    private let text: String
    private let element: FeedElement
    private let guessesMarkup: Bool

    /// - Parameters:
    ///   - text: What was collected in ``mode(of:)``.
    ///   - guessesMarkup: Whether text that says it is plain may be HTML all the same, as it was before Atom 1.0.
    init(_ element: FeedElement, _ text: String, guessesMarkup: Bool) {
        self.kind = Self.kind(element)
        self.text = text
        self.element = element
        self.guessesMarkup = guessesMarkup
    }

    /// How the element's content is to be collected. Elements in text that has no business with them are kept.
    static func mode(of element: FeedElement) -> ContentMode {
        kind(element) == .xhtml ? .markup : .html
    }

    /// The content on one line of plain text.
    var line: String {
        switch kind {
        case .text: isMarkup(text) ? PlainText.line(text) : CleanText.line(text)
        case .base64: isMarkup(decoded) ? PlainText.line(decoded) : CleanText.line(decoded)
        case .opaque: ""
        case .html, .xhtml: PlainText.line(text)
        }
    }

    /// The content as HTML.
    var html: String {
        switch kind {
        case .html, .xhtml: text
        case .base64: decoded
        case .opaque: ""
        case .text: isMarkup(text) ? text : Self.paragraphs(text)
        }
    }

    private static func kind(_ element: FeedElement) -> Kind {
        let type = element["type"]?.lowercased().prefix { $0 != ";" && $0 != " " } ?? "text"
        if element["mode"]?.lowercased() == "base64" { return .base64 }
        switch type {
        case "", "text", "text/plain": return .text
        case "html", "text/html": return .html
        case "xhtml", "application/xhtml+xml", "text/xml", "application/xml": return .xhtml
        case let other where other.hasPrefix("text/"): return .text
        case let other where other.hasSuffix("+xml"): return .xhtml
        // Base64 (RFC 4287 §4.1.3.3): of unknown bytes, which are worth a look, or of an image or the like.
        case "application/octet-stream": return .base64
        default: return .opaque
        }
    }

    private func isMarkup(_ text: String) -> Bool {
        element.hasMarkup || (guessesMarkup && Self.looksLikeMarkup(text))
    }

    /// Whether an end tag or a character reference stands in `text`.
    private static func looksLikeMarkup(_ text: String) -> Bool {
        CleanText.withBytes(of: text) { bytes in
            for index in bytes.indices {
                if bytes[index] == UInt8(ascii: "<") {
                    guard index + 2 < bytes.count else { return false }
                    if bytes[index + 1] == UInt8(ascii: "/"), isLetter(bytes[index + 2]) { return true }
                } else if bytes[index] == UInt8(ascii: "&") {
                    let match = CharacterReference.read(bytes, at: index, inAttribute: true)
                    if let match, bytes[index + match.length - 1] == UInt8(ascii: ";") { return true }
                }
            }
            return false
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    /// Base64 that holds UTF-8, else nothing.
    private var decoded: String {
        Data(base64Encoded: text, options: .ignoreUnknownCharacters).flatMap {
            String(validating: $0, as: UTF8.self)
        } ?? ""
    }

    private static func paragraphs(_ text: String) -> String {
        var out: [UInt8] = []
        let lines = CleanText.block(text).split(separator: "\n", omittingEmptySubsequences: false)
        for block in lines.split(whereSeparator: { $0.utf8.allSatisfy(CleanText.isBlank) }) {
            out.append(contentsOf: "<p>".utf8)
            CleanText.withBytes(of: block.joined(separator: "\n")) { HTMLWriter.escape($0, into: &out) }
            out.append(contentsOf: "</p>".utf8)
        }
        return String(decoding: out, as: UTF8.self)
    }
}
