import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

/// One publication that comes from a server's history and from a feed that the replica reads itself.
@Suite struct MixedCatalogTests: OnOneDevice {
    let device: OneDevice

    init() throws { device = try OneDevice(feeds: ["direct"]) }

    private func logIn(_ library: Library) throws {
        var reply = ExchangeReply(time: at(0), entries: [], cursor: .origin)
        reply.library = library
        _ = try replica.apply(reply, at: at(0))
    }

    /// What a server says of an article whose feed says the same.
    private func served(_ number: UInt64, version: Int = 1, revision: Int = 1) throws -> CatalogEntry {
        var article = try item(number, version: version).article
        article.number = number
        article.revision = revision
        article.feeds = [try name("all")]
        return .article(article)
    }

    private func words(_ number: UInt64) throws -> String { try replica.detail(number).article.bodyText }

    @Test("whichever comes first, server or feed, an article is one, in the feeds of both, under its number")
    func bothOrders() throws {
        try logIn(try library())
        try replica.take([try item(1)])
        #expect(try replica.names(of: [storyID(1)]) == [nil])
        #expect(try replica.apply(try page([try served(1), try served(2)]), resets: false).added == 1)
        #expect(try replica.take([try item(1), try item(2)]) == CatalogSummary())
        for number in [UInt64(1), 2] {
            let article = try replica.detail(number).article
            #expect(article.feeds == [try name("all"), try name("direct")])
            #expect(article.number == number)
            #expect(article.revision == 1)
            #expect(try replica.names(of: [storyID(number)]).first??.number == number)
        }
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("a server that counts on without another text corrects nothing for whoever read it; another text does")
    func countsOn() throws {
        try logIn(try library())
        _ = try replica.apply(try page([try served(1)]), resets: false)
        try replica.take([try item(1)])
        #expect(try replica.take([try item(1, version: 2)]).corrected == 1)
        _ = try replica.set(.read(storyID(1), true, by: .explicit), at: at(100))
        _ = try replica.apply(try page([try served(1, version: 2, revision: 5)], from: 1), resets: false)
        #expect(try replica.detail(1).article.revision == 5)
        #expect(try replica.articleIDs(ArticleFilter(correctedSinceRead: true)).isEmpty)
        #expect(try replica.take([try item(1, version: 3)]).corrected == 1)
        #expect(try replica.articleIDs(ArticleFilter(correctedSinceRead: true)) == [storyID(1)])
    }

    @Test("a correction that feed and server both bring is one correction, whichever brings it first")
    func correctedOnce() throws {
        _ = try replica.apply(try page([try served(1), try served(2)]), resets: false)
        try replica.take([try item(1), try item(2)])
        #expect(try replica.take([try item(1, version: 2), try item(2)]).corrected == 1)
        let entries = [try served(1, version: 2, revision: 2), try served(2, version: 2, revision: 2)]
        #expect(try replica.apply(try page(entries, from: 2), resets: false) == CatalogSummary(corrected: 1))
        #expect(try replica.take([try item(1, version: 2), try item(2, version: 2)]) == CatalogSummary())
        for number in [UInt64(1), 2] {
            #expect(try replica.revisions(of: storyID(number)).map(\.revision) == [2, 1])
            #expect(try words(number) == "Body \(number), version 2")
        }
    }

    @Test("a server's correction counts although the feed has counted more revisions than the server")
    func countedAhead() throws {
        for version in 1...3 { try replica.take([try item(1, version: version)]) }
        #expect(try replica.detail(1).article.revision == 3)
        // The server has read the feed once, and before the last correction.
        _ = try replica.apply(try page([try served(1, version: 2)]), resets: false)
        #expect(try words(1) == "Body 1, version 3")
        _ = try replica.apply(try page([try served(1, version: 3, revision: 2)], from: 1), resets: false)
        #expect(try words(1) == "Body 1, version 3")
        #expect(try replica.detail(1).olderRevisions == 2)
        let last = try replica.apply(try page([try served(1, version: 4, revision: 3)], from: 2), resets: false)
        #expect(last.corrected == 1)
        #expect(try words(1) == "Body 1, version 4")
        #expect(try replica.take([try item(1, version: 3)]) == CatalogSummary())
        #expect(try replica.take([try item(1, version: 4)]) == CatalogSummary())
        #expect(try replica.take([try item(1, version: 5)]) == CatalogSummary(corrected: 1))
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("a server that counts more revisions than the feed has seen goes on from its own count")
    func countedBehind() throws {
        try replica.take([try item(1, version: 5)])
        _ = try replica.apply(try page([try served(1, version: 5, revision: 5)], from: 128), resets: false)
        #expect(try replica.detail(1).article.revision == 5)
        _ = try replica.apply(try page((1...4).map { try served(1, version: $0, revision: $0) }), resets: false)
        #expect(try words(1) == "Body 1, version 5")
        #expect(try replica.revisions(of: storyID(1)).map(\.revision) == [5, 4, 3, 2, 1])
    }

    @Test("neither a list of feeds nor a new history of the server takes an article out of the replica's own feed")
    func membership() throws {
        try replica.take([try item(1), try item(2)])
        _ = try replica.apply(
            try page([try served(1), try served(2), .feeds(number: 1, [try name("spotlight")])]), resets: false)
        #expect(try replica.detail(1).article.feeds == [try name("direct"), try name("spotlight")])
        _ = try replica.apply(
            try page([try served(1), .feeds(number: 1, [])], generation: "h"), resets: true)
        #expect(try replica.detail(1).article.feeds == [try name("direct")])
        try replica.take([try item(2)], at: at(9))
        #expect(try replica.articleIDs(ArticleFilter(feed: try name("direct"))).count == 2)
    }

    @Test("what the server says of a feed that both have keeps the article in it when the feed is taken out")
    func sharedFeed() throws {
        try replica.subscribe([try subscription("all")])
        try replica.take([try item(1)], of: "all")
        _ = try replica.apply(try page([try served(1), .feeds(number: 1, [])]), resets: false)
        #expect(try replica.articleIDs(ArticleFilter(feed: try name("all"))) == [storyID(1)])
        #expect(try replica.unsubscribe(try name("all")))
        _ = try replica.apply(try page([.feeds(number: 1, [try name("all")])], from: 2), resets: false)
        #expect(try replica.articleIDs(ArticleFilter(feed: try name("all"))) == [storyID(1)])
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("a library keeps its own words for what it has, and direct feeds stay when it has them not")
    func libraryReplaced() throws {
        try replica.take([try item(1)])
        #expect(try replica.feeds().first?.publication?.title == "Magazine, as its feed has it")
        try logIn(try library())
        #expect(try replica.feeds().map(\.publication?.title) == ["The Magazine", "The Magazine"])
        #expect(try replica.feeds().map(\.publication?.number) == [7, 7])
        try replica.take([try item(1), try item(2)])
        #expect(try replica.feeds().map(\.publication?.title) == ["The Magazine", "The Magazine"])
        try logIn(Library(version: "l2", publications: [], feeds: [], newsletters: [], wordings: []))
        let feeds = try replica.feeds()
        #expect(feeds.map(\.feed.id) == [try name("direct")])
        #expect(feeds.first?.direct != nil)
        #expect(feeds.first?.publication?.number == 0)
    }

    @Test("a feed that the library also has shows the library's words, and its own to whoever reads it")
    func sharedTitle() throws {
        try replica.subscribe([try subscription("all")])
        try logIn(try library())
        try replica.take([try item(1)], of: "all")
        let feed = try #require(try replica.feeds().first { $0.feed.title == "All" })
        #expect(feed.direct?.title == "Feed all")
    }

    @Test("what the server took back stays away, in whatever order it and the feed come", arguments: [true, false])
    func withdrawn(feedFirst: Bool) throws {
        if feedFirst { try replica.take([try item(1)]) }
        _ = try replica.apply(try page([try served(1), .removed(number: 1)]), resets: false)
        #expect(try replica.take([try item(1)]) == CatalogSummary())
        #expect(try replica.articleIDs(ArticleFilter()).isEmpty)
        #expect(try replica.checkIntegrity() == [])
    }

    @Test(
        "a withdrawal that comes before its entry reaches an article that the feed brought", arguments: [true, false])
    func withdrawnAhead(feedFirst: Bool) throws {
        if feedFirst { try replica.take([try item(1)]) }
        _ = try replica.apply(try page([.removed(number: 1)], from: 128), resets: false)
        if !feedFirst { try replica.take([try item(1)]) }
        #expect(try replica.articleIDs(ArticleFilter()) == [storyID(1)])
        _ = try replica.apply(try page([try served(1)], from: 0), resets: false)
        #expect(try replica.articleIDs(ArticleFilter()).isEmpty)
    }

    @Test("retention spares what a server holds, and a server brings back what retention dropped")
    func retention() throws {
        _ = try replica.apply(try page([try served(1)]), resets: false)
        try replica.take([try item(1), try item(2)])
        try replica.take([], at: at(100))
        #expect(try replica.retain(since: at(500)) == 1)
        #expect(try replica.articleIDs(ArticleFilter()) == [storyID(1)])
        #expect(try replica.apply(try page([try served(2)], from: 1), resets: false) == CatalogSummary(added: 1))
        #expect(try words(2) == "Body 2, version 1")
        #expect(try replica.search("body", limit: 9).hits.count == 2)
    }

    @Test("retention spares what a feed of the server holds whose new history has not come yet")
    func retentionWithoutHistory() throws {
        try logIn(try library())
        _ = try replica.apply(try page([try served(1)]), resets: false)
        try replica.take([try item(1), try item(2)])
        _ = try replica.apply(try page([], from: 9, generation: "h"), resets: true)
        try replica.take([], at: at(100))
        #expect(try replica.retain(since: at(500)) == 1)
        #expect(try replica.articleIDs(ArticleFilter()) == [storyID(1)])
    }

    @Test(
        "an article of a direct feed has no number until a history names it: a server that is put back gives numbers to others"
    )
    func numbers() throws {
        try replica.take([try item(1), try item(2)])
        try logIn(try library())
        #expect(try replica.names(of: [storyID(1), storyID(2)]).map { $0?.number } == [nil, nil])
        #expect(try replica.articles(named: [(7, 0), (7, 40)]) == [nil, nil])
    }

    @Test("marks made before there was a server are pushed when one is added, and reach the reader's other device")
    func loginLater() throws {
        try replica.take([try item(1), try item(2)])
        _ = try replica.set(
            .saved(storyID(1), true), .read(storyID(2), true, by: .explicit), .note(storyID(1), "n"), at: at(1))
        let server = TinyServer()
        let other = try folder.replica("b", id: 2)
        _ = try other.set(.tag(storyID(2), try tag("t"), true), at: at(2))
        for device in [replica, other, replica] { try device.sync(with: server, at: at(3)) }
        #expect(try replica.pendingCount() == 0)
        #expect(try replica.exportState() == (try other.exportState()))
        #expect(try replica.detail(2).summary.tags == [try tag("t")])
        // The other device reads the same feed later.
        try other.subscribe([try subscription()])
        try other.take([try item(1), try item(2)])
        #expect(try other.detail(1).summary.isSaved)
        #expect(try other.detail(1).note == "n")
        #expect(try other.detail(2).summary.isRead)
        #expect(try other.checkIntegrity() == [])
    }

    @Test("what a replica reads itself is no part of the reader's state")
    func export() throws {
        let before = try replica.exportState()
        try replica.take([try item(1)])
        #expect(try replica.exportState() == before)
    }
}
