import GRDB
import SQLiteChanges
public import SyncCore

/// A reader's log as an administrator, or a checker, sees it.
public struct LogExcerpt: Sendable, Hashable {
    /// Entries, in the order of their sequences.
    public var entries: [LogEntry]
    /// The newest sequence.
    public var head: UInt64
    /// Entries up to this one were compacted away.
    public var floor: UInt64
    /// Versions that count, of all fields.
    public var versions: Int
    /// Versions that were overtaken and are kept for snapshots under way.
    public var overtaken: Int
}

extension SQLiteServerStore {
    /// The part of a reader's log beyond a sequence.
    ///
    /// - Throws: ``ServerError``: `notFound` if there is no such reader.
    public func log(of reader: String, after sequence: UInt64) throws(ServerError) -> LogExcerpt {
        try access("read the log") {
            try readingHere { db in
                guard let row = try Self.reader(named: reader, in: db) else { throw Self.noReader(reader) }
                let log = SQLiteLog(db: db, reader: row)
                let head = try log.head()
                let from = max(sequence, head.floor)
                let entries =
                    from < head.sequence
                    ? try log.entries(after: from, limit: Int(Int32.max), bytes: Int(Int32.max)) : []
                let versions = try Int.fetchOne(
                    once: db, sql: "SELECT count(*) FROM version WHERE reader = ?", arguments: [row])
                let overtaken = try Int.fetchOne(
                    once: db, sql: "SELECT count(*) FROM overtaken_version WHERE reader = ?", arguments: [row])
                return LogExcerpt(
                    entries: entries, head: head.sequence, floor: head.floor, versions: versions ?? 0,
                    overtaken: overtaken ?? 0)
            }
        }
    }
}
