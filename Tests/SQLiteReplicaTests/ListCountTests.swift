import GRDB
@testable import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct ListCountTests: OnOneDevice {
    let device: OneDevice

    /// Articles 1 to 4 of a server, odd ones in `culture`.
    init() throws { device = try OneDevice(articles: 1...4) }

    /// Unread and held articles of the only feed, of all, and of the section `culture`.
    private func counts() throws -> [Int] {
        let feed = try #require(try replica.feeds().first)
        let status = try replica.status()
        let culture = try replica.sources().sections.first { $0.name == "culture" }
        return [
            feed.unread, feed.articles, status.unread, status.articles, culture?.unread ?? 0, culture?.articles ?? 0,
        ]
    }

    @Test("what came counts as unread in its feed, its section and among all")
    func comes() throws {
        #expect(try counts() == [4, 4, 4, 4, 2, 2])
    }

    @Test("a mark moves the counts once, however often it is made, and its undo moves them back")
    func marks() throws {
        _ = try replica.set(.read(storyID(1), true, by: .explicit), at: at(0))
        _ = try replica.set(.read(storyID(1), true, by: .bulk), at: at(1))
        #expect(try counts() == [3, 4, 3, 4, 1, 2])
        _ = try replica.undo(.last(1), at: at(2))
        #expect(try counts() == [4, 4, 4, 4, 2, 2])
    }

    @Test("a mark on an article that is not held moves nothing, until the article comes")
    func comesRead() throws {
        _ = try replica.set(.read(storyID(5), true, by: .explicit), at: at(0))
        #expect(try counts() == [4, 4, 4, 4, 2, 2])
        _ = try replica.apply(try page([.article(try article(5))], from: 4), resets: false)
        #expect(try counts() == [4, 5, 4, 5, 2, 3])
    }

    @Test("an article that is taken back, moved to another section or out of its feed leaves the counts it was in")
    func leaves() throws {
        var moved = try article(3, revision: 2)
        moved.section = "politics"
        _ = try replica.apply(
            try page([.removed(number: 1), .article(moved), .feeds(number: 2, [])], from: 4), resets: false)
        #expect(try counts() == [2, 2, 3, 3, 0, 0])
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("a snapshot that knows other marks leaves the counts right")
    func snapshot() throws {
        let server = TinyServer()
        let other = try folder.replica("b", id: 2)
        _ = try other.set(
            .read(storyID(1), true, by: .explicit), .read(storyID(2), true, by: .explicit), at: at(0))
        try other.sync(with: server, at: at(1))
        _ = try replica.set(.read(storyID(3), true, by: .explicit), at: at(2))
        try replica.stage(server.snapshot, isFirst: true)
        _ = try replica.adoptSnapshot(common: nil, at: at(3))
        #expect(try counts() == [1, 4, 1, 4, 0, 2])
    }

    @Test("counts that are wrong are counted anew")
    func mended() throws {
        #expect(try replica.mendCounts().isEmpty)
        try replica.queue.write { try $0.execute(sql: "UPDATE feed_count SET held = 9; DELETE FROM section_count") }
        #expect(try replica.mendCounts().count == 2)
        #expect(try counts() == [4, 4, 4, 4, 2, 2])
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("counts that are wrong are found")
    func wrong() throws {
        for sql in [
            "UPDATE feed_count SET unread = unread + 1 WHERE feed <> 0", "DELETE FROM feed_count WHERE feed = 0",
            "INSERT INTO section_count (section, held, unread) VALUES ('none', 1, 0)",
        ] {
            #expect(try replica.checkIntegrity() == [])
            try replica.queue.inTransaction { db in
                try db.execute(sql: sql)
                #expect(try ListCounts.problems(db).count == 1, "\(sql)")
                return .rollback
            }
        }
    }
}
