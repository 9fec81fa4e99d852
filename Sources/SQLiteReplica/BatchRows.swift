import GRDB
import SQLiteChanges
import SyncCore

/// The rows of the table `batch`.
enum BatchRows {
    /// A row, and the changes of its command.
    struct Item {
        var batch: Batch
        /// The places of its changes; `nil` if nothing had to change.
        var places: ClosedRange<Int64>?
    }

    private static let columns = "row, command, at, first_change, last_change, undoes"

    /// Writes that a command made changes.
    ///
    /// - Returns: its id.
    static func add(
        _ command: String, _ places: ClosedRange<Int64>?, undoes: Int64? = nil, at now: WallTime, _ db: Database
    ) throws -> Int64 {
        try db.run("INSERT INTO batch (command, at, first_change, last_change, undoes) VALUES (?, ?, ?, ?, ?)") {
            binder in
            binder.text(command)
            binder.integer(now.milliseconds)
            binder.integer(places?.lowerBound)
            binder.integer(places?.upperBound)
            binder.integer(undoes)
        }
        return db.lastInsertedRowID
    }

    /// One command; `nil` if there is no such.
    static func one(_ id: Int64, _ db: Database) throws -> Item? {
        let item = try db.firstRow("SELECT \(columns) FROM batch WHERE row = ?", { $0.integer(id) }, { read($0) })
        return try item.map { try withUndoing($0, db) }
    }

    /// The newest commands that pass `isWanted`, the newest first.
    static func newest(_ limit: Int, _ db: Database, _ isWanted: (Batch) -> Bool) throws -> [Item] {
        var found: [Item] = []
        try db.eachRow("SELECT \(columns) FROM batch ORDER BY row DESC") { row in
            guard found.count < limit else { return false }
            let item = try withUndoing(read(row), db)
            if isWanted(item.batch) { found.append(item) }
            return true
        }
        return found
    }

    /// The commands whose changes are in a range of places, the newest first.
    static func over(_ places: ClosedRange<Int64>, _ db: Database) throws -> [Item] {
        var found: [Item] = []
        try db.eachRow(
            "SELECT \(columns) FROM batch WHERE first_change <= ? ORDER BY first_change DESC",
            { $0.integer(places.upperBound) }
        ) { row in
            let item = read(row)
            guard let own = item.places, own.upperBound >= places.lowerBound else { return false }
            found.append(item)
            return true
        }
        return found
    }

    private static func read(_ row: borrowing Columns) -> Item {
        let (first, last) = (row.integerIfAny(3), row.integerIfAny(4))
        let places = first.flatMap { first in last.map { first...max(first, $0) } }
        let batch = Batch(
            id: row.integer(0), command: row.text(1), at: WallTime(milliseconds: row.integer(2)),
            changes: places?.count ?? 0, undoes: row.integerIfAny(5), undoneBy: nil)
        return Item(batch: batch, places: places)
    }

    private static func withUndoing(_ item: Item, _ db: Database) throws -> Item {
        var item = item
        item.batch.undoneBy = try undoing(item.batch.id, db)
        return item
    }

    /// The command that took one back and holds: it was not taken back in turn.
    private static func undoing(_ id: Int64, _ db: Database) throws -> Int64? {
        let later = try db.rows(
            "SELECT row FROM batch WHERE undoes = ? ORDER BY row DESC", { $0.integer(id) }, { $0.integer(0) })
        return try later.first { try undoing($0, db) == nil }
    }
}
