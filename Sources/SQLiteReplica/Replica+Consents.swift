import GRDB
import SQLiteChanges
public import SyncCore

extension Replica {
    /// Every decision on a marketing consent that the replica knows of, the newest first as it came to know them: the
    /// record, of which nothing is ever taken away.
    ///
    /// - Parameters:
    ///   - purpose: decisions on this consent only; `nil` for all.
    ///   - limit: most decisions.
    /// - Complexity: O(n) in all changes.
    public func consentRecords(
        of purpose: EntityName? = nil, limit: Int = 1_000
    ) throws(ReplicaError) -> [ChangeRecord] {
        try read { db in
            let standing = try Standing(db)
            let one = purpose.map { EntityColumn.encode(.consent($0)) }
            return try db.rows(
                """
                SELECT \(ChangeRows.columns) FROM change WHERE entity >= ? AND entity < ? AND field = 'consent'
                ORDER BY place DESC LIMIT ?
                """,
                { binder in
                    binder.blob(one ?? [3])
                    // The next longer one: nothing lies between.
                    binder.blob(one.map { $0 + [0] } ?? [4])
                    binder.integer(Int64(max(0, limit)))
                }, { try Self.record($0, standing) })
        }
    }
}
