import GRDB
import SQLiteChanges
public import SyncCore

extension Replica {
    /// Changes as the replica came to know them, the newest first.
    ///
    /// - Parameters:
    ///   - limit: most changes.
    ///   - place: the last one's place of the piece before.
    public func log(limit: Int, after place: Int64? = nil) throws(ReplicaError) -> [ChangeRecord] {
        try read { db in
            let standing = try Standing(db)
            var records = try db.rows(
                "SELECT \(ChangeRows.columns) FROM change WHERE place < ? ORDER BY place DESC LIMIT ?",
                { binder in
                    binder.integer(place ?? .max)
                    binder.integer(Int64(max(0, limit)))
                }, { try Self.record($0, standing) })
            guard let newest = records.first?.place, let oldest = records.last?.place else { return records }
            var batches = try BatchRows.over(oldest...newest, db)[...]
            for index in records.indices {
                let place = records[index].place
                while let places = batches.first?.places, places.lowerBound > place { batches.removeFirst() }
                guard let stretch = batches.first, stretch.places.contains(place) else { continue }
                (records[index].batch, records[index].command) = (stretch.batch, stretch.command)
            }
            return records
        }
    }

    /// The record in a row of ``ChangeRows/columns``.
    static func record(_ row: borrowing Columns, _ standing: Standing) throws -> ChangeRecord {
        let change = try ChangeRows.change(in: row)
        guard let state = ChangeRecord.State(rawValue: Int(row.integer(1))) else {
            throw ReplicaError.damaged("change \(row.integer(0)) of the replica cannot be read back")
        }
        return ChangeRecord(
            place: row.integer(0), change: change, state: state, sequence: row.bitsIfAny(2),
            received: row.instant(3), isMine: standing.made(change))
    }

    /// Changes that the remote did not take, in the order in which they were made.
    public func setAsideList() throws(ReplicaError) -> [SetAsideChange] {
        try read { db in try Self.setAside(db) }
    }

    private static func setAside(_ db: Database) throws -> [SetAsideChange] {
        try db.rows(
            """
            SELECT change.place, state, sequence, received, note_base, \(ChangeColumns.names), code, detail, at
            FROM change JOIN set_aside ON set_aside.place = change.place WHERE state = 3 ORDER BY change.place
            """
        ) { row in
            let at = 5 + ChangeColumns.count
            return SetAsideChange(
                place: row.integer(0), change: try ChangeRows.change(in: row),
                code: Refusal.Code(rawValue: row.text(at)) ?? .other, detail: row.text(at + 1),
                at: WallTime(milliseconds: row.integer(at + 2)))
        }
    }

    /// Makes a set-aside change anew, as if the reader did the same now; the old one counts as dropped.
    ///
    /// - Throws: ``ReplicaError`` with `notFound`.
    public func retry(setAside place: Int64, at now: WallTime) throws(ReplicaError) -> RecordSummary {
        try write { db in
            let item = try Self.takeSetAside(place, db)
            var transaction = try StateTransaction(db, at: now)
            var summary = RecordSummary()
            try transaction.record(Edit(item.change.key, item.change.value), isForced: true, &summary)
            try transaction.finish(as: "set-aside retry", &summary)
            return summary
        }
    }

    /// Lets a set-aside change go. It stays in the history.
    ///
    /// - Throws: ``ReplicaError`` with `notFound`.
    public func drop(setAside place: Int64) throws(ReplicaError) {
        try write { db in _ = try Self.takeSetAside(place, db) }
    }

    private static func takeSetAside(_ place: Int64, _ db: Database) throws -> SetAsideChange {
        guard let item = try setAside(db).first(where: { $0.place == place }) else {
            throw ReplicaError(
                .notFound, "no change \(place) was set aside", remedy: "list them with 'reader-sync set-aside'")
        }
        try ChangeRows.setState(place, .dropped, db)
        try db.execute(sql: "DELETE FROM set_aside WHERE place = ?", arguments: [place])
        return item
    }
}
