import GRDB
import SQLiteChanges
public import SyncCore

extension Replica {
    /// Makes a new replica. Its folder must exist. The file appears complete or not at all, for its owner only.
    ///
    /// - Throws: ``ReplicaError`` with `alreadyExists`, `readOnly`, `diskFull`.
    public static func create(
        at path: String, as id: ReplicaID, remote: String? = nil, files: some ReplicaFiles = LocalFiles()
    ) throws(ReplicaError) -> Replica {
        guard !files.exists(path) else {
            throw ReplicaError(
                .alreadyExists, "there is already a file at \(path)", remedy: "choose another path")
        }
        let draft = path + ".new"
        do {
            for suffix in ["", "-wal", "-shm"] where files.exists(draft + suffix) {
                try files.remove(draft + suffix)
            }
            guard files.create(draft) else {
                throw ReplicaError(
                    .readOnly, "\(path) cannot be created",
                    remedy: "check that its folder exists and is writable")
            }
            let queue = try connect(to: draft, readonly: false)
            try queue.inDatabase { db in _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") }
            try Schema.migrator.migrate(queue)
            try queue.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO replica (only, id, next_number, clock_last, clock_offset, epoch, sequence, prefix,
                            remote, indexed)
                        VALUES (1, ?, 1, 0, 0, 0, 0, ?, ?, 0)
                        """,
                    arguments: [Int64(bitPattern: id.rawValue), Digest128.zero.bytes.databaseBlob, remote])
            }
            try queue.close()
            try files.move(draft, to: path)
        } catch {
            try? files.remove(draft)
            throw ReplicaError(error, at: path)
        }
        return try Replica(opening: path, for: .writing, files: files)
    }

    /// Opens a replica. A file of an earlier version is brought up to date first.
    ///
    /// For reading it is opened also where nothing can be written: see ``obstacle``.
    ///
    /// - Throws: ``ReplicaError`` with `noReplica`, `damaged`, `newerSchema`, `busy`, `diskFull`, `readOnly`.
    public convenience init(
        opening path: String, for access: Access = .writing, files: some ReplicaFiles = LocalFiles()
    ) throws(ReplicaError) {
        guard files.exists(path) else {
            throw ReplicaError(.noReplica, "there is no replica at \(path)", remedy: "run 'reader-sync init'")
        }
        if access == .writing, let refusal = Volume.refusal(at: path, withFolder: false) {
            throw ReplicaError.unwritable(path, refusal)
        }
        do {
            let (queue, obstacle) =
                try access == .reading
                ? Self.connectForReading(path) : (Self.connect(to: path, readonly: false), nil)
            let version = try queue.inDatabase { db in try Self.schemaVersion(db, at: path) }
            if version < Schema.version {
                if let obstacle { throw Self.behind(obstacle) }
                // Rare enough for a second connection, so that reading need not open for writing.
                let writer = try Self.connect(to: path, readonly: false)
                try Schema.migrator.migrate(writer)
                try writer.close()
            }
            queue.inDatabase { db in db.prepareUnobserved() }
            self.init(path: path, access: access, queue: queue, obstacle: obstacle)
        } catch {
            throw ReplicaError(error, at: path)
        }
    }

    private static func behind(_ obstacle: ReplicaError) -> ReplicaError {
        var error = obstacle
        error.detail += "; it is of an earlier version, and has to be brought up to date before it is read"
        return error
    }

    private static func schemaVersion(_ db: Database, at path: String) throws -> Int {
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        guard application == Schema.applicationID else {
            throw ReplicaError.damaged("\(path) is not a replica")
        }
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard version <= Schema.version else {
            throw ReplicaError(
                .newerSchema, "\(path) was written by a newer version of reader-sync",
                remedy: "update reader-sync")
        }
        return version
    }

    static func connect(to path: String, readonly: Bool) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = readonly
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            // A change number once sent is never used again, so what is committed must survive a power cut.
            try db.set("PRAGMA synchronous = FULL")
            // Debian's SQLite overwrites whatever is deleted, at the cost of writing it twice.
            try db.set("PRAGMA secure_delete = FAST")
            try db.set("PRAGMA cache_size = -16000")
            // Pages that many transactions touch are copied back less often: 16 MB of log instead of 4.
            try db.set("PRAGMA wal_autocheckpoint = 4000")
            // What is sorted for a reader needs no room on a disk that may have none.
            if readonly { try db.set("PRAGMA temp_store = MEMORY") }
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Closes the file; no other call may follow.
    public func close() throws(ReplicaError) {
        do { try queue.close() } catch { throw ReplicaError(error, at: path) }
    }

    /// Runs `body` on one consistent state of the file.
    func read<Result>(_ body: (Database) throws -> Result) throws(ReplicaError) -> Result {
        do {
            // As GRDB's own read, but without telling SQLite each time that nothing may be written: that would have it
            // prepare all statements anew.
            return try queue.inDatabase { db in try db.transaction(.deferred, body) }
        } catch { throw ReplicaError(error, at: path) }
    }

    /// Runs `body` in one transaction that is durable when this returns; nothing stays of it if it throws.
    func write<Result>(_ body: (Database) throws -> Result) throws(ReplicaError) -> Result {
        try checkWritable()
        do {
            return try queue.inDatabase { db in try db.transaction(.immediate, body) }
        } catch { throw ReplicaError(error, at: path) }
    }

    /// Runs `body` in one transaction whose loss in a power cut does no harm, since it can be done again: catalog
    /// pages and the index. It is durable at the latest with the next change of state.
    func writeRepeatable<Result>(_ body: (Database) throws -> Result) throws(ReplicaError) -> Result {
        try checkWritable()
        do {
            return try queue.writeWithoutTransaction { db in
                try db.set("PRAGMA synchronous = NORMAL")
                defer { try? db.set("PRAGMA synchronous = FULL") }
                return try db.transaction(.immediate, body)
            }
        } catch { throw ReplicaError(error, at: path) }
    }

    private func checkWritable() throws(ReplicaError) {
        guard access == .writing else { throw ReplicaError(.readOnly, "\(path) was opened for reading only") }
    }
}
