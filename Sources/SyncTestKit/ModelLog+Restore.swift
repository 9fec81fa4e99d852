public import SyncCore

// What a log's keeper does for replicas whose cursor is no longer good, in the plainest way (Protocol/spec.md §6, §7).
extension ModelLog {
    /// The newest of the cursors that is one of this log's; the one before all entries if none is.
    public func common(of cursors: [StateCursor]) -> StateCursor {
        cursors.first { $0.sequence > 0 && holds($0) } ?? cursor(at: 0)
    }

    /// Takes entries in that were lost, and says where they stand now.
    public mutating func restore(_ offer: RestoreOffer) throws(RemoteError) -> RestoreReply {
        guard holds(offer.common) else { throw RemoteError(.prefixMismatch, "not a cursor of this log") }
        var shared = offer.common.sequence
        var places: [UInt64] = []
        for offered in offer.entries {
            let place: UInt64
            if let known = sequence(of: offered.entry.change.id) {
                place = known
            } else {
                var change = offered.entry.change
                let saw = offered.saw.compactMap { sequence(of: $0) }
                change.seen = SeenContext(
                    through: min(change.seen.through, shared),
                    also: change.seen.also.filter { $0 <= shared } + saw)
                recordRestored(change.id, as: offered.entry.change)
                append(change, now: offered.entry.received)
                place = head.sequence
            }
            if place == offered.entry.sequence, place == shared + 1 { shared = place }
            places.append(place)
        }
        return RestoreReply(places: places, common: cursor(at: shared))
    }

    /// A log as it was after `sequence` entries: a backup.
    public func backup(at sequence: UInt64) -> ModelLog {
        var old = ModelLog(epoch: epoch)
        for entry in entries.prefix(Int(sequence)) {
            old.recordRestored(entry.change.id, as: entry.change)
            old.append(entry.change, now: entry.received)
        }
        return old
    }

    private func sequence(of id: ChangeID) -> UInt64? {
        entries.first { $0.change.id == id }?.sequence
    }

    private mutating func recordRestored(_ id: ChangeID, as change: Change) {
        record(id, change.contentDigest)
    }
}
