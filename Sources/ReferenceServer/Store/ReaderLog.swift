public import SyncCore
public import SyncSession

/// How far a reader's log goes, and where it begins.
public struct ReaderHead: Hashable, Sendable {
    /// The server's random generation.
    public var epoch: UInt64
    /// The newest entry; 0 if there is none.
    public var sequence: UInt64
    /// The chained hash up to it.
    public var prefix: Digest128
    /// Entries up to this one were compacted away.
    public var floor: UInt64

    /// Makes a head.
    public init(epoch: UInt64, sequence: UInt64, prefix: Digest128, floor: UInt64) {
        self.epoch = epoch
        self.sequence = sequence
        self.prefix = prefix
        self.floor = floor
    }

    /// The head as a cursor.
    public var cursor: StateCursor { StateCursor(epoch: epoch, sequence: sequence, prefix: prefix) }
}

/// A version of a register as a snapshot tells it.
public struct StoredVersion: Hashable, Sendable {
    /// Its entry in the log.
    public var entry: LogEntry
    /// The base of its note.
    public var noteBase: String

    /// Makes a version.
    public init(entry: LogEntry, noteBase: String) {
        self.entry = entry
        self.noteBase = noteBase
    }
}

/// A register's place in the order of snapshots: entity, then field, both as bytes.
public struct RegisterPosition: Hashable, Sendable {
    /// The entity, as `EntityColumn` writes it.
    public var entity: [UInt8]
    /// The field's name.
    public var field: String

    /// Makes a position.
    public init(entity: [UInt8], field: String) {
        self.entity = entity
        self.field = field
    }
}

/// Some registers as they were at one sequence.
public struct RegisterPage: Hashable, Sendable {
    /// Their versions, those of one register beside each other.
    public var versions: [StoredVersion]
    /// The last register; `nil` if there is none.
    public var last: RegisterPosition?
    /// Whether no register follows.
    public var isLast: Bool

    /// Makes a page.
    public init(versions: [StoredVersion], last: RegisterPosition?, isLast: Bool) {
        self.versions = versions
        self.last = last
        self.isLast = isLast
    }
}

/// One reader's log and registers, in one consistent state.
public protocol ReaderLog {
    /// How far the log goes.
    func head() throws -> ReaderHead
    /// The chained hash after an entry between floor and head, both included, or before the floor where it is known;
    /// `nil` elsewhere.
    func prefix(at sequence: UInt64) throws -> Digest128?
    /// The next entries, at most `limit` of them, ending where their texts reach `bytes`.
    func entries(after sequence: UInt64, limit: Int, bytes: Int) throws -> [LogEntry]
    /// Those of the named changes that are in the log.
    func entries(named ids: [ChangeID]) throws -> [ChangeID: LogEntry]
    /// A replica's largest number that was used, and what is on record for `numbers` up to it.
    func records(
        of replica: ReplicaID, numbers: [UInt64]
    ) throws -> (highWater: UInt64, records: [UInt64: NumberRecord])
    /// A register.
    func register(_ key: RegisterKey) throws -> Register
    /// Whole registers as they were after the entry `sequence`, in the order of their positions, as long as they hold at
    /// most `limit` versions and `bytes` of texts together; one at least. What came since does not show: what has
    /// begun to count is left out, and what was overtaken is there.
    ///
    /// - Returns: `nil` if that state is no longer known.
    func registers(
        at sequence: UInt64, after position: RegisterPosition?, limit: Int, bytes: Int
    ) throws -> RegisterPage?
    /// The reader's account: of subscriptions, what became of those to newsletters on offer; of devices, the names of those
    /// that ever sent a change.
    func account() throws -> Account
    /// What became of a subscription, whether the newsletter is on offer or not; `nil` if there is none.
    func delivery(of newsletter: EntityName) throws -> Account.Delivery?
}

/// A reader's log under its lock.
public protocol ReaderLogWriter: ReaderLog {
    /// Writes an entry, with the chained hash after it and the digest of what its author sent. The head is moved behind
    /// all of them at the end.
    func append(_ entry: LogEntry, prefix: Digest128, digest: Digest128) throws
    /// Moves the head behind what was appended, and the high-water mark of each author up to the newest of its changes.
    func moveHead(to sequence: UInt64, prefix: Digest128, newest: [ChangeID]) throws
    /// Writes what an entry did to its register: what it replaced, and the version that it became, if it did. What was
    /// replaced is kept for ``ReaderLog/registers(at:after:limit:bytes:)``.
    func replace(_ versions: [Version], by version: Version?, of entry: LogEntry) throws
    /// Uses up a number without an entry.
    func spend(_ spent: PushSession.Spent, of replica: ReplicaID) throws
    /// Adds to the record of consents, which is never changed.
    func record(_ entry: LogEntry, given: Bool, terms: ConsentTerms) throws
    /// Sets what became of a subscription; `nil` forgets it.
    func setDelivery(_ status: Account.Delivery?, of newsletter: EntityName) throws
}
