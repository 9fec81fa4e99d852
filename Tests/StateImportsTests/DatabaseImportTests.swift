import Foundation
import GRDB
import Testing

@testable import StateImports

/// A database file that is gone when the last reference is.
final class DatabaseFixture {
    let path = NSTemporaryDirectory() + "/state-import-" + UUID().uuidString

    init(_ sql: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    static let netNewsWire = """
        CREATE TABLE articles (articleID TEXT NOT NULL PRIMARY KEY, feedID TEXT NOT NULL, uniqueID TEXT NOT NULL, title TEXT,
            contentHTML TEXT, contentText TEXT, url TEXT, externalURL TEXT, summary TEXT, imageURL TEXT, bannerImageURL TEXT,
            datePublished DATE, dateModified DATE, searchRowID INTEGER);
        CREATE TABLE statuses (articleID TEXT NOT NULL PRIMARY KEY, read BOOL NOT NULL DEFAULT 0,
            starred BOOL NOT NULL DEFAULT 0, dateArrived DATE NOT NULL DEFAULT 0);
        """

    static let newsboat = """
        CREATE TABLE rss_item (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, guid VARCHAR(64) NOT NULL,
            title VARCHAR(1024) NOT NULL, author VARCHAR(1024) NOT NULL, url VARCHAR(1024) NOT NULL,
            feedurl VARCHAR(1024) NOT NULL, pubDate INTEGER NOT NULL, content VARCHAR(65535) NOT NULL,
            unread INTEGER(1) NOT NULL, enclosure_url VARCHAR(1024), enclosure_type VARCHAR(1024),
            enqueued INTEGER(1) NOT NULL DEFAULT 0, flags VARCHAR(52), deleted INTEGER(1) NOT NULL DEFAULT 0,
            base VARCHAR(128) NOT NULL DEFAULT "");
        """
}

@Suite("Databases of other readers")
struct DatabaseImportTests {
    @Test(
        "NetNewsWire's says what was read and starred, by feed and guid; a status without its article counts as unnamed"
    )
    func netNewsWire() throws {
        let file = try DatabaseFixture(
            DatabaseFixture.netNewsWire + """
                INSERT INTO articles (articleID, feedID, uniqueID, title, url, externalURL) VALUES
                    ('x1', 'https://a.example/feed', 'g1', 'One', 'https://a.example/1', NULL),
                    ('x2', 'https://a.example/feed', 'g2', 'Two', NULL, 'https://a.example/2'),
                    ('x3', 'https://a.example/feed', 'g3', 'Three', NULL, NULL);
                INSERT INTO statuses (articleID, read, starred) VALUES ('x1', 1, 0), ('x2', 0, 1), ('x3', 0, 0), ('x4', 1, 0);
                """)
        let state = try StateImport.read(database: file.path)
        #expect(state.source == .netnewswire && state.entries == 4)
        #expect(
            state.marks == [
                ImportedMark(
                    feed: "https://a.example/feed", guid: "g1", url: "https://a.example/1", title: "One", isRead: true,
                    isSaved: false),
                ImportedMark(
                    feed: "https://a.example/feed", guid: "g2", url: "https://a.example/2", title: "Two", isRead: false,
                    isSaved: true),
                ImportedMark(feed: nil, guid: nil, url: nil, isRead: true, isSaved: false),
            ])
    }

    @Test("newsboat's says what is not unread, and what has a flag")
    func newsboat() throws {
        let file = try DatabaseFixture(
            DatabaseFixture.newsboat + """
                INSERT INTO rss_item (guid, title, author, url, feedurl, pubDate, content, unread, flags) VALUES
                    ('g1', 'One', '', 'https://a.example/1', 'https://a.example/feed', 0, '', 0, NULL),
                    ('g2', 'Two', '', 'https://a.example/2', 'https://a.example/feed', 0, '', 1, 's'),
                    ('g3', 'Three', '', 'https://a.example/3', 'https://a.example/feed', 0, '', 1, '');
                """)
        let state = try StateImport.read(database: file.path)
        #expect(state.source == .newsboat && state.entries == 3)
        #expect(state.marks.map(\.guid) == ["g1", "g2"] && state.marks.map(\.isSaved) == [false, true])
        #expect(state.marks.map(\.isRead) == [true, false])
    }

