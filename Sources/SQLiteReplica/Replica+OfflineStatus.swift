import GRDB
import Glibc
import SQLiteChanges
import SyncCore
import SyncPorts

extension Replica {
    /// What can be read without a network, and what waits.
    ///
    /// - Complexity: O(n) in the pictures that are not held, the absent texts and the changes that wait; not in the articles.
    public func offlineStatus() throws(ReplicaError) -> OfflineStatus {
        let choices = (try keptBodies, try keptPictures, try pictureBudget, try maximumAge)
        let (file, log) = (Self.bytes(of: path), Self.bytes(of: path + "-wal"))
        return try read { db in
            let page = try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0
            let free = try Int64.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
            let absent =
                try Int.fetchOne(
                    db,
                    sql: """
                        SELECT count(*) FROM absent_body CROSS JOIN article ON article.row = absent_body.article
                        WHERE removed = 0 AND is_promotion = 0
                        """) ?? 0
            return OfflineStatus(
                commonestProblem: try String.fetchOne(
                    db,
                    sql: """
                        SELECT problem FROM asset WHERE state = 3 GROUP BY problem ORDER BY count(*) DESC, problem LIMIT 1
                        """),
                absentBodies: absent, keptBodies: choices.0, keptPictures: choices.1, pictureBudget: choices.2,
                maximumAge: choices.3, pictures: try Self.assetTotals(db), databaseBytes: file, logBytes: log,
                freeBytes: page * free,
                pending: try Self.counts(
                    "SELECT field, count(*) FROM change WHERE state = 0 GROUP BY field ORDER BY 2 DESC, 1", db),
                setAside: try Self.counts(
                    """
                    SELECT code, count(*) FROM set_aside CROSS JOIN change USING (place) WHERE state = 3
                    GROUP BY code ORDER BY 2 DESC, 1
                    """, db))
        }
    }

    private static func counts(_ sql: String, _ db: Database) throws -> [OfflineStatus.Count] {
        // Each tag is a field of its own; what counts is that they are tags.
        var counts: [OfflineStatus.Count] = []
        for row in try Row.fetchAll(db, sql: sql) {
            let kind = String((row[0] as String).prefix { $0 != ":" && $0 != "/" })
            if let index = counts.firstIndex(where: { $0.kind == kind }) {
                counts[index].count += row[1] as Int
            } else {
                counts.append(OfflineStatus.Count(kind: kind, count: row[1]))
            }
        }
        return counts
    }

    private static func bytes(of path: String) -> Int64 {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int64(facts.st_size) : 0
    }
}
