public import SyncCore

/// A change as the replica's history holds it.
public struct ChangeRecord: Sendable, Hashable {
    /// Where a change stands. A change is in exactly one of these states at every moment (DESIGN.md §3).
    public enum State: Int, Sendable, Hashable, CaseIterable {
        /// Made here, and not acknowledged by a remote.
        case pending = 0
        /// In the log, and no later change has seen it. If there are several of one field, they differ or agree.
        case current = 1
        /// A later change took its place.
        case superseded = 2
        /// The remote did not take it.
        case setAside = 3
        /// It was set aside, and the reader let it go.
        case dropped = 4
    }

    /// Its place in this replica's history; for going on in a list.
    public var place: Int64
    /// The change. Its stamp is the remote's once it is in the log.
    public var change: Change
    /// Where it stands.
    public var state: State
    /// Its sequence in the log.
    public var sequence: UInt64?
    /// When the remote took it.
    public var received: WallTime?
    /// Whether this replica made it, under its present or a former identity.
    public var isMine: Bool
    /// The command that made it here, see ``Batch``; `nil` if it came from elsewhere, or is older than that table.
    public var batch: Int64?
    /// That command's words.
    public var command: String?
}

/// A change that the remote did not take.
public struct SetAsideChange: Sendable, Hashable {
    /// Its place in this replica's history: names it in ``Replica/retry(setAside:at:)`` and
    /// ``Replica/drop(setAside:)``.
    public var place: Int64
    /// The change.
    public var change: Change
    /// Why it was not taken.
    public var code: Refusal.Code
    /// The remote's sentence for the reader.
    public var detail: String
    /// When it was set aside.
    public var at: WallTime
}
