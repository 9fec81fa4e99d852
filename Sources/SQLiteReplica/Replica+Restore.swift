import GRDB
import SQLiteChanges
public import SyncCore
import SyncPorts

extension Replica {
    /// Entries beyond `sequence` that the replica holds, by sequence, with what each had seen of its own field
    /// beyond `common`.
    ///
    /// - Complexity: O(n) in the entries beyond `common`.
    public func offers(
        after sequence: UInt64, common: UInt64, limit: Int
    ) throws(ReplicaError) -> [RestoreOffer.Entry] {
        try read { db in
            var earlier: [RegisterKey: [(sequence: UInt64, id: ChangeID)]] = [:]
            var offers: [RestoreOffer.Entry] = []
            try db.eachRow(
                "SELECT \(ChangeRows.columns), renamed FROM change WHERE sequence > ? ORDER BY sequence, place",
                { $0.bits(min(common, sequence)) }
            ) { row in
                guard offers.count < limit else { return false }
                let change = try ChangeRows.change(in: row)
                let own = row.bits(2)
                if own > sequence {
                    // A context holds no more of them in the end.
                    let saw = (earlier[change.key] ?? []).filter { change.seen.contains($0.sequence) }.map(\.id)
                        .suffix(SeenContext.maximumAlso)
                    let received = row.instant(3) ?? change.stamp.wallTime
                    offers.append(
                        RestoreOffer.Entry(
                            entry: LogEntry(sequence: own, received: received, change: change), saw: Array(saw)))
                }
                if own > common {
                    // What was offered before this is there under the name that it got.
                    let given = own > sequence ? nil : row.bitsIfAny(5 + ChangeColumns.count)
                    let id = given.map { ChangeID(replica: ReplicaID(rawValue: $0), number: 1) } ?? change.id
                    earlier[change.key, default: []].append((own, id))
                }
                return true
            }
            return offers
        }
    }

    /// Notes where offered entries stand now, and what they are called. If nothing moved, the replica's cursor stays good,
    /// under the remote's new generation; otherwise new places and names wait until the remote's snapshot is adopted: if
    /// the remote is put back once more before that, they are void.
    public func recordRestore(_ offer: RestoreOffer, reply: RestoreReply) throws(ReplicaError) {
        try write { db in
            guard reply.places.count == offer.entries.count else {
                throw ReplicaError(
                    .invalidValue,
                    "\(offer.entries.count) entries were offered, \(reply.places.count) were placed")
            }
            let renamed = Set(reply.renamed)
            for (index, place) in reply.places.enumerated() {
                let entry = offer.entries[index].entry
                let moves = entry.sequence > reply.common.sequence
                try db.run(
                    """
                    UPDATE change SET moved = ?, renamed = ?
                    WHERE replica = ? AND number = ? AND number <> 0 AND sequence = ?
                    """
                ) { binder in
                    binder.bits(moves ? place : nil)
                    binder.bits(renamed.contains(index) ? entry.change.nameWhereTaken.replica.rawValue : nil)
                    binder.bits(entry.change.id.replica.rawValue)
                    binder.bits(entry.change.id.number)
                    binder.bits(entry.sequence)
                }
            }
            guard reply.common.sequence > offer.common.sequence else { return }
            try Checkpoints.add(reply.common, db)
            var standing = try Standing(db)
            guard reply.common.sequence == standing.cursor.sequence else { return }
            standing.cursor = reply.common
            try standing.save(db)
        }
    }

    /// Takes a new identity: this replica was cloned, or restored from an old image. Its pending changes become
    /// unnumbered under the new identity, and count as having seen what the replica itself wrote under the old one
    /// before them. What a copy wrote under it they have not seen, so that no opt-in undoes a copy's opt-out.
    public func reidentify(as replica: ReplicaID) throws(ReplicaError) {
        try write { db in
            var standing = try Standing(db)
            let old = standing.id
            guard replica != old, !standing.formerIDs.contains(replica) else {
                throw ReplicaError(.invalidValue, "a new identity must be new")
            }
            var latest: [RegisterKey: LiveRegister.Pending] = [:]
            let rows = try db.rows(
                "SELECT \(ChangeRows.columns) FROM change WHERE state = 0 ORDER BY number = 0, number, place"
            ) { (place: $0.integer(0), change: try ChangeRows.change(in: $0)) }
            for (place, first) in rows {
                var change = first
                let written = try ChangeRows.live(change.key, db).logged.compactMap { item -> UInt64? in
                    // A copy's changes were pulled after the change was made, or it has seen them anyway.
                    guard item.version.change.id.replica == old, item.place < place,
                        case .logged(let at) = item.version.position
                    else { return nil }
                    return at
                }
                change.id = ChangeID(replica: replica, number: ChangeID.unnumbered)
                change.seen = SeenContext(through: change.seen.through, also: change.seen.also + written)
                if let older = latest[change.key] {
                    change = PendingChanges.coalesce(change, over: older.change)
                    try ChangeRows.setState(older.place, .superseded, db)
                    if case .note(_, let base) = change.value {
                        try db.run(
                            sql: "UPDATE change SET base = ? WHERE place = ?",
                            arguments: [base, place])
                    }
                }
                try ChangeRows.rename(place, change.id, change.seen, db)
                latest[change.key] = LiveRegister.Pending(place: place, change: change)
            }
            // Under one identity the newest change stood alone; now a copy's may stand beside it.
            var counts = ListCounts()
            for key in latest.keys.sorted(by: { $0.digest < $1.digest }) {
                try ArticleState.write(key, ChangeRows.live(key, db).outcome, &counts, db)
            }
            try counts.save(db)
            try db.run(
                sql: "INSERT OR IGNORE INTO former_id (id) VALUES (?)",
                arguments: [Int64(bitPattern: old.rawValue)])
            standing.id = replica
            standing.nextNumber = 1
            try standing.save(db)
        }
    }
}
