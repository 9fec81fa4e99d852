/// Says what an address alone gives away.
enum FeedAddress {
    /// Whether `address`, absolute or not, looks like a feed's.
    static func looksLikeFeed(_ address: String) -> Bool {
        guard let parts = AddressParts(address) else { return false }
        let path = parts.path.lowercased()
        let segments = path.split(separator: "/")
        if let last = segments.last {
            if notFeeds.contains(where: { last.contains($0) }) { return false }
            if suffixes.contains(where: { last.hasSuffix($0) }) || names.contains(String(last)) { return true }
        }
        // WordPress without pretty addresses, and forums.
        return (parts.query ?? "").lowercased().split { $0 == "&" || $0 == ";" }.contains {
            queries.contains(String($0))
        }
    }

    /// Whether an address or a title speaks of readers' comments rather than of articles.
    static func isAboutComments(_ address: String, title: String?) -> Bool {
        let segments = (AddressParts(address)?.path ?? "").lowercased().split(separator: "/")
        if segments.contains(where: { $0 == "comment" || $0.hasPrefix("comments") }) { return true }
        let words = (title ?? "").lowercased()
        return comments.contains { CleanText.contains(words, $0) }
    }

    private static let suffixes = [
        ".rss", ".rdf", ".atom", ".xml", ".rss2", "feed.json", "rss.json", "rss.php", "feed.php",
    ]
    private static let names: Set<String> = ["feed", "feeds", "rss", "rss2", "atom", "rdf", "jsonfeed", "atom1"]
    private static let notFeeds = ["sitemap", "opensearch", "wlwmanifest", "browserconfig", "osd.xml"]
    private static let queries: Set<String> = [
        "feed=rss", "feed=rss2", "feed=atom", "feed=rdf", "feed=json", "format=rss", "format=atom", "format=feed",
        "type=rss", "type=atom", "output=rss", "output=atom", "alt=rss", "alt=atom",
    ]
    /// In the languages that blogging systems speak most. Not "comment" alone, which is also a section of a newspaper.
    private static let comments: [StaticString] = [
        "comments", "comment feed", "kommentar", "commentaires", "comentarios", "comentários", "commenti", "reacties",
        "комментари", "コメント", "评论", "댓글",
    ]
}
