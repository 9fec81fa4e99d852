import GRDB
import SQLiteChanges
import SyncCore

/// The row of the table `replica` that changes of state depend on.
struct Standing {
    /// The replica's identity.
    var id: ReplicaID
    /// The number of the next change that leaves.
    var nextNumber: UInt64
    /// The replica's clock.
    var clock: HybridClock
    /// How far the log was followed.
    var cursor: StateCursor
    /// Identities that it had before.
    var formerIDs: Set<ReplicaID>

    /// Reads the row.
    init(_ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                SELECT id, next_number, clock_last, clock_offset, epoch, sequence, prefix FROM replica
                WHERE only = 1
                """)
        guard let row = try Row.fetchOne(statement), let cursor = StateCursor(row: row, at: 4) else {
            throw ReplicaError.damaged("the replica's own row is missing")
        }
        id = ReplicaID(rawValue: row.bits(at: 0))
        nextNumber = row.bits(at: 1)
        clock = HybridClock(last: HybridTimestamp(rawValue: row.bits(at: 2)), offset: row[3])
        self.cursor = cursor
        formerIDs = Set(
            try Int64.fetchAll(once: db, sql: "SELECT id FROM former_id").map {
                ReplicaID(rawValue: UInt64(bitPattern: $0))
            }
        )
    }

    /// Writes the row.
    func save(_ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE replica SET id = ?, next_number = ?, clock_last = ?, clock_offset = ?, epoch = ?, sequence = ?,
                    prefix = ?
                WHERE only = 1
                """
        ).execute(arguments: [
            Int64(bitPattern: id.rawValue), Int64(bitPattern: nextNumber),
            Int64(bitPattern: clock.last.rawValue),
            clock.offset, Int64(bitPattern: cursor.epoch), Int64(bitPattern: cursor.sequence),
            cursor.prefix.bytes.databaseBlob,
        ])
    }

    /// Whether the replica made `change`, under whatever identity.
    func made(_ change: Change) -> Bool {
        change.id.replica == id || formerIDs.contains(change.id.replica)
    }
}

extension Row {
    /// The 64 bits of a signed column.
    func bits(at index: Int) -> UInt64 {
        UInt64(bitPattern: self[index] as Int64)
    }

    /// The instant in a column of milliseconds.
    func instant(at index: Int) -> WallTime? {
        (self[index] as Int64?).map { WallTime(milliseconds: $0) }
    }

    /// The digest in a column of sixteen bytes.
    func digest(at index: Int) -> Digest128? { Digest128(bytes: bytes(at: index)) }
}

extension StateCursor {
    /// Reads epoch, sequence and prefix from three columns.
    init?(row: Row, at index: Int) {
        guard let prefix = row.digest(at: index + 2) else { return nil }
        self.init(epoch: row.bits(at: index), sequence: row.bits(at: index + 1), prefix: prefix)
    }
}
