/// The name of a change: who made it, and its place among that replica's changes.
public struct ChangeID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The author.
    public var replica: ReplicaID
    /// 1, 2, 3 ... without a gap, in the order in which changes first leave for a remote; ``unnumbered`` before.
    public var number: UInt64

    /// The number of a change that has not left yet. It can still be coalesced with a newer one of its field.
    public static let unnumbered: UInt64 = 0

    /// Makes an id.
    public init(replica: ReplicaID, number: UInt64) {
        self.replica = replica
        self.number = number
    }

    /// Whether the change has been given its place and must never alter again.
    public var isNumbered: Bool { number != Self.unnumbered }

    /// Orders ids by author, then number.
    public static func < (left: ChangeID, right: ChangeID) -> Bool {
        (left.replica, left.number) < (right.replica, right.number)
    }

    /// `replica/number`.
    public var description: String { "\(replica)/\(number)" }
}

/// One field of one entity, set to one value by one replica (DESIGN.md §3).
public struct Change: Hashable, Sendable {
    /// Who made it, and which of theirs it is.
    public var id: ChangeID
    /// When, by the author's hybrid logical clock.
    public var stamp: HybridTimestamp
    /// What the author had applied of the reader's log.
    public var seen: SeenContext
    /// What is set.
    public let key: RegisterKey
    /// What it is set to. Fits the key's field.
    public let value: Value
    /// Members of the message that this version has no name for.
    public var extra: [String: JSONValue]

    /// Makes a change.
    ///
    /// - Returns: `nil` if `value` does not fit the field or is outside its range.
    public init?(
        id: ChangeID, stamp: HybridTimestamp, seen: SeenContext, key: RegisterKey, value: Value,
        extra: [String: JSONValue] = [:]
    ) {
        guard value.fits(key.field) else { return nil }
        self.id = id
        self.stamp = stamp
        self.seen = seen
        self.key = key
        self.value = value
        self.extra = extra
    }

    /// Whether the change takes something away that only the reader may give: it leaves before all others, is
    /// never set aside, and wins over whatever is concurrent with it.
    public var isOptOut: Bool { value.isOptOut(key.field) }

    /// Orders two changes by time: stamp, then author, then number. Total, and the same on every replica.
    public func isLater(than other: Change) -> Bool {
        (stamp, id) > (other.stamp, other.id)
    }
}

/// A change and its place in the reader's log.
public struct LogEntry: Hashable, Sendable {
    /// 1, 2, 3 ... without a gap, given by the remote.
    public var sequence: UInt64
    /// When the remote took it, by the remote's clock.
    public var received: WallTime
    /// The change as the remote stores it: its stamp may have been clamped.
    public var change: Change

    /// Makes an entry.
    public init(sequence: UInt64, received: WallTime, change: Change) {
        self.sequence = sequence
        self.received = received
        self.change = change
    }
}
