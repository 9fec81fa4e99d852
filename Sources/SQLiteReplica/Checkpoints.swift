import GRDB
import SQLiteChanges
public import SyncCore

/// The rows of the table `checkpoint`.
enum Checkpoints {
    /// How many of the newest are kept; of older ones one for each doubling of the distance.
    private static let newest = 32

    /// Adds the cursor at which the replica now stands.
    static func add(_ cursor: StateCursor, _ db: Database) throws {
        try db.run("INSERT OR REPLACE INTO checkpoint (sequence, epoch, prefix) VALUES (?, ?, ?)") { binder in
            binder.bits(cursor.sequence)
            binder.bits(cursor.epoch)
            binder.digest(cursor.prefix)
        }
        let sequences = try db.rows("SELECT sequence FROM checkpoint ORDER BY sequence DESC") { $0.integer(0) }
        let buckets = sequences.map {
            UInt64.bitWidth - UInt64(bitPattern: sequences[0] - $0).leadingZeroBitCount
        }
        for index in sequences.indices.dropFirst(newest).dropLast() where buckets[index] == buckets[index + 1] {
            // The older one stays: it is the one that grows into the next bucket.
            try db.run("DELETE FROM checkpoint WHERE sequence = ?") { $0.integer(sequences[index]) }
        }
    }

    /// Forgets those beyond a sequence: they belong to a history that is gone.
    static func drop(beyond sequence: UInt64, _ db: Database) throws {
        try db.run(
            sql: "DELETE FROM checkpoint WHERE sequence > ?", arguments: [Int64(bitPattern: sequence)])
    }
}

extension Replica {
    /// Cursors at which the replica once stood, newest first, at most `limit`.
    public func checkpoints(limit: Int) throws(ReplicaError) -> [StateCursor] {
        try read { db in
            try db.rows(
                "SELECT epoch, sequence, prefix FROM checkpoint ORDER BY sequence DESC LIMIT ?",
                { $0.integer(Int64(limit)) }, { StateCursor($0, at: 0) }
            ).compactMap(\.self)
        }
    }
}
