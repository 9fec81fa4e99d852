extension Article {
    /// What an article without a headline or a text is called.
    public static let untitled = "Untitled"
    /// Most characters of a title that is made of the text, and of one that stands in a message.
    public static let maximumOpening = 60

    /// What the article is called wherever it is named, see ``title(headline:opening:)``.
    public var title: String {
        Self.title(headline: headline, opening: (standfirst ?? "") + "\n" + bodyText.prefix(2_000))
    }

    /// The headline; where the publisher gives none, the first words of the text, as feed readers do.
    ///
    /// - Parameter opening: a beginning of the standfirst or of the plain text; a line or more of it is enough.
    public static func title(headline: String, opening: @autoclosure () -> String?) -> String {
        if headline.contains(where: { !$0.isWhitespace }) { return headline }
        for line in (opening() ?? "").prefix(2_000).split(whereSeparator: \.isNewline) {
            let words = line.drop { $0.isWhitespace || "#>-*|".contains($0) }
            if words.isEmpty || words.hasPrefix("[Image") { continue }
            return cut(String(words), to: maximumOpening)
        }
        return untitled
    }

    /// The beginning of a text, cut behind a word if that is not far from the end.
    ///
    /// - Parameter characters: most of them, 1 and up, with the ellipsis.
    public static func cut(_ text: String, to characters: Int) -> String {
        guard text.count > characters else { return text }
        let beginning = text.prefix(max(0, characters - 1))
        let blank = beginning.lastIndex(of: " ") ?? beginning.startIndex
        let isNear = beginning.distance(from: blank, to: beginning.endIndex) <= characters / 4
        return (isNear ? beginning[..<blank] : beginning) + "…"
    }
}
