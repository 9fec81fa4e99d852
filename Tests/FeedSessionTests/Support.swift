import FeedFormats
import FeedSession
import SyncCore

/// An entry with a headline of its own.
func entry(
    _ guid: String?, link: String? = nil, _ change: (inout ParsedEntry) -> Void = { _ in }
) -> ParsedEntry {
    var entry = ParsedEntry()
    entry.guid = guid
    entry.link = link
    entry.headline = "Headline of \(guid ?? link ?? "nothing")"
    change(&entry)
    return entry
}

/// A reading of a feed of example.com with these entries.
func reading(
    _ entries: [ParsedEntry], _ change: (inout ParsedFeed) -> Void = { _ in }, url: String? = "https://example.com/feed"
) -> FeedReading {
    var feed = ParsedFeed(format: .rss, title: "Title")
    feed.siteURL = "https://example.com/"
    feed.entries = entries
    change(&feed)
    let naming = FeedNaming(siteURL: feed.siteURL, effectiveURL: url, source: url ?? "file")
    return FeedReading(feed, naming: naming, url: url)
}
