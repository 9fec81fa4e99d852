import GRDB
import SQLiteChanges
import SyncCore

/// The rows of the table `change`.
enum ChangeRows {
    /// The columns before the change's own: how a row is read everywhere.
    static let columns = "place, state, sequence, received, note_base, \(ChangeColumns.names)"

    // What runs once a change is put together once.
    private static let register =
        "SELECT \(columns) FROM change WHERE entity = ? AND field = ? AND state <= 1 ORDER BY place"
    private static let named =
        "SELECT \(columns) FROM change WHERE replica = ? AND number = ? AND number <> 0 ORDER BY place"
    private static let insertion = """
        INSERT INTO change (state, departs, sequence, received, note_base, \(ChangeColumns.names))
        VALUES (?, ?, ?, ?, ?, \(ChangeColumns.placeholders))
        """
    private static let pendingInsertion = """
        INSERT INTO change (state, departs, shown_before, \(ChangeColumns.names))
        VALUES (0, ?, ?, \(ChangeColumns.placeholders))
        """

    /// Reads the register of a key.
    ///
    /// - Throws: ``ReplicaError`` with `damaged` if a row cannot be read back: then nothing may be merged.
    static func live(_ key: RegisterKey, _ db: Database) throws -> LiveRegister {
        var live = LiveRegister()
        try db.eachRow(
            Self.register,
            { binder in
                binder.blob(EntityColumn.encode(key.entity))
                binder.text(key.field.text)
            },
            { row in
                try add(row, try change(in: row), to: &live)
                return true
            })
        sort(&live)
        return live
    }

    /// Reads all registers, in the order of entity and field.
    static func forEachRegister(_ db: Database, _ body: (RegisterKey, LiveRegister) throws -> Void) throws {
        var current: RegisterKey?
        var live = LiveRegister()
        try db.eachRow(
            "SELECT \(columns) FROM change INDEXED BY change_live WHERE state <= 1 ORDER BY entity, field, place"
        ) { row in
            let change = try change(in: row)
            if let before = current, before != change.key {
                sort(&live)
                try body(before, live)
                live = LiveRegister()
            }
            current = change.key
            try add(row, change, to: &live)
            return true
        }
        if let current {
            sort(&live)
            try body(current, live)
        }
    }

    /// The fields of an article that anything was ever said of.
    static func keys(of entity: Entity, _ db: Database) throws -> [RegisterKey] {
        try db.rows(
            "SELECT DISTINCT field FROM change WHERE entity = ? AND state <= 1 ORDER BY field",
            { $0.blob(EntityColumn.encode(entity)) },
            { row in Field(text: row.text(0)).flatMap { RegisterKey(entity, $0) } }
        ).compactMap(\.self)
    }

    /// How many marks there are: fields `read` and `saved` of which anything is said.
    static func markCount(_ db: Database) throws -> Int {
        let count = try db.firstRow(
            """
            SELECT count(*) FROM (
                SELECT DISTINCT entity, field FROM change INDEXED BY change_live
                WHERE state <= 1 AND field IN ('read', 'saved')
            )
            """
        ) { Int($0.integer(0)) }
        return count ?? 0
    }

    /// Whether there may be more than `count` marks: several versions of one count as several. Looks at no more of them.
    static func hasMarks(over count: Int, _ db: Database) throws -> Bool {
        try db.firstRow(
            """
            SELECT 1 FROM change INDEXED BY change_live WHERE state <= 1 AND field IN ('read', 'saved')
            ORDER BY entity, field, place LIMIT 1 OFFSET ?
            """, { $0.integer(Int64(count)) }, { _ in true }) ?? false
    }

    /// The change in a row of ``columns``.
    static func change(in row: borrowing Columns) throws -> Change {
        guard let change = ChangeColumns.change(in: row, at: 5) else {
            throw ReplicaError.damaged("change \(row.integer(0)) of the replica cannot be read back")
        }
        return change
    }

    /// The version in a row of ``columns``; `nil` if it is not in the log.
    static func version(_ change: Change, in row: borrowing Columns) -> Version? {
        if row.isNull(2) { return nil }
        return Version(change: change, position: .logged(row.bits(2)), noteBase: row.text(4))
    }

    /// Goes through the rows under a name, in the order of their places, as long as `read` says to go on.
    static func eachNamed(
        _ id: ChangeID, _ db: Database, _ read: (borrowing Columns) throws -> Bool
    ) throws {
        try db.eachRow(
            Self.named,
            { binder in
                binder.bits(id.replica.rawValue)
                binder.bits(id.number)
            }, read)
    }

