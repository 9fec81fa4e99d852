import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct BodyTests: OnOneDevice {
    let device: OneDevice

    /// Articles 1 to 5 of a server's history, indexed; 1 is read, 2 read and saved.
    init() throws {
        device = try OneDevice(articles: 1...5)
        _ = try replica.set(
            .read(storyID(1), true, by: .explicit), .read(storyID(2), true, by: .explicit), .saved(storyID(2), true),
            at: at(10))
        while try replica.indexPending(limit: 2) > 0 {}
    }

    private func drop(_ kept: KeptArticles) throws -> Int {
        try replica.dropBodies(try replica.bodiesToDrop(keeping: kept), keeping: kept)
    }

    private func held() throws -> [UInt64] {
        try (1...5).filter { try !replica.detail($0).article.bodyText.isEmpty }
    }

    private func present() throws -> [UInt64] {
        try (1...5).filter { try !replica.detail($0).isBodyAbsent }
    }

    @Test(
        "texts are dropped but for the articles that were chosen",
        arguments: [(.all, [1, 2, 3, 4, 5]), (.unread, [2, 3, 4, 5]), (.saved, [2]), (.none, [])]
            as [(KeptArticles, [UInt64])])
    func dropped(_ kept: KeptArticles, _ numbers: [UInt64]) throws {
        #expect(try drop(kept) == 5 - numbers.count)
        #expect(try held() == numbers)
        #expect(try present() == numbers)
        #expect(try drop(kept) == 0, "what is dropped is dropped")
        #expect(try replica.articleIDs(ArticleFilter()).count == 5)
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("an article without a text is found by the words of the text")
    func found() throws {
        #expect(try drop(.none) == 5)
        #expect(try replica.search("body", limit: 9).hits.count == 5)
        #expect(try replica.search("headline", limit: 9).hits.count == 5)
    }

    @Test("a text of an article with a tag or a note stays, as retention leaves it")
    func tagged() throws {
        _ = try replica.set(.tag(storyID(3), try tag("t"), true), .note(storyID(4), "n"), at: at(20))
        #expect(try drop(.saved) == 2)
        #expect(try held() == [2, 3, 4])
        #expect(try drop(.none) == 3, "who wants none has none")
    }

    @Test("a text that nobody could send again stays")
    func fallenOut() throws {
        let own = try folder.replica("own", id: 2)
        try own.subscribe([try subscription()])
        try own.take([try item(1), try item(2)], at: at(0))
        try own.take([try item(2)], at: at(10))
        while try own.indexPending(limit: 9) > 0 {}
        #expect(try own.dropBodies(try own.bodiesToDrop(keeping: .none), keeping: .none) == 1)
        #expect(try !own.detail(1).isBodyAbsent && own.detail(2).isBodyAbsent)
    }

    @Test("the revision that the reader read stays, to tell what changed since")
    func readRevision() throws {
        _ = try replica.apply(try page([.article(try article(1, revision: 2))], from: 5), resets: false)
        _ = try replica.apply(try page([.article(try article(1, revision: 3))], from: 6), resets: false)
        #expect(try replica.revisions(of: storyID(1)).map(\.revision) == [3, 2, 1])
        #expect(try replica.readRevision(of: storyID(1)) == 1)
        _ = try drop(.none)
        #expect(try replica.revisions(of: storyID(1)).map(\.revision) == [3, 1])
    }

    @Test("what came to be wanted while texts were being dropped stays")
    func savedMeanwhile() throws {
        let rows = try replica.bodiesToDrop(keeping: .saved)
        _ = try replica.set(.saved(storyID(5), true), at: at(20))
        #expect(try replica.dropBodies(rows, keeping: .saved) == 3)
        #expect(try held() == [2, 5])
    }

    @Test("what is not in the index yet keeps its text until it is")
    func unindexed() throws {
        _ = try replica.apply(try articles(6...7, from: 5), resets: false)
        #expect(try drop(.none) == 5)
        _ = try replica.indexPending(limit: 9)
        #expect(try drop(.none) == 2)
    }

    @Test("absent texts are asked for by the pieces of history that have them, and put back")
    func restored() throws {
        #expect(try replica.historyOfAbsentBodies(wanted: .all).isEmpty)
        _ = try drop(.none)
        let wanted = try replica.historyOfAbsentBodies(wanted: .saved)
        #expect(wanted == [CatalogRequest(publication: try name("magazine"), generation: "g", from: 0, to: nil)])
        #expect(try replica.restoreBodies(from: try articles(1...5), wanted: .saved) == 1)
        #expect(try held() == [2])
        #expect(try replica.restoreBodies(from: try articles(1...5), wanted: .all) == 4)
        #expect(try held() == [1, 2, 3, 4, 5])
        #expect(try replica.search("body", limit: 9).hits.count == 5)
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("the text of one article is asked for by its piece of history, and of one that has it not at all")
    func one() throws {
        #expect(try replica.historyOfBody(of: storyID(3)) == nil)
        _ = try drop(.none)
        #expect(try replica.historyOfBody(of: storyID(3))?.from == 0)
        #expect(try replica.historyOfBody(of: storyID(99)) == nil)
    }

    @Test("closed pieces are asked for as such, the newest first")
    func closed() throws {
        _ = try replica.apply(try articles(6...300, from: 5), resets: false)
        while try replica.indexPending(limit: 1_000) > 0 {}
        _ = try drop(.none)
        let requests = try replica.historyOfAbsentBodies(wanted: .all)
        #expect(requests.map(\.from) == [256, 128, 0])
        #expect(requests.map(\.to) == [nil, 256, 128])
    }

    @Test("a page that says something else than the replica knows puts no text back")
    func otherText() throws {
        _ = try drop(.none)
        #expect(try replica.restoreBodies(from: try page([.article(try article(1, revision: 2))]), wanted: .all) == 0)
    }

    @Test("a correction of an article without a text brings the text, and the index finds the new words alone")
    func corrected() throws {
        _ = try drop(.none)
        _ = try replica.apply(try page([.article(try article(3, revision: 2))], from: 5), resets: false)
        #expect(try replica.detail(3).article.bodyText == "Body 3, revision 2")
        #expect(try !replica.detail(3).isBodyAbsent)
        #expect(try replica.search("\"revision 2\"", limit: 9).hits.map(\.article.id) == [storyID(3)])
        #expect(try replica.search("\"body 3\" \"revision 1\"", limit: 9).hits.isEmpty)
        #expect(try replica.revisions(of: storyID(3)).map(\.revision) == [2])
        _ = try drop(.none)
        _ = try replica.apply(try page([.article(try article(3, revision: 3))], from: 6), resets: false)
        #expect(try replica.search("\"revision 3\"", limit: 9).hits.map(\.article.id) == [storyID(3)])
        #expect(try replica.search("\"revision 2\"", limit: 9).hits.isEmpty)
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("an article without a text that is taken back is found no more")
    func withdrawn() throws {
        _ = try drop(.none)
        _ = try replica.apply(try page([.removed(number: 3)], from: 5), resets: false)
        #expect(try replica.search("body", limit: 9).hits.count == 4)
        #expect(try !replica.detail(3).isBodyAbsent && replica.detail(3).isRemoved)
    }

    @Test("the choice is remembered, and is all at first")
    func choice() throws {
        #expect(try replica.keptBodies == .all)
        try replica.setKeptBodies(.saved)
        #expect(try replica.keptBodies == .saved)
    }

    @Test("a feed of one's own is asked for all it has where wanted texts are absent, and puts them back")
    func feeds() throws {
        let own = try folder.replica("own", id: 2)
        try own.subscribe([try subscription()])
        var fetch = FetchRecord(url: address(of: "direct"))
        fetch.etag = "\"v1\""
        _ = try own.apply(try reading([try item(1), try item(2)]), fetch: fetch, at: at(0))
        while try own.indexPending(limit: 9) > 0 {}
        try own.setKeptBodies(.none)
        #expect(try own.dropBodies(try own.bodiesToDrop(keeping: .none), keeping: .none) == 2)
        try own.askAnewForAbsentBodies(wanted: .none)
        #expect(try own.subscriptions().first?.fetch.etag == "\"v1\"")
        _ = try own.apply(try reading([try item(1), try item(2)]), fetch: fetch, at: at(5))
        #expect(try own.detail(1).isBodyAbsent, "not wanted")
        try own.setKeptBodies(.all)
        try own.askAnewForAbsentBodies(wanted: .all)
        #expect(try own.subscriptions().first?.fetch.etag == nil)
        #expect(try own.apply(try reading([try item(1), try item(2)]), fetch: fetch, at: at(9)) == CatalogSummary())
        #expect(try own.detail(1).article.bodyText == "Body 1, version 1" && !own.detail(2).isBodyAbsent)
    }
}
