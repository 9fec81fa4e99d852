/// How far a replica has followed a reader's change log, and which log it was: the epoch is the remote's random
/// generation, the prefix a hash over all entries up to the sequence. A remote restored from a backup no longer
/// has the prefix, so the difference is found at the next request (CouchDB's replication checkpoints, with a
/// hash in place of a history list).
public struct StateCursor: Hashable, Sendable {
    /// The remote's generation.
    public var epoch: UInt64
    /// The last entry that was applied; 0 before the first.
    public var sequence: UInt64
    /// The chained hash over entries 1...sequence. Opaque to everyone but the remote.
    public var prefix: Digest128

    /// Makes a cursor.
    public init(epoch: UInt64, sequence: UInt64, prefix: Digest128) {
        self.epoch = epoch
        self.sequence = sequence
        self.prefix = prefix
    }

    /// Before any remote was met.
    public static let origin = StateCursor(epoch: 0, sequence: 0, prefix: .zero)
}

/// What the author of a change had seen when it was made: every entry of the log up to `through`, and a few
/// single entries beyond. The single entries arise only where history was repaired: after a remote came back
/// from a backup, or after a cloned replica took a new identity.
public struct SeenContext: Hashable, Sendable {
    /// Every entry with a sequence up to this was seen.
    public var through: UInt64
    /// Sequences beyond `through` that were seen too; ascending, usually empty.
    public var also: [UInt64]

    /// Most single entries; the wire's `Limits.seenAlso`.
    public static let maximumAlso = 256

    /// Makes a context; `also` is put in order and stripped of what `through` covers. Of more than ``maximumAlso`` the
    /// newest stay: they are the likeliest still to count, and forgetting one makes a conflict, never a loss.
    public init(through: UInt64, also: [UInt64] = []) {
        self.through = through
        self.also = Array(Set(also.filter { $0 > through }).sorted().suffix(Self.maximumAlso))
    }

    /// Whether the entry at `sequence` had been seen.
    public func contains(_ sequence: UInt64) -> Bool {
        sequence <= through || also.contains(sequence)
    }
}