    /// Whether a row of ``columns`` is in a state.
    static func isIn(_ state: ChangeRecord.State, _ row: borrowing Columns) -> Bool {
        row.integer(1) == Int64(state.rawValue)
    }

    private static func add(_ row: borrowing Columns, _ change: Change, to live: inout LiveRegister) throws {
        if isIn(.pending, row) {
            live.pending.append(LiveRegister.Pending(place: row.integer(0), change: change))
        } else if let version = version(change, in: row) {
            live.logged.append(LiveRegister.Logged(place: row.integer(0), version: version))
        } else {
            throw ReplicaError.damaged("change \(row.integer(0)) of the replica counts without being in the log")
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
    /// - Parameter before: the place of the change whose value was shown when it was made.
    /// - Returns: its place.
    static func insertPending(_ change: Change, shownBefore before: Int64? = nil, _ db: Database) throws -> Int64 {
        let bindings = try ChangeColumns.Bindings(change)
        try db.run(Self.pendingInsertion) { binder in
            binder.integer(change.isOptOut ? 0 : 1)
            binder.integer(before)
            binder.change(bindings)
        }
        return db.lastInsertedRowID
    }

    /// Keeps a merged note that was shown before a change was made.
    static func keep(_ text: String, before place: Int64, _ db: Database) throws {
        try db.run("INSERT INTO merged_before (change, text) VALUES (?, ?)") { binder in
            binder.integer(place)
            binder.text(text)
        }
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

    /// Writes a change that the remote did not take, with the reason.
    static func insertSetAside(
        _ change: Change, code: String, detail: String, at: WallTime, _ db: Database
    ) throws {
        let place = try insert(change, state: .setAside, sequence: nil, received: nil, noteBase: nil, db)
        try db.run(
            sql: "INSERT INTO set_aside (place, code, detail, at) VALUES (?, ?, ?, ?)",
            arguments: [place, code, detail, at.milliseconds])
    }

    private static func insert(
        _ change: Change, state: ChangeRecord.State, sequence: Int64?, received: Int64?, noteBase: String?,
        _ db: Database
    ) throws -> Int64 {
        let bindings = try ChangeColumns.Bindings(change)
        try db.run(Self.insertion) { binder in
            binder.integer(Int64(state.rawValue))
            binder.integer(change.isOptOut ? 0 : 1)
            binder.integer(sequence)
            binder.integer(received)
            binder.text(noteBase)
            binder.change(bindings)
        }
        return db.lastInsertedRowID
    }

    /// Gives a row its place in the log, as the log has it.
    static func setLogged(
        _ place: Int64, _ change: Change, state: ChangeRecord.State, sequence: UInt64, received: WallTime?,
        noteBase: String, _ db: Database
    ) throws {
        let also = try ChangeColumns.also(of: change.seen)
        try db.run(
            """
            UPDATE change SET state = ?, stamp = ?, seen = ?, seen_also = ?, sequence = ?,
                received = coalesce(?, received), note_base = ?
            WHERE place = ?
            """
        ) { binder in
            binder.integer(Int64(state.rawValue))
            binder.bits(change.stamp.rawValue)
            binder.bits(change.seen.through)
            binder.text(also)
            binder.bits(sequence)
            binder.integer(received?.milliseconds)
            binder.text(noteBase.isEmpty ? nil : noteBase)
            binder.integer(place)
        }
    }

    /// Moves a row to another state.
    static func setState(_ place: Int64, _ state: ChangeRecord.State, _ db: Database) throws {
        try db.run("UPDATE change SET state = ? WHERE place = ?") { binder in
            binder.integer(Int64(state.rawValue))
            binder.integer(place)
        }
    }

    /// Gives a pending row that has not left another entity, without what its value was based on there.
    static func move(_ place: Int64, to entity: Entity, _ seen: SeenContext, _ db: Database) throws {
        try db.run(
            """
            UPDATE change SET entity = ?, seen = ?, seen_also = NULL, base = iif(base IS NULL, NULL, '')
            WHERE place = ?
            """
        ) { binder in
            binder.blob(EntityColumn.encode(entity))
            binder.bits(seen.through)
            binder.integer(place)
        }
    }

    /// Gives a pending row another identity and context.
    static func rename(_ place: Int64, _ id: ChangeID, _ seen: SeenContext, _ db: Database) throws {
        let also = try ChangeColumns.also(of: seen)
        try db.run("UPDATE change SET replica = ?, number = ?, seen = ?, seen_also = ? WHERE place = ?") { binder in
            binder.bits(id.replica.rawValue)
            binder.bits(id.number)
            binder.bits(seen.through)
            binder.text(also)
            binder.integer(place)
        }
    }
}
