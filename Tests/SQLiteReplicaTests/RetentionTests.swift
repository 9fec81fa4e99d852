import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct RetentionTests: OnOneDevice {
    let device: OneDevice

    /// Articles 1 to 6 of which only 6 is still in the feed; the others fell out at 100 seconds.
    init() throws {
        device = try OneDevice(feeds: ["direct"])
        try replica.take(try (1...6).map { try item($0) }, at: at(0))
        try replica.take([try item(6)], at: at(100))
    }

    @Test("an article that falls out of its feed stays listed, and comes back as the same article")
    func fallsOut() throws {
        #expect(try replica.articleIDs(ArticleFilter(feed: try name("direct"))).count == 6)
        #expect(try replica.take([try item(1), try item(6)], at: at(200)) == CatalogSummary())
        #expect(try replica.retain(since: at(150)) == 4)
        #expect(try replica.articleIDs(ArticleFilter()) == [storyID(6), storyID(1)])
    }

    @Test("what an incomplete reading does not have is still in the feed")
    func incomplete() throws {
        try replica.take([], isComplete: false, at: at(200))
        #expect(try replica.retain(since: at(1_000)) == 5)
        #expect(try replica.articleIDs(ArticleFilter()) == [storyID(6)])
    }

    @Test("retention counts from the instant of falling out, which later readings do not move")
    func instant() throws {
        try replica.take([try item(6)], at: at(300))
        #expect(try replica.retain(since: at(100)) == 0)
        #expect(try replica.retain(since: at(101)) == 5)
        #expect(try replica.retain(since: at(101)) == 0)
    }

    @Test("what the reader saved, tagged or wrote a note on is spared; what was only read or left unread is not")
    func spared() throws {
        _ = try replica.set(
            .saved(storyID(1), true), .tag(storyID(2), try tag("t"), true), .note(storyID(3), "n"),
            .read(storyID(4), true, by: .explicit), at: at(50))
        #expect(try replica.retain(since: at(1_000)) == 2)
        #expect(try replica.articleIDs(ArticleFilter()) == [6, 3, 2, 1].map { storyID($0) })
        _ = try replica.set(.saved(storyID(1), false), at: at(60))
        #expect(try replica.retain(since: at(1_000)) == 1)
    }

    @Test("an article about which a conflict waits is spared, also if nothing of it is shown; a settled one is not")
    func disputed() throws {
        let server = TinyServer()
        let other = try folder.replica("b", id: 2)
        _ = try replica.set(.note(storyID(1), "first"), at: at(1))
        for device in [replica, other] { try device.sync(with: server, at: at(2)) }
        _ = try replica.set(.note(storyID(1), "mine"), .progress(storyID(2), 5_000), at: at(3))
        _ = try other.set(.note(storyID(1), ""), .progress(storyID(2), 3_000), at: at(4))
        for device in [replica, other, replica] { try device.sync(with: server, at: at(5)) }
        #expect(try replica.conflicts(includeSettled: true).count == 2)
        #expect(try replica.detail(1).note == nil)
        #expect(try replica.retain(since: at(1_000)) == 4)
        #expect(try replica.articleIDs(ArticleFilter()) == [storyID(6), storyID(1)])
    }

    @Test("a dropped article is gone from lists, search and text, and comes back with what the reader did")
    func restored() throws {
        #expect(try replica.search("body", limit: 99).hits.count == 6)
        _ = try replica.set(.read(storyID(1), true, by: .explicit), .progress(storyID(1), 5_000), at: at(50))
        #expect(try replica.retain(since: at(1_000)) == 5)
        #expect(try replica.search("body", limit: 99).hits.count == 1)
        #expect(try replica.detail(1).article.bodyText == "")
        #expect(try replica.feeds().map(\.articles) == [1])
        // While it is away, the reader's other device says something of it.
        _ = try replica.set(.saved(storyID(1), true), at: at(60))
        #expect(try replica.take([try item(1), try item(6)], at: at(2_000)) == CatalogSummary(added: 1))
        let detail = try replica.detail(1)
        #expect(detail.summary.isRead && detail.summary.isSaved && detail.summary.progress == 5_000)
        #expect(detail.article.bodyText == "Body 1, version 1")
        #expect(detail.article.revision == 1)
        #expect(try replica.search("body", limit: 99).hits.count == 2)
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("an article goes only when all its feeds have dropped it")
    func twoFeeds() throws {
        try replica.subscribe([try subscription("second")])
        try replica.take([try item(1), try item(2)], of: "second", at: at(0))
        try replica.take([try item(1)], of: "second", at: at(500))
        #expect(try replica.retain(since: at(400)) == 3)
        #expect(try replica.retain(since: at(501)) == 1)
        #expect(try replica.articleIDs(ArticleFilter()) == [storyID(6), storyID(1)])
    }

    @Test("the articles of a feed that was taken out stay until their time has come")
    func unsubscribed() throws {
        try replica.subscribe([try subscription("second")])
        try replica.record(
            {
                var fetch = FetchRecord(url: address(of: "second")); fetch.checked = at(700); return fetch
            }(),
            of: try name("second"), at: at(700))
        #expect(try replica.unsubscribe(try name("direct")))
        #expect(try !replica.unsubscribe(try name("direct")))
        #expect(try replica.articleIDs(ArticleFilter(feed: try name("direct"))).count == 6)
        #expect(try replica.feeds().map(\.feed.id) == [try name("direct"), try name("second")])
        #expect(try replica.feeds().first?.direct == nil)
        #expect(try replica.checkIntegrity() == [])
        #expect(try replica.retain(since: at(700)) == 5)
        #expect(try replica.retain(since: at(701)) == 1)
        #expect(try replica.feeds().map(\.feed.id) == [try name("second")])
    }

    @Test("the time that articles are kept is a year until it is set, and can be for ever")
    func setting() throws {
        #expect(try replica.retention == 31_536_000_000)
        try replica.setRetention(5)
        #expect(try replica.retention == 5)
        try replica.setRetention(nil)
        #expect(try replica.retention == nil)
        #expect(throws: ReplicaError.self) { try replica.setRetention(-1) }
        try replica.setSetting("retention", to: "a while")
        #expect(throws: ReplicaError.self) { try replica.retention }
    }
}
