import GRDB
import SQLiteChanges
import SyncCore
public import SyncPorts

/// The server's store in one SQLite file: no set-up, any number of processes at once (WAL).
public struct SQLiteServerStore: ServerStore {
    let database: any DatabaseWriter
    /// What requests read through.
    let connections: ReadingConnections
    /// Whether accesses run on the calling thread, one after the other.
    let isSerial: Bool

    /// How long a statement waits for another process that writes, in seconds.
    static let busySeconds = 10.0

    /// Opens the store at `path`; makes it, with a new random epoch, if there is none.
    ///
    /// - Parameter isSerial: whether to use one connection and the calling thread for everything, as a simulator
    ///   needs it, where nothing may happen at a moment of its own choice.
    /// - Throws: ``ServerError`` with the code `storage`.
    public init(
        path: String, clock: any WallClock, random: any RandomSource, isSerial: Bool = false
    ) throws(ServerError) {
        var configuration = Configuration()
        configuration.busyMode = .timeout(Self.busySeconds)
        configuration.maximumReaderCount = 8
        configuration.prepareDatabase { db in
            // An acknowledged change survives the loss of power (DESIGN.md §5, durability).
            try db.set("PRAGMA synchronous = FULL")
            // A push of a thousand changes touches about as many pages, some of them in every transaction: they are held
            // until its end, and copied back from the log less often. 16 MB each.
            if !db.configuration.readonly { try db.set("PRAGMA cache_size = -16000") }
            try db.set("PRAGMA wal_autocheckpoint = 4000")
        }
        self.isSerial = isSerial
        var reading = configuration
        reading.readonly = true
        connections = ReadingConnections(path: path, reading)
        do {
            database = try Self.connect(to: path, configuration, isSerial: isSerial)
            try Schema.migrator.migrate(database)
            let now = clock.now()
            try database.write { db in
                let exists = try Bool.fetchOne(once: db, sql: "SELECT EXISTS (SELECT 1 FROM server)") ?? false
                if !exists { try Self.found(db, epoch: max(1, random.next()), at: now) }
            }
            if isSerial { database.writeWithoutTransaction { db in db.prepareUnobserved() } }
        } catch {
            throw ServerError(
                .storage, "the database \(path) cannot be opened: \(error)",
                remedy: "check that the folder exists and this user may write there")
        }
    }

    private static func connect(
        to path: String, _ configuration: Configuration, isSerial: Bool
    ) throws -> any DatabaseWriter {
        guard isSerial else { return try DatabasePool(path: path, configuration: configuration) }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        // A pool does this by itself.
        try queue.inDatabase { db in _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") }
        return queue
    }

    /// Closes the database; no other call may follow.
    public func close() throws(ServerError) {
        try access("close the database") {
            try connections.close()
            try database.close()
        }
    }

    private static func found(_ db: Database, epoch: UInt64, at now: WallTime) throws {
        try db.run(
            sql: "INSERT INTO server (id, epoch, library_version) VALUES (1, ?, '')",
            arguments: [Int64(bitPattern: epoch)])
        for wording in DefaultWordings.all { try SQLiteLibrary(db: db).publish(wording, at: now) }
    }

    /// See ``ServerStore``. Runs on the calling thread: nobody who writes makes a reader wait, and handing it to another
    /// thread and back takes longer than most reads.
    public func read<Result: Sendable>(
        _ work: @escaping @Sendable (any ServerView) throws -> Result
    ) async throws -> Result {
        try readingHere { try work(SQLiteView(db: $0)) }
    }

    /// See ``ServerStore``.
    public func write<Result: Sendable>(
        _ work: @escaping @Sendable (any ServerTransaction) throws -> Result
    ) async throws -> Result {
        try await writing { try work(SQLiteView(db: $0)) }
    }
}

/// One state of the database, or a transaction on it. Lives no longer than the access that made it.
struct SQLiteView: ServerTransaction {
    let db: Database

    var catalog: any CatalogView { SQLiteCatalog(db: db) }

    func log(of reader: ReaderKey) throws -> any ReaderLog { SQLiteLog(db: db, reader: reader.rowID) }

    // SQLite has one writer at a time; the transaction itself is the reader's lock.
    func lockedLog(of reader: ReaderKey) throws -> any ReaderLogWriter {
        SQLiteLog(db: db, reader: reader.rowID)
    }

    func device(tokenHash: [UInt8]) throws -> Device? {
        try db.firstRow(
            "SELECT id, reader, last_used FROM device WHERE token_hash = ? AND revoked IS NULL",
            { $0.blob(tokenHash) },
            { row in
                Device(
                    rowID: row.integer(0), reader: ReaderKey(rowID: row.integer(1)), lastUsed: row.instant(2))
            })
    }

    func touch(_ device: Device, at now: WallTime) throws {
        try db.run(
            sql: "UPDATE device SET last_used = ? WHERE id = ?", arguments: [now.milliseconds, device.rowID])
    }

    func tie(_ replica: ReplicaID, to device: Device) throws {
        try db.run(
            """
            INSERT INTO device_replica (reader, replica, device)
            SELECT reader, replica, ? FROM replica_mark WHERE reader = ? AND replica = ?
            ON CONFLICT (reader, replica) DO UPDATE SET device = excluded.device WHERE device <> excluded.device
            """
        ) { binder in
            binder.integer(device.rowID)
            binder.integer(device.reader.rowID)
            binder.bits(replica.rawValue)
        }
    }
}

private func whole(_ digest: Digest128?) throws(ServerError) -> Digest128 {
    guard let digest else {
        throw ServerError(
            .damaged, "a hash in the database does not have 16 bytes",
            remedy: "run PRAGMA integrity_check on the database, and restore a backup")
    }
    return digest
}

extension Columns {
    /// The digest in a column of 16 bytes.
    ///
    /// - Throws: ``ServerError`` with `damaged` if it has not as many.
    func wholeDigest(_ index: Int) throws(ServerError) -> Digest128 {
        try whole(digest(index))
    }
}

extension Row {
    /// The digest in a column of 16 bytes.
    func digest(at index: Int) throws(ServerError) -> Digest128 {
        try whole(Digest128(bytes: bytes(at: index)))
    }

    /// The unsigned number in a column.
    func unsigned(at index: Int) -> UInt64 { UInt64(bitPattern: self[index] as Int64) }
}
