public import SyncCore

/// One reader's log, kept in memory in the plainest way: what a server does, without its storage. Tests compare
/// with it, and sync against it.
public struct ModelLog: Sendable {
    /// The generation.
    public var epoch: UInt64
    /// All entries, from sequence 1.
    public private(set) var entries: [LogEntry] = []
    /// The prefix hash after each entry; first the one before all.
    public private(set) var prefixes: [Digest128] = [.zero]
    /// Every register.
    public private(set) var registers: [RegisterKey: Register] = [:]
    /// The digest of every change that arrived, by its id.
    public private(set) var recorded: [ChangeID: Digest128] = [:]
    /// Why changes were not taken, by their ids.
    public private(set) var refusals: [ChangeID: Refusal] = [:]
    /// The largest number of each replica.
    public private(set) var highWater: [ReplicaID: UInt64] = [:]

    /// An empty log.
    public init(epoch: UInt64) {
        self.epoch = epoch
    }

    /// The cursor after an entry.
    public func cursor(at sequence: UInt64) -> StateCursor {
        StateCursor(epoch: epoch, sequence: sequence, prefix: prefixes[Int(sequence)])
    }

    /// The cursor after the last entry.
    public var head: StateCursor { cursor(at: UInt64(entries.count)) }

    /// Whether a cursor is one of this log's.
    public func holds(_ cursor: StateCursor) -> Bool {
        cursor.sequence == 0
            || (cursor.sequence <= UInt64(entries.count) && prefixes[Int(cursor.sequence)] == cursor.prefix)
    }

    /// Takes in pushed changes at an instant.
    ///
    /// - Throws: ``RemoteError`` with `replicaForked`; then nothing was taken.
    public mutating func push(
        _ changes: [Change], cursor: StateCursor, now: WallTime
    ) throws(RemoteError) -> [Refusal] {
        var (next, refused) = (self, [Refusal]())
        for change in changes {
            let context = AdmissionContext(
                highWater: next.highWater[change.id.replica] ?? 0, recorded: next.recorded[change.id],
                cursor: cursor.sequence, now: now, ageConfirmed: true)
            switch Admission.decide(change, in: context) {
            case .appended(let admitted):
                next.append(admitted, now: now)
                next.recorded[change.id] = change.contentDigest
            case .duplicate: if let refusal = next.refusals[change.id] { refused.append(refusal) }
            case .refused(let refusal):
                next.highWater[change.id.replica] = change.id.number
                next.recorded[change.id] = change.contentDigest
                next.refusals[change.id] = refusal
                refused.append(refusal)
            case .forked, .gap: throw RemoteError(.replicaForked, "another machine uses this identity")
            }
        }
        self = next
        return refused
    }

    /// Appends a change without asking.
    public mutating func append(_ change: Change, now: WallTime) {
        let entry = LogEntry(sequence: UInt64(entries.count) + 1, received: now, change: change)
        prefixes.append(entry.prefix(after: prefixes[entries.count]))
        entries.append(entry)
        registers[change.key, default: Register()].apply(change, at: .logged(entry.sequence))
        highWater[change.id.replica] = max(highWater[change.id.replica] ?? 0, change.id.number)
    }

    /// Notes what was sent under an id.
    mutating func record(_ id: ChangeID, _ digest: Digest128) {
        recorded[id] = digest
    }

    /// The reader's whole state as lines of text, one a register, in the order of their digests.
    public var state: [String] {
        registers.sorted { $0.key.digest < $1.key.digest }.compactMap { key, register in
            register.outcome.map { "\(key.digest) \($0.kind) \($0.value)" }
        }
    }
}
