import FeedFormats
import FeedSession
import SyncCore
import Testing

import struct FoundationEssentials.Data

@Suite("Readings of other people's feeds", .enabled(if: Corpora.isPresent, "the corpora are not on this machine"))
struct CorpusTests {
    /// Every feed of the corpora that can be read.
    private func feeds() throws -> [(name: String, feed: ParsedFeed)] {
        try ["feedparser", "feedvalidator", "gofeed", "miniflux", "netnewswire", "feedkit"].flatMap { folder in
            try ["xml", "json", "rss", "atom"].flatMap { Corpora.files(folder, extension: $0) }.compactMap { file in
                let data = try Data(contentsOf: file)
                let feed = try? FeedParser.parse(data, contentType: nil, baseURL: "https://example.com/feed")
                return feed.map { (file.path, $0) }
            }
        }
    }

    private func hasOwnNames(_ feed: ParsedFeed) -> Bool {
        let names = feed.entries.map { ArticleGUID.normalised($0.guid ?? $0.link ?? "") }
        return Set(names).count == names.count
    }

    private func read(_ feed: ParsedFeed) -> FeedReading {
        let url = "https://example.com/feed"
        return FeedReading(feed, naming: FeedNaming(siteURL: feed.siteURL, effectiveURL: url, source: url), url: url)
    }

    @Test("every entry is one article, a repetition, or left out with a warning; no two share an identity or an alias")
    func whole() throws {
        let feeds = try feeds()
        #expect(feeds.count > 1_000)
        for (name, feed) in feeds {
            let reading = read(feed)
            let ids = reading.articles.map(\.article.id)
            #expect(Set(ids).count == ids.count, "\(name)")
            let aliases = reading.articles.flatMap(\.aliases)
            #expect(Set(aliases).count == aliases.count, "\(name)")
            #expect(reading.articles.count + reading.skipped <= feed.entries.count, "\(name)")
            #expect(read(feed) == reading, "\(name)")
        }
    }

    @Test(
        "an article that has a guid or link to itself keeps its identity, or an alias, when another one leaves the feed"
    )
    func stable() throws {
        for (name, feed) in try feeds() where feed.entries.count > 1 && hasOwnNames(feed) {
            let before = read(feed)
            var later = feed
            later.entries.removeLast()
            let after = read(later)
            let ids = Set(before.articles.map(\.article.id))
            let aliases = Set(before.articles.flatMap(\.aliases))
            let strangers = after.articles.filter {
                !ids.contains($0.article.id) && aliases.isDisjoint(with: $0.aliases)
            }
            #expect(strangers.isEmpty, "\(name): \(strangers.map(\.article.guid))")
        }
    }

    @Test("no feed of the corpora holds a promotion")
    func promotions() throws {
        let found = try feeds().flatMap { read($0.feed).articles.filter(\.article.isPromotion) }
        #expect(found.isEmpty, "\(found.map(\.article.headline))")
    }
}
