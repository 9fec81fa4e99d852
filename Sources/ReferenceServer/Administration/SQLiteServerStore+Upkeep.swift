import GRDB
import Glibc
import SQLiteChanges
public import SyncCore

/// What a compaction did.
public struct CompactionReport: Sendable, Hashable, Codable {
    /// Readers whose logs got shorter.
    public var readers: Int
    /// Entries that were taken out.
    public var entries: Int
}

extension SQLiteServerStore {
    /// Takes entries that are older than `age` out of all logs; registers, and what tells a redelivered change
    /// from a new one, stay. A replica whose cursor lies before a log's new floor takes a snapshot.
    public func compact(keeping age: Duration, now: WallTime) throws(ServerError) -> CompactionReport {
        let milliseconds = age.components.seconds.multipliedReportingOverflow(by: 1_000)
        guard age >= .zero, !milliseconds.overflow else {
            throw ServerError(.invalid, "entries are kept for at least no time, and not for ever")
        }
        let cutoff = now.advanced(by: -milliseconds.partialValue)
        var report = CompactionReport(readers: 0, entries: 0)
        let readers = try access("list the readers") {
            try readingHere { try Int64.fetchAll($0, sql: "SELECT id FROM reader ORDER BY id") }
        }
        // One transaction a reader, so that nobody waits long.
        for reader in readers {
            let count = try access("compact a log") {
                try writingHere { try Self.compact(reader, before: cutoff, in: $0) }
            }
            report.entries += count
            if count > 0 { report.readers += 1 }
        }
        return report
    }

    private static func compact(_ reader: Int64, before cutoff: WallTime, in db: Database) throws -> Int {
        let log = SQLiteLog(db: db, reader: reader)
        let head = try log.head()
        // Entries that were restored keep their old instants, so these need not ascend.
        let kept = try Int64.fetchOne(
            once: db, sql: "SELECT min(sequence) FROM log WHERE reader = ? AND received >= ?",
            arguments: [reader, cutoff.milliseconds])
        let floor = kept.map { UInt64($0) - 1 } ?? head.sequence
        guard floor > head.floor, let prefix = try log.prefix(at: floor) else { return 0 }
        let through = Int64(bitPattern: floor)
        try db.run(
            sql: """
                INSERT INTO spent_number (reader, replica, number, digest, says, sequence, prefix)
                SELECT reader, replica, number, content_digest, says, sequence, prefix FROM log
                WHERE reader = ? AND sequence <= ?
                ON CONFLICT (reader, replica, number) DO UPDATE SET digest = excluded.digest, code = NULL,
                    says = excluded.says, sequence = excluded.sequence, prefix = excluded.prefix
                """,
            arguments: [reader, through])
        try db.run(
            sql: "DELETE FROM log WHERE reader = ? AND sequence <= ?", arguments: [reader, through])
        let count = db.changesCount
        try db.run(
            sql: """
                UPDATE head SET floor = ?1, floor_prefix = ?2, state_floor = max(state_floor, ?1) WHERE reader = ?3
                """,
            arguments: [through, prefix.bytes.databaseBlob, reader])
        // Only a snapshot that was begun below the new floor would still need them, and it has expired.
        try db.run(
            sql: "DELETE FROM overtaken_version WHERE reader = ? AND overtaken <= ?", arguments: [reader, through])
        return count
    }

    /// Writes a copy of the database as it is at this moment, complete on disk when this returns. The server may
    /// go on writing meanwhile.
    ///
    /// - Throws: ``ServerError``: `exists` if there is a file already.
    public func backUp(to path: String) throws(ServerError) {
        let partial = path + ".partial"
        guard Glibc.access(path, F_OK) != 0 else {
            throw ServerError(.exists, "there is a file \(path) already", remedy: "choose another name")
        }
        unlink(partial)
        defer { unlink(partial) }
        try access("write \(path)") {
            try database.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [partial]) }
        }
        // VACUUM INTO leaves the copy in the system's cache.
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard Self.flush(partial), rename(partial, path) == 0, Self.flush(folder) else {
            throw ServerError(.storage, "cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }

    private static func flush(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        return fsync(descriptor) == 0
    }
}
