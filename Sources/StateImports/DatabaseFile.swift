import GRDB
import GRDBSQLite
import Glibc

/// SQLite files of other readers: NetNewsWire's after its CreateStatements.sql, newsboat's after its cache's schema.
enum DatabaseFile {
    /// A query that gives feed, guid, page, other page, headline, read, saved.
    private struct Form {
        var source: ImportSource
        var tables: [String]
        var query: String
    }

    private static let forms = [
        // A local account's feed id is the feed's address; uniqueID is the guid, where the feed has one.
        Form(
            source: .netnewswire, tables: ["articles", "statuses"],
            query: """
                SELECT articles.feedID, articles.uniqueID, articles.url, articles.externalURL, articles.title,
                    statuses.read, statuses.starred
                FROM statuses LEFT JOIN articles ON articles.articleID = statuses.articleID
                ORDER BY statuses.rowid
                """),
        // Flags are letters of the reader's own; newsboat has no other mark for keeping an article.
        Form(
            source: .newsboat, tables: ["rss_item"],
            query: """
                SELECT feedurl, guid, url, NULL, title, unread = 0, coalesce(flags, '') <> '' FROM rss_item ORDER BY id
                """),
    ]

    static func read(_ path: String) throws(ImportError) -> ImportedState {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(2)
        configuration.prepareDatabase { db in
            // No text or row of a reader is larger; one that is ends the import.
            sqlite3_limit(db.sqliteConnection, SQLITE_LIMIT_LENGTH, 32 << 20)
            // What a schema says must not run functions that could do harm.
            try db.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0")
        }
        do {
            let queue = try DatabaseQueue(path: address(of: path), configuration: configuration)
            defer { try? queue.close() }
            return try queue.read { db in
                guard let form = try forms.first(where: { try has($0.tables, db) }) else {
                    throw ImportError(.unknownFormat, "it is a database, and neither NetNewsWire's nor newsboat's")
                }
                return try state(form, db)
            }
        } catch let error as ImportError {
            throw error
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_BUSY, .SQLITE_LOCKED: throw ImportError(.busy, "it is in use: close the other reader")
            default: throw ImportError(.damaged, "it cannot be read: \(error.message ?? "\(error.resultCode)")")
            }
        } catch {
            throw ImportError(.damaged, "it cannot be read")
        }
    }

    /// A file in WAL mode gets two more beside it even from who only reads, and cannot be read at all where none can be
    /// made. Where no other reader left a log there is nothing that could change under us, so none is needed
    /// (https://www.sqlite.org/uri.html).
    private static func address(of path: String) -> String {
        guard access(path + "-wal", F_OK) != 0, access(path + "-journal", F_OK) != 0 else { return path }
        let isPlain: (UInt8) -> Bool = { byte in
            (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || "/._-".utf8.contains(byte)
        }
        let digits = Array("0123456789ABCDEF".utf8)
        let name = path.utf8.flatMap { byte in
            isPlain(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return "file:\(String(decoding: name, as: UTF8.self))?mode=ro&immutable=1"
    }

    /// Whether all of these are plain tables: views, virtual tables and generated columns of a stranger run code.
    private static func has(_ tables: [String], _ db: Database) throws -> Bool {
        try tables.allSatisfy { table in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT 1 FROM sqlite_master
                    WHERE type = 'table' AND name = ?1 AND rootpage > 0
                        AND NOT EXISTS (SELECT 1 FROM pragma_table_xinfo(?1) WHERE hidden IN (2, 3)) LIMIT 1
                    """,
                arguments: [table]) ?? false
        }
    }

    private static func state(_ form: Form, _ db: Database) throws -> ImportedState {
        var state = ImportedState(form.source)
        let rows = try Row.fetchCursor(db, sql: form.query)
        while let row = try rows.next() {
            if state.entries % 1024 == 0, Task.isCancelled {
                throw ImportError(.cancelled, "it was not read to its end")
            }
            try state.add(
                ImportedMark(
                    feed: text(row, 0), guid: text(row, 1), url: text(row, 2) ?? text(row, 3), title: text(row, 4),
                    isRead: flag(row, 5), isSaved: flag(row, 6)))
        }
        return state
    }

    /// What is no text names nothing; SQLite's columns hold anything.
    private static func text(_ row: Row, _ index: Int) -> String? {
        guard case .string(let text) = (row[index] as DatabaseValue).storage, !text.isEmpty else { return nil }
        return text
    }

    private static func flag(_ row: Row, _ index: Int) -> Bool {
        guard case .int64(let number) = (row[index] as DatabaseValue).storage else { return false }
        return number != 0
    }
}
