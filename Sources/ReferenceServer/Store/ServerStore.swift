public import SyncCore

/// Where the server keeps everything. SQLite is the first implementation; PostgreSQL can follow, since nothing
/// above this port knows SQL. A view is one consistent state of the store; a transaction is all or nothing.
public protocol ServerStore: Sendable {
    /// Hands `work` one consistent state. Runs beside other reads and a write.
    func read<Result: Sendable>(_ work: @escaping @Sendable (any ServerView) throws -> Result) async throws -> Result

    /// Hands `work` a transaction; what it did is durable when this returns, and undone if it throws.
    func write<Result: Sendable>(
        _ work: @escaping @Sendable (any ServerTransaction) throws -> Result
    ) async throws -> Result
}

/// What a request can look up.
public protocol ServerView {
    /// The device whose token has this SHA-256 hash; `nil` if there is none or it was revoked.
    func device(tokenHash: [UInt8]) throws -> Device?
    /// A reader's log and registers. In a transaction the reader is locked first, so that sequences are gapless.
    func log(of reader: ReaderKey) throws -> any ReaderLog
    /// The catalog.
    var catalog: any CatalogView { get }
}

/// A view that can be written to.
public protocol ServerTransaction: ServerView {
    /// A reader's log, locked until the transaction ends.
    func lockedLog(of reader: ReaderKey) throws -> any ReaderLogWriter
    /// Notes that a device was seen.
    func touch(_ device: Device, at now: WallTime) throws
    /// Notes that a device speaks for a replica, so that the reader's other devices can call it by its name. Nothing of a
    /// replica that never sent a change: there is nothing to name.
    func tie(_ replica: ReplicaID, to device: Device) throws
}

/// Names a reader within one store.
public struct ReaderKey: Hashable, Sendable {
    /// The number of the reader's row.
    public var rowID: Int64

    /// Makes a key.
    public init(rowID: Int64) {
        self.rowID = rowID
    }
}

/// A device that may speak for a reader.
public struct Device: Hashable, Sendable {
    /// The number of its row.
    public var rowID: Int64
    /// Whose device it is.
    public var reader: ReaderKey
    /// When it was last seen.
    public var lastUsed: WallTime?

    /// Makes a device.
    public init(rowID: Int64, reader: ReaderKey, lastUsed: WallTime?) {
        self.rowID = rowID
        self.reader = reader
        self.lastUsed = lastUsed
    }
}
