import GRDB
import SQLiteChanges
public import SyncCore
import SyncPorts

extension Replica {
    /// Puts a page of a snapshot aside; the visible state does not change yet. The first page drops an older one.
    public func stage(_ page: SnapshotPage, isFirst: Bool) throws(ReplicaError) {
        try write { db in
            if isFirst {
                try db.run(sql: "DELETE FROM staged_version")
                try db.run(
                    sql: "INSERT OR REPLACE INTO staging (only, epoch, sequence, prefix) VALUES (1, ?, ?, ?)",
                    arguments: [
                        Int64(bitPattern: page.cursor.epoch), Int64(bitPattern: page.cursor.sequence),
                        page.cursor.prefix.bytes.databaseBlob,
                    ])
            }
            for version in page.versions {
                guard case .logged(let sequence) = version.position, version.change.id.isNumbered else {
                    throw ReplicaError(.invalidValue, "a version of the snapshot is not in the log")
                }
                let bindings = try ChangeColumns.Bindings(version.change)
                try db.run(
                    """
                    INSERT INTO staged_version (sequence, note_base, \(ChangeColumns.names))
                    VALUES (?, ?, \(ChangeColumns.placeholders))
                    """
                ) { binder in
                    binder.bits(sequence)
                    binder.text(version.noteBase.isEmpty ? nil : version.noteBase)
                    binder.change(bindings)
                }
            }
        }
    }

    /// Puts the staged snapshot in the place of all registers, and its cursor with it; pending changes are replayed
    /// on top. A pending change that the snapshot holds is acknowledged.
    ///
    /// - Parameter common: the last sequence that the old history and the new one share; `nil` if they are the same.
    /// - Throws: ``ReplicaError`` with `notApplicable` if no snapshot was staged.
    public func adoptSnapshot(common: UInt64?, at now: WallTime) throws(ReplicaError) -> StateSummary {
        try write { db in try Self.adopt(common: common, at: now, db) }
    }

    /// The same; with `holdsFlips` nothing is done if too many marks would be turned over, and the snapshot stays aside.
    public func adoptSnapshot(
        common: UInt64?, holdsFlips: Bool, at now: WallTime
    ) throws(ReplicaError) -> PullOutcome {
        guard holdsFlips else { return .applied(try adoptSnapshot(common: common, at: now)) }
        return try unlessHeld { db, flips in
            let before = try Self.marks(db)
            let summary = try Self.adopt(common: common, at: now, db)
            let (after, standing) = (try Self.marks(db), try Standing(db))
            flips.marks = before.count
            for (key, old) in before {
                // What nobody says any more shows what it showed at first; whose word that is, is not known.
                let value = after[key]?.change.value ?? key.field.initialValue
                let author = after[key]?.change.id.replica ?? standing.id
                if let new = after[key], standing.made(new.change) { continue }
                flips.count(old.change.value, value, by: author)
            }
            return summary
        }
    }

    /// What the fields `read` and `saved` show.
    private static func marks(_ db: Database) throws -> [RegisterKey: Version] {
        var marks: [RegisterKey: Version] = [:]
        try ChangeRows.forEachRegister(db) { key, live in
            if key.field == .read || key.field == .saved { marks[key] = live.outcome?.winner }
        }
        return marks
    }

    private static func adopt(common: UInt64?, at now: WallTime, _ db: Database) throws -> StateSummary {
        let staged = try db.firstRow("SELECT epoch, sequence, prefix FROM staging WHERE only = 1") {
            StateCursor($0, at: 0)
        }
        guard let cursor = staged ?? nil else {
            throw ReplicaError(.notApplicable, "no snapshot has been put together")
        }
        var summary = StateSummary()
        if let common {
            try Self.rebase(common: common, db)
            try Self.takeNamesGiven(beyond: common, db)
            try db.run("UPDATE change SET sequence = moved, moved = NULL WHERE sequence > ?") { $0.bits(common) }
            try Checkpoints.drop(beyond: common, db)
        }
        try db.run(sql: "UPDATE change SET state = 2 WHERE state = 1")
        try Self.adoptVersions(&summary, db)
        var standing = try Standing(db)
        standing.cursor = cursor
        try standing.save(db)
        try Checkpoints.add(cursor, db)
        try forgetHeld(db)
        try db.run("DELETE FROM staged_version")
        try db.run("DELETE FROM staging")
        try Self.showAll(cursor: cursor.sequence, at: now, &summary, db)
        return summary
    }

