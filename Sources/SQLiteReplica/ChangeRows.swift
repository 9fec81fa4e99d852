import GRDB
import SQLiteChanges
import SyncCore

/// The rows of the table `change`.
enum ChangeRows {
    /// The columns before the change's own: how a row is read everywhere.
    static let columns = "place, state, sequence, received, note_base, \(ChangeColumns.names)"

    /// Reads the register of a key.
    ///
    /// - Throws: ``ReplicaError`` with `damaged` if a row cannot be read back: then nothing may be merged.
    static func live(_ key: RegisterKey, _ db: Database) throws -> LiveRegister {
        let statement = try db.cachedStatement(
            sql: "SELECT \(columns) FROM change WHERE entity = ? AND field = ? AND state <= 1 ORDER BY place")
        statement.bind { binder in
            binder.blob(EntityColumn.encode(key.entity))
            binder.text(key.field.text)
        }
        let rows = try Row.fetchCursor(statement)
        var live = LiveRegister()
        while let row = try rows.next() { try add(row, to: &live) }
        sort(&live)
        return live
    }

    /// Reads all registers, in the order of entity and field.
    static func forEachRegister(_ db: Database, _ body: (RegisterKey, LiveRegister) throws -> Void) throws {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT \(columns) FROM change INDEXED BY change_live WHERE state <= 1 ORDER BY entity, field, place
                """)
        var current: RegisterKey?
        var live = LiveRegister()
        while let row = try rows.next() {
            let key = try change(in: row).key
            if let before = current, before != key {
                sort(&live)
                try body(before, live)
                live = LiveRegister()
            }
            current = key
            try add(row, to: &live)
        }
        if let current {
            sort(&live)
            try body(current, live)
        }
    }

    /// The fields of an article that anything was ever said of.
    static func keys(of entity: Entity, _ db: Database) throws -> [RegisterKey] {
        let statement = try db.cachedStatement(
            sql: "SELECT DISTINCT field FROM change WHERE entity = ? AND state <= 1 ORDER BY field")
        return try String.fetchAll(statement, arguments: [EntityColumn.encode(entity).databaseBlob])
            .compactMap {
                Field(text: $0).flatMap { RegisterKey(entity, $0) }
            }
    }

    /// The change in a row of ``columns``.
    static func change(in row: Row) throws -> Change {
        guard let change = ChangeColumns.change(in: row, at: 5) else {
            let place: Int64 = row[0]
            throw ReplicaError.damaged("change \(place) of the replica cannot be read back")
        }
        return change
    }

    /// The version in a row of ``columns``; `nil` if it is not in the log.
    static func version(_ change: Change, in row: Row) -> Version? {
        guard let sequence: Int64 = row[2] else { return nil }
        return Version(
            change: change, position: .logged(UInt64(bitPattern: sequence)), noteBase: row[4] as String? ?? ""
        )
    }

    private static func add(_ row: Row, to live: inout LiveRegister) throws {
        let change = try change(in: row)
        if (row[1] as Int) == ChangeRecord.State.pending.rawValue {
            live.pending.append(LiveRegister.Pending(place: row[0], change: change))
        } else if let version = version(change, in: row) {
            live.logged.append(LiveRegister.Logged(place: row[0], version: version))
        } else {
            throw ReplicaError.damaged(
                "change \(row[0] as Int64) of the replica counts without being in the log")
        }
    }

    private static func sort(_ live: inout LiveRegister) {
        if live.logged.count > 1 { live.logged.sort { $0.version.position < $1.version.position } }
        if live.pending.count > 1 {
            live.pending =
                live.pending.filter(\.change.id.isNumbered).sorted { $0.change.id < $1.change.id }
                + live.pending.filter { !$0.change.id.isNumbered }
        }
    }

    // MARK: Writing

    /// Writes a pending change.
    ///
    /// - Returns: its place.
    static func insertPending(_ change: Change, _ db: Database) throws -> Int64 {
        try insert(change, state: .pending, sequence: nil, received: nil, noteBase: nil, db)
    }

    /// Writes a change that is in the log.
    ///
    /// - Returns: its place.
    static func insertLogged(
        _ change: Change, state: ChangeRecord.State, sequence: UInt64, received: WallTime?, noteBase: String,
        _ db: Database
    ) throws -> Int64 {
        try insert(
            change, state: state, sequence: Int64(bitPattern: sequence), received: received?.milliseconds,
            noteBase: noteBase.isEmpty ? nil : noteBase, db)
    }

    private static func insert(
        _ change: Change, state: ChangeRecord.State, sequence: Int64?, received: Int64?, noteBase: String?,
        _ db: Database
    ) throws -> Int64 {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO change (state, departs, sequence, received, note_base, \(ChangeColumns.names))
                VALUES (?, ?, ?, ?, ?, \(ChangeColumns.placeholders))
                """)
        let value = try ValueColumns(change.value)
        let also = change.seen.also.isEmpty ? nil : try ValueColumns.json(change.seen.also)
        let extra = change.extra.isEmpty ? nil : try ValueColumns.json(change.extra)
        // In the order of ChangeColumns.names.
        try statement.run { binder in
            binder.integer(Int64(state.rawValue))
            binder.integer(change.isOptOut ? 0 : 1)
            binder.integer(sequence)
            binder.integer(received)
            binder.text(noteBase)
            binder.integer(Int64(bitPattern: change.id.replica.rawValue))
            binder.integer(Int64(bitPattern: change.id.number))
            binder.integer(Int64(bitPattern: change.stamp.rawValue))
            binder.integer(Int64(bitPattern: change.seen.through))
            binder.text(also)
            binder.blob(EntityColumn.encode(change.key.entity))
            binder.text(change.key.field.text)
            binder.integer(value.number)
            binder.text(value.text)
            binder.text(value.base)
            binder.text(extra)
        }
        return db.lastInsertedRowID
    }

    /// Gives a row its place in the log, as the log has it.
    static func setLogged(
        _ place: Int64, _ change: Change, state: ChangeRecord.State, sequence: UInt64, received: WallTime?,
        noteBase: String, _ db: Database
    ) throws {
        let also = change.seen.also.isEmpty ? nil : change.seen.also.map { "\($0)" }.joined(separator: ",")
        try db.cachedStatement(
            sql: """
                UPDATE change SET state = ?, stamp = ?, seen = ?, seen_also = ?, sequence = ?,
                    received = coalesce(?, received), note_base = ?
                WHERE place = ?
                """
        ).execute(arguments: [
            state.rawValue, Int64(bitPattern: change.stamp.rawValue), Int64(bitPattern: change.seen.through),
            also.map { "[\($0)]" }, Int64(bitPattern: sequence), received?.milliseconds,
            noteBase.isEmpty ? nil : noteBase, place,
        ])
    }

    /// Moves a row to another state.
    static func setState(_ place: Int64, _ state: ChangeRecord.State, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE change SET state = ? WHERE place = ?")
            .execute(arguments: [state.rawValue, place])
    }

    /// Gives a pending row that has not left another entity, without what its value was based on there.
    static func move(_ place: Int64, to entity: Entity, _ seen: SeenContext, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE change SET entity = ?, seen = ?, seen_also = NULL, base = iif(base IS NULL, NULL, '')
                WHERE place = ?
                """
        ).execute(arguments: [
            EntityColumn.encode(entity).databaseBlob, Int64(bitPattern: seen.through), place,
        ])
    }

    /// Gives a pending row another identity and context.
    static func rename(_ place: Int64, _ id: ChangeID, _ seen: SeenContext, _ db: Database) throws {
        let also = seen.also.isEmpty ? nil : "[" + seen.also.map { "\($0)" }.joined(separator: ",") + "]"
        try db.cachedStatement(
            sql: "UPDATE change SET replica = ?, number = ?, seen = ?, seen_also = ? WHERE place = ?"
        ).execute(arguments: [
            Int64(bitPattern: id.replica.rawValue), Int64(bitPattern: id.number),
            Int64(bitPattern: seen.through),
            also, place,
        ])
    }
}
