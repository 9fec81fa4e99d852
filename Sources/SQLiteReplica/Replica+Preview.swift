public import SyncCore
import SyncPorts

extension Replica {
    /// Makes the resolving changes that the reader's policies ask for.
    public func settleByPolicy(at now: WallTime) throws(ReplicaError) -> Int {
        try applyPolicies(at: now).recorded
    }

    /// What applying these pages would do; the replica does not change.
    public func preview(_ replies: [ExchangeReply], at now: WallTime) throws(ReplicaError) -> StatePreview {
        let pending = try log(limit: 100_000).filter { $0.state == .pending }.map(\.change)
        let mine = try syncState().replica
        let incoming = replies.flatMap(\.entries).filter { $0.change.id.replica != mine }
        return StatePreview(outgoing: pending.reversed(), incoming: incoming, differences: [])
    }
}
