import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct MaximumAgeTests: OnOneDevice {
    let device: OneDevice

    /// Articles 1 to 6 of a server's history, each a minute newer.
    init() throws {
        device = try OneDevice(articles: 1...6)
        while try replica.indexPending(limit: 9) > 0 {}
    }

    private func drop(before instant: WallTime) throws -> Int {
        try replica.drop(try replica.articles(before: instant, limit: 99))
    }

    @Test("older articles go, read or not, from lists, search and text; the newer ones stay")
    func dropped() throws {
        _ = try replica.set(.read(storyID(1), true, by: .explicit), at: at(9))
        #expect(try drop(before: at(240)) == 3)
        #expect(try replica.articleIDs(ArticleFilter()) == [6, 5, 4].map { storyID($0) })
        #expect(try replica.search("body", limit: 9).hits.count == 3)
        let detail = try replica.detail(1)
        #expect(detail.isDropped && detail.article.bodyText.isEmpty)
        #expect(try drop(before: at(240)) == 0)
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("saved, tagged and noted ones stay, and those about which a conflict is open")
    func spared() throws {
        let server = TinyServer()
        let other = try folder.replica("b", id: 2)
        _ = try replica.set(
            .saved(storyID(1), true), .tag(storyID(2), try tag("t"), true), .note(storyID(3), "n"),
            .note(storyID(4), "first"), at: at(1))
        for device in [replica, other] { try device.sync(with: server, at: at(2)) }
        _ = try replica.set(.note(storyID(4), ""), at: at(3))
        _ = try other.set(.note(storyID(4), "theirs"), at: at(4))
        for device in [replica, other, replica] { try device.sync(with: server, at: at(5)) }
        #expect(try replica.conflicts(includeSettled: false).count == 1)
        #expect(try drop(before: at(9_999)) == 2)
        #expect(try replica.articleIDs(ArticleFilter()) == [4, 3, 2, 1].map { storyID($0) })
    }

    @Test("what the reader saved since it was looked for stays")
    func savedMeanwhile() throws {
        let aged = try replica.articles(before: at(9_999), limit: 99)
        _ = try replica.set(.saved(storyID(2), true), at: at(9))
        #expect(try replica.drop(aged) == 5)
    }

    @Test("an article that comes again is read and saved as it was, and its text is found")
    func comesAgain() throws {
        _ = try replica.set(.read(storyID(2), true, by: .explicit), .progress(storyID(2), 5_000), at: at(9))
        #expect(try drop(before: at(9_999)) == 6)
        _ = try replica.set(.saved(storyID(2), true), at: at(20))
        _ = try replica.apply(try page([.article(try article(2, revision: 2))], from: 6), resets: false)
        let detail = try replica.detail(2)
        #expect(detail.summary.isRead && detail.summary.isSaved && detail.summary.progress == 5_000)
        #expect(detail.article.bodyText == "Body 2, revision 2" && !detail.isDropped)
        #expect(try replica.search("body", limit: 9).hits.count == 1)
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("what a feed of one's own still has stays, however old; what fell out goes")
    func inFeed() throws {
        let own = try folder.replica("own", id: 3)
        try own.subscribe([try subscription()])
        try own.take([try item(1), try item(2)], at: at(0))
        try own.take([try item(2)], at: at(10))
        #expect(try own.articles(before: at(9_999), limit: 9).map(\.id) == [storyID(1)])
    }

    @Test("articles come in pieces, oldest first, and undated ones not at all")
    func pieces() throws {
        var undated = try article(7)
        (undated.published, undated.updated) = (nil, nil)
        _ = try replica.apply(try page([.article(undated)], from: 6), resets: false)
        let first = try replica.articles(before: at(9_999), limit: 4)
        let second = try replica.articles(before: at(9_999), after: first.last, limit: 4)
        #expect((first + second).map(\.id) == (1...6).map { storyID($0) })
    }

    @Test("an article whose text is absent goes as well, and its text does not come back")
    func absent() throws {
        _ = try replica.dropBodies(try replica.bodiesToDrop(keeping: .none), keeping: .none)
        #expect(try drop(before: at(9_999)) == 6)
        #expect(try replica.historyOfAbsentBodies(wanted: .all).isEmpty)
        #expect(try replica.search("body", limit: 9).hits.isEmpty)
    }

    @Test("there is no bound until one is set, and none of nothing")
    func setting() throws {
        #expect(try replica.maximumAge == nil)
        try replica.setMaximumAge(5_000)
        #expect(try replica.maximumAge == 5_000)
        #expect(throws: ReplicaError.self) { try replica.setMaximumAge(0) }
        try replica.setMaximumAge(nil)
        #expect(try replica.maximumAge == nil)
    }
}
