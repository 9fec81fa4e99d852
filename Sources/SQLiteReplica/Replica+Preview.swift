import GRDB
import SQLiteChanges
public import SyncCore
import SyncPorts

extension Replica {
    /// Makes the resolving changes that the reader's policies ask for.
    ///
    /// - Returns: how many were made.
    public func settleByPolicy(at now: WallTime) throws(ReplicaError) -> Int {
        try applyPolicies(at: now).recorded
    }

    /// What applying these pages, one after the other, would do; the replica does not change.
    ///
    /// - Complexity: O(n) in the entries and the pending changes.
    public func preview(_ replies: [ExchangeReply], at now: WallTime) throws(ReplicaError) -> StatePreview {
        try read { db in
            let own = try Standing(db).id
            var preview = Preview()
            preview.outgoing = try db.rows(
                "SELECT \(ChangeRows.columns) FROM change WHERE state = 0 ORDER BY place"
            ) { try ChangeRows.change(in: $0) }
            for entry in replies.flatMap(\.entries) { try preview.take(entry, own: own, db) }
            return StatePreview(
                outgoing: preview.outgoing, incoming: preview.incoming, differences: preview.differences,
                flips: preview.flips(of: try ChangeRows.markCount(db)))
        }
    }
}

/// The registers that a sync would touch, folded in memory.
private struct Preview {
    private struct Touched {
        var before: Value?
        var live: LiveRegister
    }

    var outgoing: [Change] = []
    private(set) var incoming: [LogEntry] = []
    private var touched: [RegisterKey: Touched] = [:]
    private var order: [RegisterKey] = []

    mutating func take(_ entry: LogEntry, own: ReplicaID, _ db: Database) throws {
        let key = entry.change.key
        if touched[key] == nil {
            let live = try ChangeRows.live(key, db)
            touched[key] = Touched(before: live.folded.outcome?.value, live: live)
            order.append(key)
        }
        guard var item = touched[key] else { return }
        let isMine = entry.change.id.replica == own
        // Sent before, and its answer lost: it is in the log, and will not leave again.
        if isMine { item.live.pending.removeAll { $0.change.id == entry.change.id } }
        if isMine { outgoing.removeAll { $0.id == entry.change.id } } else { incoming.append(entry) }
        var register = item.live.base
        register.apply(entry.change, at: .logged(entry.sequence))
        item.live.logged = register.versions.map { LiveRegister.Logged(place: 0, version: $0) }
        touched[key] = item
    }

    func flips(of marks: Int) -> Flips {
        var flips = Flips(marks: marks)
        let came = Set(incoming.map(\.change.id))
        for key in order where key.field == .read || key.field == .saved {
            guard let item = touched[key], let outcome = item.live.folded.outcome,
                came.contains(outcome.winner.change.id)
            else { continue }
            flips.count(item.before, outcome.value, by: outcome.winner.change.id.replica)
        }
        return flips
    }

    var differences: [StatePreview.Difference] {
        order.compactMap { key in
            guard let item = touched[key], let outcome = item.live.folded.outcome, outcome.kind != .agreed else {
                return nil
            }
            return StatePreview.Difference(
                key: key, before: item.before, after: outcome.value, kind: outcome.kind, rule: outcome.rule)
        }
    }
}
