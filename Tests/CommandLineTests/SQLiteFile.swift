import GRDB
import Testing

/// A replica's file as any SQLite program sees it.
enum SQLiteFile {
    /// The number that a query has in its first row. What was written goes from the write-ahead log to the file first, so
    /// that pages are where they are said to be.
    static func number(_ query: String, _ path: String) throws -> Int {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try queue.writeWithoutTransaction { db in
            _ = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            return try #require(try Int.fetchOne(db, sql: query))
        }
    }

    /// Changes a file behind the program's back.
    static func execute(_ statements: String, _ path: String) throws {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        try queue.write { try $0.execute(sql: statements) }
    }
}
