import GRDB
import SQLiteChanges
public import SyncCore
import SyncPorts

extension Replica {
    /// Where the replica stands.
    public func syncState() throws(ReplicaError) -> SyncState {
        try read { db in
            let standing = try Standing(db)
            let versions = try db.firstRow("SELECT library_version, account_version FROM replica WHERE only = 1") {
                (library: $0.textIfAny(0), account: $0.textIfAny(1))
            }
            return SyncState(
                replica: standing.id, cursor: standing.cursor, libraryVersion: versions?.library,
                accountVersion: versions?.account,
                hasManyMarks: try ChangeRows.hasMarks(over: Flips.leastHeld, db))
        }
    }

    /// How many changes no remote has acknowledged.
    public func pendingCount() throws(ReplicaError) -> Int {
        try read { db in
            Int(try db.firstRow("SELECT count(*) FROM change WHERE state = 0") { $0.integer(0) } ?? 0)
        }
    }

    /// The next changes to send: those that were sent before and are not acknowledged, then new ones, which get
    /// their numbers here, durably, before anything leaves.
    ///
    /// - Parameter number: changes numbered up to this one are left out.
    public func changesToPush(
        limit: Int, fields: Set<RemoteCapabilities.FieldKind>, after number: UInt64 = 0
    ) throws(ReplicaError) -> [Change] {
        let isAny = try read { db in try db.firstRow("SELECT 1 FROM change WHERE state = 0 LIMIT 1") { _ in true } }
        guard isAny == true else { return [] }
        return try write { db in
            let isWanted: (Change) -> Bool = { fields.contains(RemoteCapabilities.FieldKind($0.key.field)) }
            let sent = try Self.pending(Self.sent, { $0.bits(number) }, limit: limit, db, isWanted)
            var changes = sent.map(\.change)
            guard changes.count < limit else { return changes }
            let unsent = try Self.pending(Self.unsent, limit: limit - changes.count, db, isWanted)
            guard !unsent.isEmpty else { return changes }
            var standing = try Standing(db)
            // The query's order is that of PendingChanges.departureOrder, without reading all that is pending.
            for item in unsent {
                var change = item.change
                change.id = ChangeID(replica: standing.id, number: standing.nextNumber)
                standing.nextNumber += 1
                try ChangeRows.rename(item.place, change.id, change.seen, db)
                changes.append(change)
            }
            try standing.save(db)
            return changes
        }
    }

    private static let sent =
        "SELECT \(ChangeRows.columns) FROM change WHERE state = 0 AND number > ? ORDER BY number"
    private static let unsent =
        "SELECT \(ChangeRows.columns) FROM change WHERE state = 0 AND number = 0 ORDER BY departs, place"

    /// Pending changes that pass `isWanted`, at most `limit`.
    private static func pending(
        _ query: String, _ bind: (inout StatementBinder) -> Void = { _ in }, limit: Int, _ db: Database,
        _ isWanted: (Change) -> Bool
    ) throws -> [LiveRegister.Pending] {
        var found: [LiveRegister.Pending] = []
        try db.eachRow(query, bind) { row in
            guard found.count < limit else { return false }
            let change = try ChangeRows.change(in: row)
            if isWanted(change) { found.append(LiveRegister.Pending(place: row.integer(0), change: change)) }
            return true
        }
        return found
    }
}
