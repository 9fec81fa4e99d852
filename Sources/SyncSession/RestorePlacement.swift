public import SyncCore

/// Places entries that a replica offers again to a log that lost them (Protocol/spec.md, restore).
///
/// As long as every entry lands exactly where it stood before, both histories are one, and cursors of the lost log
/// stay good: the entry's context is left as it was, so that even the prefix hashes come out the same. From the
/// first entry that lands elsewhere, old sequences mean nothing, and contexts are rebased to what is known of both.
public struct RestorePlacement: Sendable {
    /// The newest sequence of the log.
    public private(set) var head: UInt64
    /// The last sequence up to which both histories are one.
    public private(set) var identityThrough: UInt64

    /// Most single sequences in a context; the wire's `Limits.seenAlso`.
    public static let maximumAlso = SeenContext.maximumAlso

    /// Starts at a cursor that both sides share, at most `head`.
    public init(common: UInt64, head: UInt64) {
        identityThrough = common
        self.head = head
    }

    /// Notes that an offered entry is already in the log.
    ///
    /// - Parameters:
    ///   - offered: the entry as it was offered, at its old sequence.
    ///   - present: the entry as it stands in the log.
    /// - Returns: its sequence in the log.
    public mutating func keep(_ offered: LogEntry, as present: LogEntry) -> UInt64 {
        if offered.change == present.change { land(old: offered.sequence, new: present.sequence) }
        return present.sequence
    }

    /// Gives an offered entry the next place in the log.
    ///
    /// - Parameters:
    ///   - offered: the entry as it was offered, at its old sequence.
    ///   - saw: where those entries of its field that it had seen stand now.
    ///   - isTaken: whether another change of the log has its name.
    /// - Returns: the entry to append. It keeps the instant at which it was first received.
    public mutating func append(_ offered: LogEntry, saw: [UInt64], isTaken: Bool = false) -> LogEntry {
        var entry = offered
        if isTaken { entry.change.id = offered.change.nameWhereTaken }
        let through = min(offered.change.seen.through, identityThrough)
        let also = offered.change.seen.also.filter { $0 <= identityThrough } + saw
        entry.change.seen = SeenContext(through: through, also: also)
        head += 1
        entry.sequence = head
        if !isTaken { land(old: offered.sequence, new: head) }
        return entry
    }

    private mutating func land(old: UInt64, new: UInt64) {
        if old == new, new == identityThrough + 1 { identityThrough = new }
    }
}
