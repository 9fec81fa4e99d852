import struct FoundationEssentials.Data

/// Text and content constructs (RFC 4287 §3.1 and §4.1.3).
enum TextConstruct {
    private enum Kind {
        case text, html, xhtml, base64, opaque
    }

    /// How the element's content is to be collected.
    static func mode(of element: FeedElement) -> ContentMode {
        switch kind(element) {
        case .text, .base64, .opaque: .text
        case .html: .html
        case .xhtml: .markup
        }
    }

    /// The content on one line of plain text.
    static func line(_ element: FeedElement, _ text: String) -> String {
        switch kind(element) {
        case .text: CleanText.line(text)
        case .base64: PlainText.line(decoded(text))
        case .opaque: ""
        case .html, .xhtml: PlainText.line(text)
        }
    }

    /// The content as HTML.
    static func html(_ element: FeedElement, _ text: String) -> String {
        switch kind(element) {
        case .html, .xhtml: text
        case .base64: decoded(text)
        case .opaque: ""
        case .text: paragraphs(text)
        }
    }

    private static func kind(_ element: FeedElement) -> Kind {
        switch element["type"]?.lowercased() ?? "text" {
        case "", "text", "text/plain": .text
        case "html", "text/html": .html
        case "xhtml", "application/xhtml+xml": .xhtml
        case let other where other.hasPrefix("text/"): .text
        // Base64 (RFC 4287 §4.1.3.3): of unknown bytes, which are worth a look, or of an image or the like.
        case "application/octet-stream": .base64
        default: .opaque
        }
    }

    /// Base64 that holds UTF-8, else nothing.
    private static func decoded(_ text: String) -> String {
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