    @Test(
        "a file is not changed by being read, nor is anything put beside it, whatever mode it is in and however it is called"
    )
    func readOnly() throws {
        let folder = NSTemporaryDirectory() + "/state-import 100%?#-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let queue = try DatabaseQueue(path: folder + "/cache.db")
        try queue.inDatabase { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            try db.execute(sql: DatabaseFixture.newsboat)
        }
        try queue.close()
        let before = try Data(contentsOf: URL(filePath: folder + "/cache.db"))
        #expect(try StateImport.read(database: folder + "/cache.db").source == .newsboat)
        #expect(try Data(contentsOf: URL(filePath: folder + "/cache.db")) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["cache.db"])
    }

    @Test("what another reader has written and not yet put into the file itself is read too")
    func inUse() throws {
        let file = try DatabaseFixture("PRAGMA user_version = 1")
        let queue = try DatabaseQueue(path: file.path)
        try queue.inDatabase { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            try db.execute(sql: DatabaseFixture.newsboat)
        }
        #expect(try StateImport.read(database: file.path).source == .newsboat)
        try queue.close()
    }

    @Test(
        "a database that is neither reader's is refused, also where a view or a virtual table bears the name",
        arguments: [
            "CREATE TABLE t (a)",
            """
            CREATE VIEW rss_item AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
            SELECT i AS id, i AS feedurl, i AS guid, i AS url, i AS title, 0 AS unread, '' AS flags FROM n
            """,
            "CREATE VIRTUAL TABLE rss_item USING fts5 (id, feedurl, guid, url, title, unread, flags)",
            """
            CREATE TABLE rss_item (id INTEGER PRIMARY KEY, feedurl, guid, url, title, flags,
                unread GENERATED ALWAYS AS (length(zeroblob(id))) VIRTUAL)
            """,
            """
            CREATE TABLE rss_item (id INTEGER PRIMARY KEY, feedurl, guid, url, flags, unread,
                title TEXT AS (hex(zeroblob(100000000))));
            INSERT INTO rss_item (guid, unread) VALUES ('a', 0)
            """,
        ])
    func strangers(sql: String) throws {
        let file = try DatabaseFixture(sql)
        #expect { try StateImport.read(database: file.path) } throws: { ($0 as? ImportError)?.code == .unknownFormat }
    }

    @Test("values of other types than they should be name nothing and mark nothing")
    func oddTypes() throws {
        let file = try DatabaseFixture(
            DatabaseFixture.newsboat + """
                INSERT INTO rss_item (guid, title, author, url, feedurl, pubDate, content, unread, flags) VALUES
                    (x'00', 7.5, '', zeroblob(10), 3, 0, '', 0, NULL),
                    ('g', '', '', 'https://a.example/' || hex(zeroblob(3000)), '', 0, '', 'no', x'ff');
                """)
        let state = try StateImport.read(database: file.path)
        #expect(state.entries == 2 && state.marks.allSatisfy { $0.url == nil })
    }

    @Test("a damaged file, or one of another reader than was named, is an error that says so")
    func damaged() throws {
        let file = try DatabaseFixture(DatabaseFixture.newsboat)
        #expect { try StateImport.read(database: file.path, as: .netnewswire) } throws: {
            ($0 as? ImportError)?.code == .otherFormat
        }
        var bytes = try Data(contentsOf: URL(filePath: file.path))
        for index in 100..<bytes.count { bytes[index] = 0xAA }
        try bytes.write(to: URL(filePath: file.path))
        #expect { try StateImport.read(database: file.path) } throws: { ($0 as? ImportError)?.code == .damaged }
    }
}
