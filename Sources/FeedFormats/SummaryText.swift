extension HTMLSanitizer {
    /// Sanitises once for a summary: as HTML, and as one line of plain text.
    static func sanitizeWithLine(_ html: String, base: String?) -> (html: String, line: String) {
        let both = run(html, base: base, into: SinkPair(HTMLWriter(capacity: html.utf8.count), LineWriter()))
        return (both.first.text, CleanText.line(both.second.text))
    }
}