    /// Calls changes what the log calls them, where others have their names there. They stay the replica's own if they were.
    private static func takeNamesGiven(beyond common: UInt64, _ db: Database) throws {
        try db.run(
            """
            INSERT OR IGNORE INTO former_id (id)
            SELECT renamed FROM change WHERE sequence > ? AND renamed IS NOT NULL
            AND (replica = (SELECT id FROM replica) OR replica IN (SELECT id FROM former_id))
            """
        ) { $0.bits(common) }
        try db.run(
            "UPDATE change SET replica = renamed, number = 1, renamed = NULL WHERE sequence > ? AND renamed IS NOT NULL"
        ) { $0.bits(common) }
    }

    private static func adoptVersions(_ summary: inout StateSummary, _ db: Database) throws {
        // In the shape of ChangeRows.columns, so that one decoder reads both.
        let own = try Standing(db).id
        try db.eachRow(
            "SELECT row, 1, sequence, NULL, note_base, \(ChangeColumns.names) FROM staged_version ORDER BY row"
        ) { row in
            let change = try ChangeRows.change(in: row)
            guard let version = ChangeRows.version(change, in: row),
                case .logged(let sequence) = version.position
            else { return true }
            var same: (place: Int64, isPending: Bool)?
            try ChangeRows.eachNamed(change.id, db) { row in
                let mine = try ChangeRows.change(in: row)
                guard mine.key == change.key, mine.value == change.value else { return true }
                same = (row.integer(0), ChangeRows.isIn(.pending, row))
                return false
            }
            if let same {
                if same.isPending { summary.acknowledged += 1 }
                try ChangeRows.setLogged(
                    same.place, change, state: .current, sequence: sequence, received: nil,
                    noteBase: version.noteBase, db)
            } else {
                if change.id.replica == own { summary.forked = true } else { summary.received += 1 }
                _ = try ChangeRows.insertLogged(
                    change, state: .current, sequence: sequence, received: nil, noteBase: version.noteBase, db
                )
            }
            return true
        }
    }

    /// Gives contexts their meaning in the new history: of what is pending, and of everything beyond what both histories
    /// share, since that may be offered to the next restored log.
    private static func rebase(common: UInt64, _ db: Database) throws {
        var places: [RegisterKey: [(old: UInt64, new: UInt64)]] = [:]
        try db.eachRow(
            """
            SELECT \(ChangeRows.columns), moved FROM change WHERE sequence > ? AND moved IS NOT NULL ORDER BY sequence
            """, { $0.bits(common) }
        ) { row in
            let place = (old: row.bits(2), new: row.bits(5 + ChangeColumns.count))
            places[try ChangeRows.change(in: row).key, default: []].append(place)
            return true
        }
        let rows = try db.rows(
            "SELECT \(ChangeRows.columns) FROM change WHERE state = 0 OR sequence > ? ORDER BY place",
            { $0.bits(common) }, { (place: $0.integer(0), change: try ChangeRows.change(in: $0)) })
        for (place, change) in rows {
            let seen = PendingChanges.rebase(change.seen, common: common, places: places[change.key] ?? [])
            if seen != change.seen { try ChangeRows.rename(place, change.id, seen, db) }
        }
    }

    /// Writes anew everything that repeats what the registers show.
    private static func showAll(
        cursor: UInt64, at now: WallTime, _ summary: inout StateSummary, _ db: Database
    ) throws {
        var ledger = try DifferenceLedger(db, at: now)
        var ongoing = try ConflictRows.ongoingKeys(db)
        try ArticleState.clear(db)
        var counts = ListCounts()
        try ChangeRows.forEachRegister(db) { key, live in
            try ArticleState.write(key, live.outcome, &counts, db)
            let wasOngoing = ongoing.remove(key) != nil
            if wasOngoing || live.hasSeveral {
                try ledger.note(key, live, cursor: cursor, db)
            }
        }
        try counts.save(db)
        try ArticleState.forgetRevisions(db)
        for key in ongoing.sorted(by: { $0.digest < $1.digest }) {
            try ledger.note(key, LiveRegister(), cursor: cursor, db)
        }
        summary.opened = ledger.opened
        summary.settled = ledger.settled
    }
}
