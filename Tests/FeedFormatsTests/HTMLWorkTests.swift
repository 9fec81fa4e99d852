import Testing

@testable import FeedFormats

/// Hostile input must not cost more than its length. Steps are counted, not seconds.
@Suite("Work of the sanitiser")
struct HTMLWorkTests {
    /// What is repeated, and what may stand before it.
    private static let patterns: [(before: String, repeated: String)] = [
        ("", "<"), ("", "&"), ("", "<a "), ("", "<a href=\""), ("", "<a x='"), ("", "<div>"), ("", "</"), ("", "<!--"),
        ("", "<!-- -- "), ("", "<blockquote>x"), ("", "<ul><li>x"), ("", "<table><tr><td>x"), ("", "<img src=/a>"),
        ("", "<a href=/a>x"), ("", "<svg>"), ("", "<svg></svg>"), ("", "<iframe>"), ("", "<script></scrip"),
        ("", "<b>"),
        ("<blockquote><blockquote><blockquote>", "x<br>"), ("", "&#"), ("", "&notit"), ("", " "), ("<a ", "a=b "),
        ("", "<pre>\n\n"), ("", "<figure><figcaption>x"), ("", "<figcaption><span class=credit>"), ("", "\""),
        ("", "\u{1B}"), ("", "<noscript><img src=/a>"), ("<table><tr>", "<td>x</td>"), ("", "<table><tr><td>x<td>y"),
        ("", "<video><source src=/v>"), ("", "<img srcset='a 1w, b 2w'>"), ("", "<dl><dd>x<br>"), ("", "<p>x"),
    ]

    @Test("twice the hostile input takes at most twice the steps", arguments: 0..<36)
    func linear(index: Int) {
        let pattern = Self.patterns[index]
        let (one, two) = (Self.steps(pattern, bytes: 20_000), Self.steps(pattern, bytes: 40_000))
        #expect(two <= 2 * one + 400, "\(pattern.repeated): \(one), then \(two)")
        // 64 elements looked at for each of the shortest tags.
        #expect(two <= 40_000 * 32, "\(pattern.repeated): \(two)")
    }

    @Test("neither output grows past a small multiple of a hostile input", arguments: 0..<36)
    func size(index: Int) {
        let source = Self.source(Self.patterns[index], bytes: 100_000)
        let both = HTMLSanitizer.sanitizeAndRender(source, base: "https://p.example/")
        #expect(both.html.utf8.count <= 10 * source.utf8.count + (64 << 10))
        #expect(both.text.utf8.count <= 6 * source.utf8.count + (64 << 10))
    }

    @Test("a long base and many short references do not make a page a thousand times its size")
    func longBase() {
        let base = "https://p.example/" + String(repeating: "a", count: 2_000) + "/"
        let source = String(repeating: "<a href=x>y</a>", count: 10_000)
        let html = HTMLSanitizer.sanitize(source, base: base)
        #expect(html.utf8.count < 6 * source.utf8.count + (64 << 10))
        #expect(html.hasPrefix("<a href=\"https://p.example/aaa"))
        #expect(html.hasSuffix("<a>y</a>"))
    }

    @Test("quotes inside quotes are marked to a bound, their text stays")
    func deepQuotes() {
        let text = PlainText.render(String(repeating: "<blockquote>", count: 60) + "x")
        #expect(text == String(repeating: "> ", count: 12) + "x")
    }

    private static func source(_ pattern: (before: String, repeated: String), bytes: Int) -> String {
        pattern.before + String(repeating: pattern.repeated, count: bytes / pattern.repeated.utf8.count)
    }

    private static func steps(_ pattern: (before: String, repeated: String), bytes: Int) -> Int {
        CleanText.withBytes(of: source(pattern, bytes: bytes)) { bytes in
            let sink = SinkPair(HTMLWriter(capacity: bytes.count), PlainTextWriter(capacity: bytes.count))
            var filter = HTMLFilter(bytes, base: "https://p.example/", sink: sink)
            filter.run()
            return filter.steps
        }
    }
}
