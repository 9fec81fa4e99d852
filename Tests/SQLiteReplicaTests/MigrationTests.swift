import GRDB
@testable import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct MigrationTests {
    let folder: Folder
    let path: String

    /// A file of schema 1 with articles, an older revision, marks, an index and a history; made by copying what
    /// schema 1 knows of a file that is filled by today's code.
    init() throws {
        folder = try Folder()
        path = folder.file("old")
        let filled = try folder.replica("filled")
        var reply = ExchangeReply(time: at(0), entries: [], cursor: .origin)
        reply.library = try library()
        _ = try filled.apply(reply, at: at(0))
        _ = try filled.apply(try articles(1...5), resets: false)
        _ = try filled.apply(try page([.article(try article(1, revision: 2))], from: 5), resets: false)
        _ = try filled.set(
            .read(storyID(1), true, by: .explicit), .saved(storyID(2), true), .note(storyID(3), "n"),
            .tag(storyID(3), try tag("t"), true), at: at(10))
        _ = try filled.indexPending(limit: 3)
        try filled.setSetting("colour", to: "never")
        try filled.close()
        let old = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(old, upTo: "1")
        try old.writeWithoutTransaction { db in
            _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
            try db.execute(sql: "ATTACH ? AS filled", arguments: [folder.file("filled")])
            try db.execute(sql: "PRAGMA foreign_keys = OFF")
            try Self.copy(db)
        }
        try old.close()
    }

    private static func copy(_ db: Database) throws {
        let tables = try String.fetchAll(
            db,
            sql: """
                SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
                AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'article_index%' AND name <> 'grdb_migrations'
                AND name <> 'article_number' -- version 3 dropped it
                """)
        for table in tables {
            let columns = try String.fetchAll(
                db, sql: "SELECT name FROM pragma_table_info(?, 'main')", arguments: [table]
            ).joined(separator: ", ")
            try db.execute(
                sql: "INSERT INTO main.\(table) (\(columns)) SELECT \(columns) FROM filled.\(table)")
        }
        // Only what the file says is indexed.
        try db.execute(
            sql: """
                INSERT INTO article_index (rowid, headline, standfirst, byline, body)
                SELECT article, headline, standfirst, byline, body FROM article_text WHERE article <= 3
                """)
    }

    @Test("a file of schema 1 is what it says")
    func isOld() throws {
        try DatabaseQueue(path: path).read { db in
            #expect(try Int.fetchOne(db, sql: "PRAGMA user_version") == 1)
            let columns = try db.columns(in: "article").map(\.name)
            #expect(!columns.contains("is_promotion"))
            #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM article") == 5)
        }
    }

    @Test("a file of schema 1 opens, whoever opens it, and has all that it had", arguments: [true, false])
    func opens(forReading: Bool) throws {
        let replica = try Replica(opening: path, for: forReading ? .reading : .writing)
        #expect(try replica.articleIDs(ArticleFilter()).count == 5)
        #expect(try replica.articleIDs(ArticleFilter(unread: false)) == [storyID(1)])
        #expect(try replica.articleIDs(ArticleFilter(saved: true)) == [storyID(2)])
        #expect(try replica.detail(3).note == "n")
        #expect(try replica.revisions(of: storyID(1)).map(\.revision) == [2, 1])
        #expect(try replica.status().unindexed == 2)
        #expect(try replica.search("headline", limit: 9).hits.count == 5)
        #expect(try replica.setting("colour") == "never")
        #expect(try replica.pendingCount() == 4)
        #expect(try replica.feeds().map(\.feed.title) == ["All"])
        #expect(try replica.subscriptions().isEmpty)
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("a file of schema 1 or 2 has its newsletters on offer", arguments: ["1", "2"])
    func newsletters(version: String) throws {
        let old = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(old, upTo: version)
        #expect(try old.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == Int(version))
        try old.close()
        let replica = try Replica(opening: path)
        #expect(try replica.newsletters().map(\.isOffered) == [true])
    }

    @Test(
        "a file of any earlier schema learns which revisions were read, and takes back what is done from then on",
        arguments: ["1", "2", "3", "4", "5", "6", "7"])
    func batches(version: String) throws {
        let old = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(old, upTo: version)
        try old.close()
        let replica = try Replica(opening: path)
        let read = try replica.queue.read {
            try Row.fetchAll($0, sql: "SELECT revision, read_revision FROM article ORDER BY row")
        }
        #expect(read.map { $0["read_revision"] as Int? } == [nil, nil, nil, nil, nil])
        #expect(throws: ReplicaError.self) { try replica.undo(.last(1), at: at(20)) }
        #expect(try replica.log(limit: 9).allSatisfy { $0.batch == nil })
        _ = try replica.set(.read(storyID(2), true, by: .explicit), at: at(19))
        #expect(try replica.readRevision(of: storyID(2)) == 1)
        _ = try replica.undo(.last(1), at: at(19))
        _ = try replica.set(.note(storyID(3), "other"), at: at(21))
        _ = try replica.undo(.last(1), at: at(22))
        #expect(try replica.detail(3).note == "n")
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("what was done with a file of schema 7 is taken back")
    func parts() throws {
        let replica = try Replica(opening: path)
        _ = try replica.set(.saved(storyID(1), true), .saved(storyID(4), true), at: at(19))
        try replica.close()
        let old = try DatabaseQueue(path: path)
        try old.write { db in
            try db.execute(
                sql: """
                    DROP INDEX batch_parts;
                    ALTER TABLE batch DROP COLUMN part_of;
                    DROP INDEX article_feed_article;
                    DROP INDEX article_section;
                    DROP TABLE feed_count;
                    DROP TABLE section_count;
                    DROP INDEX conflict_reopened;
                    ALTER TABLE conflict DROP COLUMN reopened_by;
                    DROP TABLE device;
                    DELETE FROM grdb_migrations WHERE CAST(identifier AS INTEGER) > 7;
                    PRAGMA user_version = 7;
                    """)
        }
        try old.close()
        let again = try Replica(opening: path)
        #expect(try again.undo(.last(1), at: at(20)).undone.map(\.changes) == [2])
        #expect(try !again.detail(1).summary.isSaved && !again.detail(4).summary.isSaved)
    }

    @Test(
        "a file of any earlier schema knows no device's name, and has the account told once more",
        arguments: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"])
    func devices(version: String) throws {
        let old = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(old, upTo: version)
        try old.write { try $0.execute(sql: "UPDATE replica SET account_version = 'v'") }
        #expect(try old.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == Int(version))
        try old.close()
        let replica = try Replica(opening: path)
        #expect(try replica.syncState().accountVersion == nil)
        #expect(try replica.deviceNames() == DeviceNames())
        var reply = ExchangeReply(time: at(20), entries: [], cursor: .origin)
        let phone = ReplicaID(rawValue: 9)
        reply.account = Account(version: "w", name: "ann", deliveries: [:], devices: [phone: "phone"])
        _ = try replica.apply(reply, at: at(20))
        #expect(try replica.deviceNames()[phone] == "phone")
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("a file of schema 1 takes corrections, withdrawals, feeds of its own and a sync as any other")
    func goesOn() throws {
        let replica = try Replica(opening: path)
        #expect(try replica.search("headline", limit: 9).hits.count == 5)
        _ = try replica.apply(
            try page([.article(try article(1, revision: 3)), .removed(number: 4)], from: 6), resets: false)
        #expect(try replica.detail(1).article.revision == 3)
        #expect(try replica.search("\"revision 2\"", limit: 9).hits.isEmpty)
        try replica.subscribe([try subscription()])
        #expect(try replica.take([try item(2), try item(8)]) == CatalogSummary(added: 1, corrected: 1))
        #expect(try replica.detail(2).summary.isSaved)
        let server = TinyServer()
        try replica.sync(with: server, at: at(20))
        #expect(server.entries.count == 4)
        #expect(try replica.checkIntegrity() == [])
    }
}
