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
        let row = try db.firstRow(
            """
            SELECT id, next_number, clock_last, clock_offset, epoch, sequence, prefix FROM replica WHERE only = 1
            """
        ) { row in
            let clock = HybridClock(last: HybridTimestamp(rawValue: row.bits(2)), offset: row.integer(3))
            return (ReplicaID(rawValue: row.bits(0)), row.bits(1), clock, StateCursor(row, at: 4))
        }
        guard let row, let cursor = row.3 else { throw ReplicaError.damaged("the replica's own row is missing") }
        (id, nextNumber, clock) = (row.0, row.1, row.2)
        self.cursor = cursor
        formerIDs = Set(try db.rows("SELECT id FROM former_id") { ReplicaID(rawValue: $0.bits(0)) })
    }

    /// Writes the row.
    func save(_ db: Database) throws {
        try db.run(
            """
            UPDATE replica SET id = ?, next_number = ?, clock_last = ?, clock_offset = ?, epoch = ?, sequence = ?,
                prefix = ?
            WHERE only = 1
            """
        ) { binder in
            binder.bits(id.rawValue)
            binder.bits(nextNumber)
            binder.bits(clock.last.rawValue)
            binder.integer(clock.offset)
            binder.bits(cursor.epoch)
            binder.bits(cursor.sequence)
            binder.digest(cursor.prefix)
        }
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
    init?(_ row: borrowing Columns, at index: Int) {
        guard let prefix = row.digest(index + 2) else { return nil }
        self.init(epoch: row.bits(index), sequence: row.bits(index + 1), prefix: prefix)
    }
}
