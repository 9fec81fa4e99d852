/// Turns a publisher's HTML into HTML that is safe to show: an allow-list of elements and attributes, written anew.
///
/// Kept are text structure, lists, tables, links (`http`, `https`, `mailto`) and images (`http`, `https`), all
/// addresses absolute; images that a script would load late get their address, and a frame with a video becomes a link
/// to it. Gone are scripts, styles, frames, plug-ins, forms, SVG, MathML, event handlers, `style`, `class` and `id`,
/// tracking pixels, control characters, and nesting past ``maximumDepth``. The output is balanced, every attribute
/// quoted, `<`, `>`, `&` and `"` escaped.
public struct HTMLSanitizer: Sendable {
    /// Most elements open at once; deeper tags are left out, their text stays.
    public static let maximumDepth = 64

    /// Sanitises `html`, reading relative addresses against `base`. An address that stays relative is left out.
    ///
    /// - Complexity: linear in the bytes of `html`. The output has at most six bytes for each of the input (`"` becomes
    ///   `&quot;`), what resolving addresses may add (four for each and 64 KB), and the end tags that were missing.
    public static func sanitize(_ html: String, base: String?) -> String {
        let writer = run(html, base: base, into: HTMLWriter(capacity: html.utf8.count))
        return writer.text
    }

    /// Sanitises once for both outputs: the HTML of ``sanitize(_:base:)`` and the text of ``PlainText/render(_:base:)``.
    public static func sanitizeAndRender(_ html: String, base: String?) -> (html: String, text: String) {
        var both = run(
            html, base: base,
            into: SinkPair(HTMLWriter(capacity: html.utf8.count), PlainTextWriter(capacity: html.utf8.count)))
        return (both.first.text, both.second.finish())
    }

    /// Feeds what is allowed of `html` to `sink` and gives the sink back.
    public static func run<Sink: HTMLSink>(_ html: String, base: String?, into sink: Sink) -> Sink {
        CleanText.withBytes(of: html) { bytes in
            var filter = HTMLFilter(bytes, base: base, sink: sink)
            filter.run()
            return filter.sink
        }
    }
}

/// Feeds two sinks at once.
struct SinkPair<First: HTMLSink, Second: HTMLSink>: HTMLSink {
    var first: First
    var second: Second

    init(_ first: First, _ second: Second) {
        self.first = first
        self.second = second
    }

    mutating func open(_ element: HTMLElement, _ attributes: [HTMLAttribute]) {
        first.open(element, attributes)
        second.open(element, attributes)
    }

    mutating func close(_ element: HTMLElement) {
        first.close(element)
        second.close(element)
    }

    mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        first.text(bytes)
        second.text(bytes)
    }
}
