/// Entries of a log that a remote lost, offered again by a replica that has them.
public struct RestoreOffer: Sendable, Hashable {
    /// One entry, with the same field's entries beyond the common cursor that its author had seen.
    public struct Entry: Sendable, Hashable {
        /// The entry as the replica pulled it, at its old sequence.
        public var entry: LogEntry
        /// The ids of the changes it had seen.
        public var saw: [ChangeID]

        /// Makes an entry.
        public init(entry: LogEntry, saw: [ChangeID]) {
            self.entry = entry
            self.saw = saw
        }
    }

    /// The newest cursor that both sides share.
    public var common: StateCursor
    /// The entries in the order of their old sequences.
    public var entries: [Entry]
    /// Where the remote's log ended after the offer before; it must still reach there, or that offer was lost again.
    public var placed: StateCursor?

    /// Makes an offer.
    public init(common: StateCursor, entries: [Entry], placed: StateCursor? = nil) {
        self.common = common
        self.entries = entries
        self.placed = placed
    }
}

/// Where offered entries stand now.
public struct RestoreReply: Sendable, Hashable {
    /// For each offered entry, in order, its sequence in the remote's log.
    public var places: [UInt64]
    /// A cursor at the last offered entry, if all of them stand where they stood before and nothing else came in
    /// between; then both histories are one again up to there. Otherwise the offer's common cursor.
    public var common: StateCursor
    /// Indexes of those entries whose names another change has in the remote's log: they stand there by
    /// ``Change/nameWhereTaken``.
    public var renamed: [Int]
    /// Where the remote's log ends now; `nil` if it does not say.
    public var head: StateCursor?

    /// Makes a reply.
    public init(places: [UInt64], common: StateCursor, renamed: [Int] = [], head: StateCursor? = nil) {
        self.places = places
        self.common = common
        self.renamed = renamed
        self.head = head
    }
}
