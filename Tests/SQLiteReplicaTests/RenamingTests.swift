import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

/// A feed calls articles by other guids than the server that is added later.
@Suite struct RenamingTests: OnOneDevice {
    let device: OneDevice
    let server = TinyServer()
    let feedID = ArticleID(publication: "magazine", guid: "post-1")

    init() throws { device = try OneDevice(feeds: ["direct"]) }

    private func fed(_ version: Int = 1) throws -> FeedArticle { try item(1, version: version, guid: "post-1") }

    private func serve(_ number: UInt64 = 1, from index: UInt64 = 0) throws -> CatalogSummary {
        var article = try item(number).article
        (article.number, article.revision, article.feeds) = (number, 1, [try name("all")])
        return try replica.apply(try page([.article(article)], from: index), resets: false)
    }

    private func mark() throws {
        _ = try replica.set(
            .read(feedID, true, by: .explicit), .saved(feedID, true), .tag(feedID, try tag("x"), true),
            .note(feedID, "mine"), .progress(feedID, 4_000), at: at(0))
    }

    private func expectMarks(of replica: Replica) throws {
        let detail = try replica.detail(1)
        #expect(detail.summary.isRead)
        #expect(detail.summary.isSaved)
        #expect(detail.summary.progress == 4_000)
        #expect(detail.summary.tags == [try tag("x")])
        #expect(detail.note == "mine")
    }

    /// Another device of the reader, that has the server alone.
    private func other() throws -> Replica {
        let other = try folder.replica("b", id: 2)
        var article = try item(1).article
        (article.number, article.revision) = (1, 1)
        _ = try other.apply(try page([.article(article)]), resets: false)
        try other.sync(with: server, at: at(50))
        return other
    }

    @Test("marks that have not left follow an article to the server's identity")
    func unsent() throws {
        try replica.take([try fed()])
        try mark()
        #expect(try serve() == CatalogSummary())
        #expect(try replica.articleIDs(ArticleFilter()) == [storyID(1)])
        try expectMarks(of: replica)
        #expect(try replica.pendingCount() == 5)
        #expect(try replica.checkIntegrity() == [])
        try replica.sync(with: server, at: at(9))
        #expect(server.entries.allSatisfy { $0.change.key.entity == .article(storyID(1)) })
        try expectMarks(of: try other())
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("marks that were sent already are said again of the server's identity", arguments: [true, false])
    func sent(isAcknowledged: Bool) throws {
        try replica.take([try fed()])
        try mark()
        if isAcknowledged {
            try replica.sync(with: server, at: at(5))
        } else {
            _ = try replica.changesToPush(limit: 99, fields: Set(RemoteCapabilities.FieldKind.allCases))
        }
        #expect(try serve() == CatalogSummary())
        #expect(try replica.articleIDs(ArticleFilter()) == [storyID(1)])
        try expectMarks(of: replica)
        try replica.sync(with: server, at: at(9))
        #expect(server.entries.count == 10)
        try expectMarks(of: replica)
        try expectMarks(of: try other())
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("of marks that were sent and changed since, the newest value follows")
    func sentAndChanged() throws {
        try replica.take([try fed()])
        try mark()
        try replica.sync(with: server, at: at(5))
        _ = try replica.set(
            .progress(feedID, 8_000), .note(feedID, "more"), .tag(feedID, try tag("x"), false), at: at(6))
        _ = try serve()
        #expect(try replica.checkIntegrity() == [])
        try replica.sync(with: server, at: at(9))
        for device in [replica, try other()] {
            let detail = try device.detail(1)
            #expect(detail.summary.progress == 8_000)
            #expect(detail.note == "more")
            #expect(detail.summary.tags.isEmpty)
            #expect(detail.summary.isSaved)
            #expect(try device.checkIntegrity() == [])
        }
    }

    @Test("what other devices say of the server's identity already is not overruled by what was sent")
    func saidAlready() throws {
        let device = try folder.replica("c", id: 3)
        _ = try device.set(.progress(storyID(1), 9_000), at: at(0))
        try device.sync(with: server, at: at(1))
        try replica.take([try fed()])
        try mark()
        try replica.sync(with: server, at: at(5))
        _ = try serve()
        let detail = try replica.detail(1)
        #expect(detail.summary.progress == 9_000)
        #expect(detail.summary.isSaved)
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("marks that have not left count beside what other devices say of the server's identity")
    func concurrent() throws {
        let device = try folder.replica("c", id: 3)
        _ = try device.set(.note(storyID(1), "theirs"), at: at(0))
        try device.sync(with: server, at: at(1))
        try replica.take([try fed()])
        try replica.sync(with: server, at: at(5))
        try mark()
        _ = try serve()
        let note = try #require(try replica.detail(1).note)
        #expect(note.contains("mine"))
        #expect(try replica.checkIntegrity() == [])
        try replica.sync(with: server, at: at(9))
        try device.sync(with: server, at: at(10))
        let shown = try device.shown(try replica.key(1, .note))
        #expect(try replica.shown(try replica.key(1, .note)) == shown)
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("an article that the history names itself, further on, is not taken for another one of the same page")
    func namedLater() throws {
        try replica.take([try fed()])
        _ = try replica.set(.saved(feedID, true), at: at(0))
        var (first, second) = (try item(1).article, try fed().article)
        (first.number, first.revision, second.number, second.revision) = (1, 1, 2, 1)
        _ = try replica.apply(try page([.article(first), .article(second)]), resets: false)
        #expect(try replica.articleIDs(ArticleFilter(saved: true)) == [feedID])
        #expect(Set(try replica.articleIDs(ArticleFilter())) == [feedID, first.id])
    }

    @Test("the feed goes on under its own guid: the row is found, and only a change of its words is a correction")
    func goesOn() throws {
        try replica.take([try fed()])
        _ = try serve()
        #expect(try replica.take([try fed()]) == CatalogSummary())
        #expect(try replica.take([try fed(2)]) == CatalogSummary(corrected: 1))
        let detail = try replica.detail(1)
        #expect(detail.article.bodyText == "Body 1, version 2")
        #expect(detail.article.feeds == [try name("all"), try name("direct")])
        #expect(try replica.articleIDs(ArticleFilter()) == [storyID(1)])
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("the server first, then the feed: the marks stay where they are")
    func serverFirst() throws {
        _ = try serve()
        _ = try replica.set(.saved(storyID(1), true), at: at(0))
        #expect(try replica.take([try fed()]) == CatalogSummary())
        #expect(try replica.articleIDs(ArticleFilter(saved: true)) == [storyID(1)])
        #expect(try replica.articleIDs(ArticleFilter()).count == 1)
    }

    @Test("a page that two articles of feeds share names neither, and one that was named is not named again")
    func ambiguous() throws {
        let url = "https://magazine.example/2026/1"
        try replica.take([try item(7, guid: "a", url: url), try item(8, guid: "b", url: url)])
        #expect(try serve().added == 1)
        #expect(try replica.articleIDs(ArticleFilter()).count == 3)
        try replica.take([try item(2, guid: "c")], of: "direct")
        #expect(try serve(2, from: 1).added == 0)
        var twin = try item(2, guid: "server-twin", url: "https://magazine.example/2026/2").article
        (twin.number, twin.revision) = (3, 1)
        #expect(try replica.apply(try page([.article(twin)], from: 2), resets: false).added == 1)
        #expect(try replica.checkIntegrity() == [])
    }
}
