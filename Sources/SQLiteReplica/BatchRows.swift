import GRDB
import SQLiteChanges
import SyncCore

/// The rows of the table `batch`.
enum BatchRows {
    /// What a command did in one transaction.
    struct Part {
        var row: Int64
        /// The places of its changes; `nil` if nothing had to change.
        var places: ClosedRange<Int64>?
        /// The row that took it back and holds: it was not taken back in turn.
        var undoneBy: Int64?
    }

    /// A command, and what it did, in order.
    struct Item {
        var batch: Batch
        var parts: [Part]
    }

    private static let columns = """
        row, command, at, (SELECT coalesce(undone.part_of, undone.row) FROM batch AS undone WHERE undone.row = batch.undoes)
        """

    /// Writes that a command made changes.
    ///
    /// - Parameters:
    ///   - undoes: the row that they take back.
    ///   - batch: the command, if these are not its first changes.
    /// - Returns: the new row.
    static func add(
        _ command: String, _ places: ClosedRange<Int64>?, undoes: Int64? = nil, continuing batch: Int64? = nil,
        at now: WallTime, _ db: Database
    ) throws -> Int64 {
        try db.run(
            "INSERT INTO batch (command, at, first_change, last_change, undoes, part_of) VALUES (?, ?, ?, ?, ?, ?)"
        ) { binder in
            binder.text(command)
            binder.integer(now.milliseconds)
            binder.integer(places?.lowerBound)
            binder.integer(places?.upperBound)
            binder.integer(undoes)
            binder.integer(batch)
        }
        return db.lastInsertedRowID
    }

    /// One command; `nil` if there is no such.
    static func one(_ id: Int64, _ db: Database) throws -> Item? {
        let batch = try db.firstRow(
            "SELECT \(columns) FROM batch WHERE row = ? AND part_of IS NULL", { $0.integer(id) }, { read($0) })
        return try batch.map { try item($0, db) }
    }

    /// The newest commands that pass `isWanted`, the newest first.
    static func newest(_ limit: Int, _ db: Database, _ isWanted: (Batch) -> Bool) throws -> [Item] {
        var found: [Item] = []
        try db.eachRow("SELECT \(columns) FROM batch WHERE part_of IS NULL ORDER BY row DESC") { row in
            guard found.count < limit else { return false }
            let item = try item(read(row), db)
            if isWanted(item.batch) { found.append(item) }
            return true
        }
        return found
    }

    /// The changes of a command in one transaction, for those who go through changes.
    struct Stretch {
        var places: ClosedRange<Int64>
        /// The command that made them.
        var batch: Int64
        var command: String
    }

    /// What commands did in a range of places, the newest first.
    static func over(_ places: ClosedRange<Int64>, _ db: Database) throws -> [Stretch] {
        var found: [Stretch] = []
        try db.eachRow(
            """
            SELECT first_change, last_change, coalesce(part_of, row), command FROM batch WHERE first_change <= ?
            ORDER BY first_change DESC
            """, { $0.integer(places.upperBound) }
        ) { row in
            let first = row.integer(0)
            let own = first...max(first, row.integer(1))
            guard own.upperBound >= places.lowerBound else { return false }
            found.append(Stretch(places: own, batch: row.integer(2), command: row.text(3)))
            return true
        }
        return found
    }

    private static func read(_ row: borrowing Columns) -> Batch {
        Batch(
            id: row.integer(0), command: row.text(1), at: WallTime(milliseconds: row.integer(2)), changes: 0,
            undoes: row.integerIfAny(3), undoneBy: nil)
    }

    /// A command with its parts. It counts as taken back once all of them are.
    private static func item(_ batch: Batch, _ db: Database) throws -> Item {
        var item = Item(batch: batch, parts: [])
        item.parts = try db.rows(
            "SELECT row, first_change, last_change FROM batch WHERE row = ? OR part_of = ? ORDER BY row",
            { binder in
                binder.integer(batch.id)
                binder.integer(batch.id)
            }
        ) { row in
            let places = row.integerIfAny(1).flatMap { first in row.integerIfAny(2).map { first...max(first, $0) } }
            return Part(row: row.integer(0), places: places, undoneBy: try undoing(row.integer(0), db))
        }
        item.batch.changes = item.parts.reduce(0) { $0 + ($1.places?.count ?? 0) }
        if item.parts.allSatisfy({ $0.undoneBy != nil }), let last = item.parts.first?.undoneBy {
            item.batch.undoneBy = try head(of: last, db)
        }
        return item
    }

    /// The row that took one back and holds.
    static func undoing(_ row: Int64, _ db: Database) throws -> Int64? {
        let later = try db.rows(
            "SELECT row FROM batch WHERE undoes = ? ORDER BY row DESC", { $0.integer(row) }, { $0.integer(0) })
        return try later.first { try undoing($0, db) == nil }
    }

    /// The command that a row is of.
    static func head(of row: Int64, _ db: Database) throws -> Int64 {
        try db.firstRow(
            "SELECT coalesce(part_of, row) FROM batch WHERE row = ?", { $0.integer(row) }, { $0.integer(0) })
            ?? row
    }
}
