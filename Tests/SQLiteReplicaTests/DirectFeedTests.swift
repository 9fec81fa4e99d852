import GRDB
import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct DirectFeedTests: OnOneDevice {
    let device: OneDevice

    init() throws { device = try OneDevice(feeds: ["direct", "second"]) }

    @Test("what a feed says of an article comes back as it was, with a revision counted here")
    func roundTrip() throws {
        var said = try item(1)
        said.article.isDayPrecise = true
        said.article.enclosures = [Enclosure(url: "https://magazine.example/a.mp3", type: "audio/mpeg", length: 5)]
        #expect(try replica.take([said]) == CatalogSummary(added: 1))
        var expected = said.article
        expected.revision = 1
        expected.feeds = [try name("direct")]
        #expect(try replica.detail(1).article == expected)
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("applying a reading again changes nothing")
    func again() throws {
        let items = try (1...5).map { try item($0) }
        #expect(try replica.take(items).added == 5)
        #expect(try replica.take(items, at: at(1)) == CatalogSummary())
        #expect(try replica.take(items, isComplete: false, at: at(2)) == CatalogSummary())
        #expect(try replica.detail(3).article.revision == 1)
        #expect(try replica.detail(3).olderRevisions == 0)
    }

    @Test("what several feeds brought is kept in one transaction, whole or not at all")
    func several() throws {
        let first = FeedNews.reading(try reading([try item(1)]), FetchRecord(url: address(of: "direct")))
        var broken = try reading([try item(2)], of: "second")
        broken.articles[0].article.publication = try name("other")
        let second = FeedNews.reading(broken, FetchRecord(url: address(of: "second")))
        #expect(throws: ReplicaError.self) { try replica.keep([first, second], at: at(0)) }
        #expect(throws: ReplicaError.self) { try replica.detail(1) }
        let whole = FeedNews.reading(try reading([try item(2)], of: "second"), FetchRecord(url: address(of: "second")))
        #expect(try replica.keep([first, whole], at: at(0)) == CatalogSummary(added: 2))
        #expect(try replica.detail(1).article.feeds == [try name("direct")])
        #expect(try replica.detail(2).article.feeds == [try name("second")])
    }

    @Test("a correction keeps what the reader did, the older text, and the index right")
    func correction() throws {
        try replica.take([try item(1)])
        #expect(try replica.search("\"version 1\"", limit: 9).hits.count == 1)
        _ = try replica.set(
            .read(storyID(1), true, by: .explicit), .saved(storyID(1), true), .note(storyID(1), "n"), at: at(90))
        #expect(try replica.take([try item(1, version: 2)]) == CatalogSummary(corrected: 1))
        let detail = try replica.detail(1)
        #expect(detail.summary.isRead && detail.summary.isSaved && detail.note == "n")
        #expect(detail.summary.correctedSinceRead)
        #expect(try replica.revisions(of: storyID(1)).map(\.bodyText) == ["Body 1, version 2", "Body 1, version 1"])
        #expect(try replica.search("\"version 1\"", limit: 9).hits.isEmpty)
        #expect(try replica.search("\"version 2\"", limit: 9).hits.count == 1)
    }

    @Test("what the reader said of an article before a feed brought it is shown when it comes")
    func stateBeforeArticle() throws {
        _ = try replica.set(
            .saved(storyID(1), true), .read(storyID(1), true, by: .bulk), .tag(storyID(1), try tag("t"), true),
            at: at(0))
        try replica.take([try item(1)])
        let summary = try replica.detail(1).summary
        #expect(summary.isSaved && summary.isRead)
        #expect(summary.tags == [try tag("t")])
    }

    @Test("an article in two feeds is one article in both, and two wordings of one version are no correction")
    func twoFeeds() throws {
        try replica.take([try item(1)])
        var other = try item(1)
        other.article.kicker = "Spotlight"
        other.article.contentHash = Digest128(hashing: "spotlight".utf8)
        #expect(try replica.take([other], of: "second") == CatalogSummary())
        #expect(try replica.take([try item(1)]) == CatalogSummary())
        #expect(try replica.take([other], of: "second") == CatalogSummary())
        #expect(try replica.detail(1).article.feeds == [try name("direct"), try name("second")])
        #expect(try replica.detail(1).article.kicker == nil)
        #expect(try replica.articleIDs(ArticleFilter()).count == 1)
        // Corrected in both, one after the other.
        other.article.contentHash = Digest128(hashing: "spotlight 2".utf8)
        #expect(try replica.take([try item(1, version: 2)]) == CatalogSummary(corrected: 1))
        #expect(try replica.take([other], of: "second") == CatalogSummary(corrected: 1))
        #expect(try replica.take([try item(1, version: 2)]) == CatalogSummary())
    }

    @Test("a feed that is new to an article corrects it only if the publisher touched it later")
    func laterFeed() throws {
        try replica.take([try item(1, version: 2)])
        #expect(try replica.take([try item(1, version: 1)], of: "second") == CatalogSummary())
        #expect(try replica.detail(1).summary.headline == "Headline 1 of version 2")
        try replica.subscribe([try subscription("third")])
        #expect(try replica.take([try item(1, version: 3)], of: "third") == CatalogSummary(corrected: 1))
        #expect(try replica.detail(1).summary.headline == "Headline 1 of version 3")
    }

    @Test("a corrected date moves the article in all its lists")
    func moved() throws {
        try replica.take([try item(1), try item(2)])
        try replica.take([try item(1), try item(2)], of: "second")
        var later = try item(1, version: 2)
        later.article.published = at(9_000)
        try replica.take([later, try item(2)])
        for feed in ["direct", "second"] {
            #expect(try replica.articleIDs(ArticleFilter(feed: try name(feed))) == [storyID(1), storyID(2)])
        }
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("an article without a date stands where it came, and stays there when it is corrected")
    func undated() throws {
        var bare = try item(1)
        (bare.article.published, bare.article.updated) = (nil, nil)
        try replica.take([bare, try item(2)], at: at(1_000))
        (bare.article.contentHash, bare.article.bodyText) = (.zero, "Corrected")
        #expect(try replica.take([bare, try item(2), try item(9)], at: at(2_000)).corrected == 1)
        #expect(try replica.articleIDs(ArticleFilter()) == [storyID(1), storyID(9), storyID(2)])
        #expect(try replica.detail(1).summary.published == nil)
    }

    @Test("an entry that a reading has twice counts once")
    func twice() throws {
        #expect(try replica.take([try item(1), try item(1, version: 2)]) == CatalogSummary(added: 1))
        #expect(try replica.take([try item(1), try item(1, version: 2)]) == CatalogSummary())
    }

    @Test("an error in the middle leaves nothing of the reading, nor of its fetch record")
    func atomic() throws {
        try replica.take([try item(1)], at: at(5))
        _ = try replica.search("body", limit: 1)
        try DatabaseQueue(path: folder.file()).write { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER broken BEFORE INSERT ON article WHEN new.headline LIKE 'Headline 4%'
                    BEGIN SELECT RAISE (ABORT, 'no'); END
                    """)
        }
        let items = [try item(1, version: 2), try item(3), try item(4)]
        #expect(throws: ReplicaError.self) { try replica.take(items, at: at(6)) }
        #expect(try replica.articleIDs(ArticleFilter()) == [storyID(1)])
        #expect(try replica.detail(1).article.revision == 1)
        #expect(try replica.subscriptions().first?.fetch.checked == at(5))
        #expect(try replica.search("\"version 1\"", limit: 9).hits.count == 1)
        try DatabaseQueue(path: folder.file()).write { try $0.execute(sql: "DROP TRIGGER broken") }
        #expect(try replica.take(items, at: at(7)) == CatalogSummary(added: 2, corrected: 1))
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("a reading of a feed that was taken out meanwhile leaves no trace")
    func takenOut() throws {
        #expect(try replica.unsubscribe(try name("direct")))
        #expect(try replica.take([try item(1)]) == CatalogSummary())
        try replica.record(FetchRecord(url: "https://magazine.example/x"), of: try name("direct"), at: at(0))
        #expect(try replica.articleIDs(ArticleFilter()).isEmpty)
        #expect(try replica.subscriptions().map(\.feed) == [try name("second")])
    }

    @Test("a reading whose articles say that they are of another publication is refused whole")
    func strangers() throws {
        var stranger = try item(2)
        stranger.article.publication = try name("pirate")
        let items = [try item(1), stranger]
        #expect { try replica.take(items) } throws: { ($0 as? ReplicaError)?.code == .invalidValue }
        #expect(try replica.articleIDs(ArticleFilter()).isEmpty)
    }

    @Test("ten thousand articles in one reading are applied, found and applied again without effect")
    func large() throws {
        let items = try (1...10_000).map { try item(UInt64($0)) }
        #expect(try replica.take(items).added == 10_000)
        #expect(try replica.take(items) == CatalogSummary())
        #expect(try replica.status().unread == 10_000)
    }
}
