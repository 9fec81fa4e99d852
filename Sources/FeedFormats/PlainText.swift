/// Renders HTML as text for a terminal.
///
/// Paragraphs are separated by a blank line; headings carry `#` marks; lists are `- ` and `1. `, indented; quotes
/// carry `> `; links become numbers in brackets with their addresses at the end; an image is
/// `[Image: caption (credit)]`, the credit being what a `cite` or `small` in the caption holds; `pre` keeps its
/// blanks; cells of a table row are separated by ` | `. Lines are not wrapped.
public struct PlainText: Sendable {
    /// Renders `html`, which need not be sanitised. Relative addresses are read against `base`.
    ///
    /// - Complexity: linear in the bytes of `html`.
    public static func render(_ html: String, base: String? = nil) -> String {
        var writer = HTMLSanitizer.run(html, base: base, into: PlainTextWriter(capacity: html.utf8.count))
        return writer.finish()
    }

    /// The text of `html` on one line, without marks, links or images: for titles and standfirsts.
    static func line(_ html: String) -> String {
        // Most titles hold no markup at all.
        guard html.utf8.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }) else {
            return CleanText.line(html)
        }
        return CleanText.line(HTMLSanitizer.run(html, base: nil, into: LineWriter()).text)
    }
}

/// Collects the bare text; blocks and breaks are blanks.
struct LineWriter: HTMLSink {
    private var out: [UInt8] = []

    var text: String { String(decoding: out, as: UTF8.self) }

    mutating func open(_ element: HTMLElement, _ attributes: [HTMLAttribute]) {
        if !element.isInline || element == .br { out.append(0x20) }
    }

    mutating func close(_ element: HTMLElement) {
        if !element.isInline { out.append(0x20) }
    }

    mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) { out.append(contentsOf: bytes) }
}
