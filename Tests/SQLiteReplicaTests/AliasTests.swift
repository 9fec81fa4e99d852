import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct AliasTests: OnOneDevice {
    let device: OneDevice

    init() throws { device = try OneDevice(feeds: ["direct", "second"]) }

    @Test(
        "another spelling of an article's address makes no duplicate, and the reader's state stays",
        arguments: [
            "http://magazine.example/2026/1", "https://www.magazine.example/2026/1",
            "https://magazine.example/2026/1/", "https://magazine.example/2026/1?utm_source=feed",
            "https://MAGAZINE.example:443/2026/1#top", "http://m.magazine.example/2026/1/?fbclid=9",
        ])
    func spelling(_ url: String) throws {
        try replica.take([try item(1)])
        _ = try replica.set(.saved(storyID(1), true), at: at(0))
        let summary = try replica.take([try item(1, guid: url, url: url), try item(2)])
        #expect(summary.added == 1)
        #expect(try replica.articleIDs(ArticleFilter(saved: true)) == [storyID(1)])
        #expect(try replica.articleIDs(ArticleFilter()).count == 2)
        #expect(try replica.take([try item(1, guid: url, url: url), try item(2)]) == CatalogSummary())
    }

    @Test("a feed that changes what its guids are makes no duplicates, and goes on under the old identities")
    func guidScheme() throws {
        try replica.take([try item(1), try item(2)])
        let renamed = [try item(1, guid: "post-1"), try item(2, guid: "post-2"), try item(3, guid: "post-3")]
        #expect(try replica.take(renamed) == CatalogSummary(added: 1))
        #expect(try replica.articleIDs(ArticleFilter()).suffix(2) == [storyID(2), storyID(1)])
        #expect(try replica.detail(1).article.guid == "post-1")
        // The page moves: only the new guid is left to know it by.
        let moved = try item(1, version: 2, guid: "post-1", url: "https://elsewhere.example/a")
        #expect(try replica.take([moved]) == CatalogSummary(corrected: 1))
        #expect(try replica.detail(1).summary.headline == "Headline 1 of version 2")
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("articles that share a page but are in the reading side by side are not taken for each other")
    func sharedPage() throws {
        let page = "https://magazine.example/podcast"
        let both = [try item(1, guid: "a", url: page), try item(2, guid: "b", url: page)]
        #expect(try replica.take(both).added == 2)
        // Two have the page now, so it names neither.
        #expect(try replica.take([try item(3, guid: "c", url: page)] + both).added == 1)
        #expect(try replica.take([try item(4, guid: "d", url: page)]).added == 1)
        #expect(try replica.articleIDs(ArticleFilter()).count == 4)
    }

    @Test("aliases that name different articles name none")
    func disagreement() throws {
        try replica.take([try item(1), try item(2)])
        let mixed = try item(
            7, guid: "http://www.magazine.example/2026/1", url: "http://www.magazine.example/2026/2")
        #expect(try replica.take([mixed]).added == 1)
    }

    @Test("an alias counts within its publication only")
    func otherPublication() throws {
        try replica.take([try item(1)])
        var other = try reading([try item(1, guid: "x")], of: "second")
        other.publication.id = try name("pirate")
        other.articles[0].article.publication = try name("pirate")
        other.articles[0].article.id = ArticleID(publication: "pirate", guid: "x")
        #expect(try replica.apply(other, fetch: FetchRecord(url: address(of: "second")), at: at(0)).added == 1)
    }

    @Test("so it is if it is the server that spells the page in another way", arguments: ["www.", "m.", "amp."])
    func ofServerSpelled(host: String) throws {
        var served = try article(2)
        served.url = "http://\(host)magazine.example/2026/2/"
        _ = try replica.apply(try page([.article(served)]), resets: false)
        #expect(try replica.take([try item(2, guid: "post-2", touched: -9)]) == CatalogSummary())
        #expect(try replica.articleIDs(ArticleFilter(feed: try name("direct"))) == [storyID(2)])
    }

    @Test("an article of a server is known by its page, so that a direct feed with other guids makes no duplicate")
    func ofServer() throws {
        _ = try replica.apply(try articles(1...3), resets: false)
        let url = "http://www.magazine.example/2026/2/?utm_medium=rss"
        #expect(try replica.take([try item(2, guid: "post-2", url: url, touched: -9)]) == CatalogSummary())
        #expect(try replica.articleIDs(ArticleFilter()).count == 3)
        #expect(try replica.detail(2).article.feeds == [try name("all"), try name("direct")])
        #expect(try replica.articleIDs(ArticleFilter(feed: try name("direct"))) == [storyID(2)])
    }
}
