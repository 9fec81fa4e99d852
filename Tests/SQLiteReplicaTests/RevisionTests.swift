import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite("Which revision was read")
struct RevisionTests: OnTwoDevices {
    let devices: TwoDevices

    init() throws { devices = try TwoDevices() }

    private func correction() throws -> CatalogPage {
        var article = try article(1, revision: 2)
        article.updated = at(500)
        return try page([.article(article)], from: 1)
    }

    @Test("a mark that another device made before a correction tells the older revision, where that is held")
    func fromElsewhere() throws {
        for replica in [a, b] { _ = try replica.apply(try articles(1...1), resets: false) }
        _ = try b.set(.read(storyID(1), true, by: .explicit), at: at(100))
        try b.sync(with: server, at: at(101))
        _ = try a.apply(try correction(), resets: false)
        try a.sync(with: server, at: at(600))
        #expect(try a.readRevision(of: storyID(1)) == 1)
        #expect(try a.articleIDs(ArticleFilter(correctedSinceRead: true)) == [storyID(1)])
        try a.noteSeen(storyID(1))
        #expect(try a.readRevision(of: storyID(1)) == 2)
        #expect(try a.articleIDs(ArticleFilter(correctedSinceRead: true)).isEmpty)
        #expect(try a.pendingCount() == 0)
    }

    @Test("where the older revision is not held, it is not known which one was read, but that there was a later one is")
    func notHeld() throws {
        _ = try b.set(.read(storyID(1), true, by: .explicit), at: at(100))
        try b.sync(with: server, at: at(101))
        _ = try a.apply(try correction(), resets: false)
        try a.sync(with: server, at: at(600))
        #expect(try a.readRevision(of: storyID(1)) == nil)
        #expect(try a.articleIDs(ArticleFilter(correctedSinceRead: true)) == [storyID(1)])
    }

    @Test("the revision that was read here is noted, and a mark from elsewhere or a snapshot does not change it")
    func known() throws {
        _ = try a.apply(try articles(1...1), resets: false)
        _ = try a.set(.read(storyID(1), true, by: .implicit), at: at(100))
        try a.sync(with: server, at: at(101))
        _ = try a.apply(try page([.article(try article(1, revision: 2))], from: 1), resets: false)
        #expect(try a.articleIDs(ArticleFilter(correctedSinceRead: true)) == [storyID(1)])
        try b.sync(with: server, at: at(102))
        _ = try b.set(.read(storyID(1), false, by: .explicit), at: at(103))
        _ = try b.set(.read(storyID(1), true, by: .explicit), at: at(103))
        try b.sync(with: server, at: at(104))
        try a.sync(with: server, at: at(105))
        #expect(try a.detail(1).readBy == .explicit)
        #expect(try a.readRevision(of: storyID(1)) == 1)
        try a.stage(server.snapshot, isFirst: true)
        _ = try a.adoptSnapshot(common: nil, at: at(106))
        #expect(try a.readRevision(of: storyID(1)) == 1)
        _ = try a.set(.read(storyID(1), false, by: .explicit), at: at(107))
        _ = try a.set(.read(storyID(1), true, by: .explicit), at: at(108))
        #expect(try a.readRevision(of: storyID(1)) == 2)
    }

    @Test("of a correction without a date nothing tells whether a device elsewhere had read it")
    func undated() throws {
        _ = try b.set(.read(storyID(1), true, by: .explicit), at: at(100))
        try b.sync(with: server, at: at(101))
        _ = try a.apply(try articles(1...1), resets: false)
        try a.sync(with: server, at: at(600))
        #expect(try a.readRevision(of: storyID(1)) == 1)
        _ = try a.apply(try page([.article(try article(1, revision: 2))], from: 1), resets: false)
        #expect(try a.readRevision(of: storyID(1)) == nil)
        #expect(try a.articleIDs(ArticleFilter(correctedSinceRead: true)).isEmpty)
    }

    @Test("only articles that are read have a revision that was seen")
    func unread() throws {
        _ = try a.apply(try articles(1...2), resets: false)
        try a.noteSeen(storyID(1))
        #expect(try a.readRevision(of: storyID(1)) == nil)
        #expect(try a.readRevision(of: storyID(9)) == nil)
        let found = try a.titles(of: [storyID(2), storyID(9)])
        #expect(found.count == 1 && found[storyID(2)]?.title == "Headline 2 of revision 1")
    }
}
