import GRDB
import SQLiteChanges
public import SyncCore

extension Replica {
    /// Every decision on a marketing consent that the replica knows of, the newest first as it came to know them: the
    /// record, of which nothing is ever taken away.
    ///
    /// - Parameter purpose: decisions on this consent only; `nil` for all.
    /// - Complexity: O(n) in all changes.
    public func consentRecords(of purpose: EntityName? = nil) throws(ReplicaError) -> [ChangeRecord] {
        try read { db in
            let standing = try Standing(db)
            let records = try db.rows(
                "SELECT \(ChangeRows.columns) FROM change WHERE entity >= ? AND entity < ? ORDER BY place DESC",
                { binder in
                    binder.blob([3])
                    binder.blob([4])
                }, { try Self.record($0, standing) })
            return records.filter { record in
                guard case .consent(let name) = record.change.key.entity else { return false }
                return record.change.key.field == .consent && (purpose == nil || name == purpose)
            }
        }
    }
}
