import GRDB
import Glibc
import SQLiteChanges
import SyncCore

extension Replica {
    /// Where the replica stands.
    ///
    /// - Complexity: O(n) in the saved articles and the changes that wait: a sync asks for less.
    public func status() throws(ReplicaError) -> ReplicaStatus {
        let bytes = ["", "-wal"].reduce(Int64(0)) { sum, suffix in
            var facts = stat()
            return sum + (stat(path + suffix, &facts) == 0 ? Int64(facts.st_size) : 0)
        }
        return try read { db in
            let standing = try Standing(db)
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT remote, account_name, last_sync,
                        coalesce(held, 0), coalesce(unread, 0),
                        (SELECT count(*) FROM article WHERE removed = 0 AND is_promotion = 0 AND is_saved = 1),
                        (SELECT count(*) FROM change WHERE state = 0),
                        (SELECT count(*) FROM change JOIN set_aside USING (place) WHERE state = 3),
                        (SELECT count(*) FROM conflict WHERE state = 0),
                        (SELECT count(*) FROM article WHERE row > indexed),
                        \(Self.heldMarks)
                    FROM replica LEFT JOIN feed_count ON feed = \(ListCounts.all) WHERE only = 1
                    """)
            guard let row else { throw ReplicaError.damaged("the replica's own row is missing") }
            return ReplicaStatus(
                replica: standing.id, remote: row[0], account: row[1], cursor: standing.cursor,
                articles: row[3],
                unread: row[4], saved: row[5], pending: row[6], setAside: row[7], conflicts: row[8],
                unindexed: row[9], bytes: bytes, lastSync: row.instant(at: 2),
                clockOffset: standing.clock.offset, held: row[10])
        }
    }

    /// Where the remote is; `nil` if there is none.
    public func remote() throws(ReplicaError) -> String? {
        try read { db in try db.firstRow("SELECT remote FROM replica WHERE only = 1") { $0.textIfAny(0) } ?? nil }
    }

    /// How many conflicts wait for the reader.
    ///
    /// - Complexity: O(n) in them.
    public func openConflictCount() throws(ReplicaError) -> Int {
        try read { db in
            Int(try db.firstRow("SELECT count(*) FROM conflict WHERE state = 0") { $0.integer(0) } ?? 0)
        }
    }

    /// A value that the client keeps for itself.
    public func setting(_ name: String) throws(ReplicaError) -> String? {
        try read { db in
            try String.fetchOne(db, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name])
        }
    }

    /// Keeps a value; `nil` removes it.
    public func setSetting(_ name: String, to value: String?) throws(ReplicaError) {
        try write { db in
            if let value {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)",
                    arguments: [name, value])
            } else {
                try db.execute(sql: "DELETE FROM setting WHERE name = ?", arguments: [name])
            }
        }
    }

    /// Notes where the remote is. The cursor stays; another log is found out at the next sync.
    public func setRemote(_ url: String?) throws(ReplicaError) {
        try write { db in
            try db.execute(sql: "UPDATE replica SET remote = ? WHERE only = 1", arguments: [url])
        }
    }
}
