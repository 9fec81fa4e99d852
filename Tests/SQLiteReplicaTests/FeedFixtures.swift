import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

/// What a feed says of the article with this number; each version says something else, and is a minute younger.
func item(
    _ number: UInt64, version: Int = 1, guid: String? = nil, url: String? = nil, touched: Int64? = nil
) throws -> FeedArticle {
    let page = url ?? "https://magazine.example/2026/\(number)"
    let guid = guid ?? page
    var article = Article(
        id: ArticleID(publication: "magazine", guid: guid), publication: try name("magazine"), number: 0,
        guid: guid, headline: "Headline \(number) of version \(version)", revision: 0,
        contentHash: Digest128(hashing: "\(number)/\(version)/\(guid)/\(page)".utf8))
    article.url = page
    article.published = at(Int64(number) * 60)
    article.updated = at(touched ?? Int64(number + UInt64(version)) * 60)
    article.bodyHTML = "<p>Body \(number), version \(version)</p>"
    article.bodyText = "Body \(number), version \(version)"
    let aliases = [page, guid].compactMap { ArticleAlias.key(of: $0) }
    return FeedArticle(article: article, aliases: Array(Set(aliases)).sorted())
}

/// A reading of a feed of the magazine.
func reading(_ items: [FeedArticle], of feed: String = "direct", isComplete: Bool = true) throws -> FeedReading {
    let publication = try name("magazine")
    var reading = FeedReading(
        publication: Publication(
            id: publication, number: 0, title: "Magazine, as its feed has it", siteURL: "https://magazine.example"),
        feed: Feed(id: try name(feed), publication: publication, title: "Feed \(feed)", url: address(of: feed)))
    reading.articles = items
    reading.isComplete = isComplete
    return reading
}

func address(of feed: String) -> String { "https://magazine.example/\(feed).xml" }

func subscription(_ feed: String = "direct") throws -> FeedSubscription {
    FeedSubscription(
        feed: try name(feed), publication: try name("magazine"), title: address(of: feed),
        fetch: FetchRecord(url: address(of: feed)))
}

extension Replica {
    /// Applies a reading of items as a refresh at `now` does.
    @discardableResult
    func take(
        _ items: [FeedArticle], of feed: String = "direct", isComplete: Bool = true, at now: WallTime = at(0)
    ) throws -> CatalogSummary {
        var fetch = FetchRecord(url: address(of: feed))
        fetch.checked = now
        return try apply(try reading(items, of: feed, isComplete: isComplete), fetch: fetch, at: now)
    }

    func detail(_ number: UInt64) throws -> ArticleDetail { try article(storyID(number).description) }
}
