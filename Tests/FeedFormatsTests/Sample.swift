import FeedFormats
import FoundationEssentials

/// Short ways to feeds for tests.
enum Sample {
    static func parse(
        _ text: String, contentType: String? = nil, base: String? = "https://paper.example/feeds/all.xml",
        limits: FeedLimits = .default
    ) throws -> ParsedFeed {
        try FeedParser.parse(Data(text.utf8), contentType: contentType, baseURL: base, limits: limits)
    }

    /// An RSS document around items.
    static func rss(_ items: String, channel: String = "<link>https://paper.example/</link>") -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" \
        xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" \
        xmlns:atom="http://www.w3.org/2005/Atom" xmlns:rs="urn:reader-sync:article:1">
        <channel><title>Paper</title>\(channel)\(items)</channel></rss>
        """
    }

    /// The only entry of an RSS document with one item.
    static func item(_ inner: String, channel: String = "<link>https://paper.example/</link>") throws
        -> ParsedEntry
    {
        try first(parse(rss("<item>\(inner)</item>", channel: channel)))
    }

    /// An Atom document around entries.
    static func atom(_ inner: String, attributes: String = "") -> String {
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" \(attributes)><title>Notes</title>\(inner)</feed>"
    }

    static func atomEntry(_ inner: String, attributes: String = "") throws -> ParsedEntry {
        try first(parse(atom("<entry>\(inner)</entry>", attributes: attributes)))
    }

    private struct NoEntry: Error {}

    private static func first(_ feed: ParsedFeed) throws -> ParsedEntry {
        guard let entry = feed.entries.first else { throw NoEntry() }
        return entry
    }

    static func code(_ text: String, limits: FeedLimits = .default) -> FeedError.Code? {
        do {
            _ = try FeedParser.parse(Data(text.utf8), contentType: nil, baseURL: nil, limits: limits)
            return nil
        } catch {
            return error.code
        }
    }

    static func milliseconds(_ text: String) -> Int64? { FeedDate.parse(text)?.milliseconds }
}
