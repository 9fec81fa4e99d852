import GRDB
import SQLiteChanges
public import SyncCore

/// A reader as an administrator sees it.
public struct ReaderRecord: Sendable, Hashable, Codable {
    /// The name.
    public var name: String
    /// When the reader was added, milliseconds since 1970.
    public var created: Int64
    /// Devices whose tokens are good.
    public var devices: Int
    /// The newest entry of the reader's log.
    public var sequence: UInt64
}

/// A device as an administrator sees it.
public struct DeviceRecord: Sendable, Hashable, Codable {
    /// Names the device on this server.
    public var id: Int64
    /// Whose it is.
    public var reader: String
    /// What it was called when its token was made.
    public var name: String
    /// When its token was made, milliseconds since 1970.
    public var created: Int64
    /// When it was last seen, to the hour; milliseconds since 1970.
    public var lastUsed: Int64?
    /// When its token was revoked, milliseconds since 1970.
    public var revoked: Int64?
}

extension SQLiteServerStore {
    /// Adds a reader with an empty log.
    ///
    /// - Throws: ``ServerError``: `invalid` for an empty or long name, or one with control characters; `exists`.
    public func addReader(_ name: String, at now: WallTime) throws(ServerError) {
        try Self.check(name, "a reader's name")
        try access("add the reader") {
            try writingHere { db in
                guard try Self.reader(named: name, in: db) == nil else {
                    throw ServerError(.exists, "there is a reader '\(name)' already")
                }
                try db.run(
                    sql: "INSERT INTO reader (name, created) VALUES (?, ?)",
                    arguments: [name, now.milliseconds])
                let zero = Digest128.zero.bytes.databaseBlob
                try db.run(
                    sql:
                        "INSERT INTO head (reader, sequence, prefix, floor, floor_prefix) VALUES (?, 0, ?, 0, ?)",
                    arguments: [db.lastInsertedRowID, zero, zero])
            }
        }
    }

    /// All readers, by name.
    public func readers() throws(ServerError) -> [ReaderRecord] {
        try access("list the readers") {
            try readingHere { db in
                let rows = try Row.fetchAll(
                    once: db,
                    sql: """
                        SELECT name, created, sequence,
                            (SELECT count(*) FROM device WHERE device.reader = reader.id AND revoked IS NULL)
                        FROM reader JOIN head ON head.reader = reader.id ORDER BY name
                        """)
                return rows.map {
                    ReaderRecord(name: $0[0], created: $0[1], devices: $0[3], sequence: $0.unsigned(at: 2))
                }
            }
        }
    }

    /// Makes a token for a device of a reader.
    ///
    /// - Returns: the token, which is stored nowhere; only its hash is.
    /// - Throws: ``ServerError``: `notFound` if there is no such reader, `invalid` for a name as with readers.
    public func addDevice(
        _ name: String, of reader: String, at now: WallTime, using generator: inout some RandomNumberGenerator
    ) throws(ServerError) -> (id: Int64, token: String) {
        try Self.check(name, "a device's name")
        let token = "rs_" + (0..<4).map { _ in generator.next().hexDigits }.joined()
        let hash = SHA256.hash(Array(token.utf8))
        let id = try access("add the device") {
            try writingHere { db in
                guard let row = try Self.reader(named: reader, in: db) else { throw Self.noReader(reader) }
                try db.run(
                    sql: "INSERT INTO device (reader, name, token_hash, created) VALUES (?, ?, ?, ?)",
                    arguments: [row, name, hash.databaseBlob, now.milliseconds])
                return db.lastInsertedRowID
            }
        }
        return (id, token)
    }

    /// All devices, by reader and number.
    public func devices() throws(ServerError) -> [DeviceRecord] {
        try access("list the devices") {
            try readingHere { db in
                let rows = try Row.fetchAll(
                    once: db,
                    sql: """
                        SELECT device.id, reader.name, device.name, device.created, last_used, revoked
                        FROM device JOIN reader ON reader.id = device.reader ORDER BY reader.name, device.id
                        """)
                return rows.map {
                    DeviceRecord(
                        id: $0[0], reader: $0[1], name: $0[2], created: $0[3], lastUsed: $0[4], revoked: $0[5]
                    )
                }
            }
        }
    }

    /// Makes a device's token worthless, at once.
    ///
    /// - Throws: ``ServerError``: `notFound` if there is no such device.
    public func revokeDevice(_ id: Int64, at now: WallTime) throws(ServerError) {
        try access("revoke the device") {
            try writingHere { db in
                try db.run(
                    sql: "UPDATE device SET revoked = coalesce(revoked, ?) WHERE id = ?",
                    arguments: [now.milliseconds, id])
                guard db.changesCount > 0 else {
                    throw ServerError(
                        .notFound, "there is no device \(id)", remedy: "`device list` shows the numbers")
                }
            }
        }
    }

    private static func check(_ name: String, _ what: String) throws(ServerError) {
        guard Account.isDeviceName(name) else {
            throw ServerError(
                .invalid, "\(what) has 1 to \(Account.maximumDeviceNameBytes) bytes",
                remedy: "leave out control characters")
        }
    }

    static func reader(named name: String, in db: Database) throws -> Int64? {
        try Int64.fetchOne(once: db, sql: "SELECT id FROM reader WHERE name = ?", arguments: [name])
    }

    static func noReader(_ name: String) -> ServerError {
        ServerError(.notFound, "there is no reader '\(name)'", remedy: "`user list` shows the names")
    }

    /// Runs an access to the database, and says what it was for if it fails.
    func access<Result>(_ what: String, _ work: () throws -> Result) throws(ServerError) -> Result {
        do {
            return try work()
        } catch let error as ServerError {
            throw error
        } catch {
            let isBusy = BusyStore.isReason(for: error)
            throw ServerError(
                .storage, "cannot \(what): \(isBusy ? "another process holds the database" : "\(error)")",
                remedy: isBusy ? "try again" : "")
        }
    }
}
