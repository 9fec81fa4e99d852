import GRDB
import SQLiteChanges
import SyncCore

/// How a ``Conflict`` is read.
enum ConflictRows {
    private static let columns = "row, name, entity, field, state, rule, opened_at, closed_at, resolved_by, reopened_by"

    /// Conflicts under a condition, the newest first.
    static func fetch(
        _ condition: String, _ arguments: StatementArguments, limit: Int, _ db: Database
    ) throws -> [Conflict] {
        let standing = try Standing(db)
        return try Row.fetchAll(
            once: db, sql: "SELECT \(columns) FROM conflict WHERE \(condition) ORDER BY row DESC LIMIT ?",
            arguments: arguments + [limit]
        ).map { try conflict($0, standing, db) }
    }

    private static func conflict(_ row: Row, _ standing: Standing, _ db: Database) throws -> Conflict {
        let number: Int64 = row[0]
        guard let entity = EntityColumn.decode(row.bytes(at: 2)), let field = Field(text: row[3]),
            let key = RegisterKey(entity, field), let state = Conflict.State(rawValue: row[4]),
            let opened = row.instant(at: 6)
        else { throw ReplicaError.damaged("conflict \(row[1] as String) cannot be read back") }
        let sides = try db.rows(
            """
            SELECT \(ChangeRows.columns) FROM conflict_side JOIN change ON change.place = conflict_side.change
            WHERE conflict = ? ORDER BY sequence IS NULL, sequence, place
            """, { $0.integer(number) }
        ) { side in
            let change = try ChangeRows.change(in: side)
            return ConflictSide(change: change, sequence: side.bitsIfAny(2), isMine: standing.made(change))
        }
        let shown = try ChangeRows.live(key, db).outcome?.value
        let closed = row.instant(at: 7)
        var settledOn = closed == nil ? shown : nil
        if state == .resolved, let decider = row[8] as Int64? { settledOn = try value(ofChangeAt: decider, db) }
        let settlement = Settlement(of: sides, on: settledOn)
        return Conflict(
            id: row[1], key: key, state: state, rule: (row[5] as String?).flatMap { MergeRule(rawValue: $0) },
            shown: shown, sides: sides, settledOn: settlement.value, lost: settlement.lost,
            isReopened: closed == nil && (row[9] as Int64?) != nil, opened: opened,
            closed: closed)
    }

    private static func value(ofChangeAt place: Int64, _ db: Database) throws -> Value? {
        try db.firstRow("SELECT \(ChangeRows.columns) FROM change WHERE place = ?", { $0.integer(place) }) {
            try ChangeRows.change(in: $0).value
        }
    }

    /// What a difference came to.
    private struct Settlement {
        let value: Value?
        let lost: [ConflictSide]

        /// - Parameter value: what it came to; `nil` if the rule chose.
        init(of sides: [ConflictSide], on value: Value?) {
            let register = Register(folding: sides)
            let result = value ?? register.outcome?.value
            self.value = result
            // What its own author replaced before the end did not lose.
            let counted = Set(register.versions.map(\.change.id))
            lost = sides.filter { side in
                guard let result, counted.contains(side.change.id) else { return false }
                return !side.change.value.isKept(in: result)
            }
        }
    }

    /// The one conflict that a reference names: an id or a beginning of it, four digits or more.
    static func one(_ reference: String, _ db: Database) throws -> Conflict {
        let exact = try fetch("name = ?", [reference], limit: 1, db)
        if let conflict = exact.first { return conflict }
        let allowed = Set("0123456789abcdef-")
        guard reference.count >= 4, reference.allSatisfy({ allowed.contains($0) }) else {
            throw notFound(reference)
        }
        let found = try fetch("substr(name, 1, ?) = ?", [reference.count, reference], limit: 6, db)
        if found.count == 1 { return found[0] }
        // Of several of one field, the one that waits for the reader is meant.
        let open = found.filter { $0.state == .open }
        if open.count == 1, Set(found.map(\.key)).count == 1 { return open[0] }
        guard !found.isEmpty else { throw notFound(reference) }
        throw ReplicaError(
            .ambiguous, "more than one conflict is called '\(reference)'", remedy: "give more of its id",
            candidates: found.prefix(5).map(\.id))
    }

    private static func notFound(_ reference: String) -> ReplicaError {
        ReplicaError(
            .notFound, "there is no conflict '\(reference)'", remedy: "list them with 'reader-sync conflicts'"
        )
    }

    /// The keys of all differences that last.
    static func ongoingKeys(_ db: Database) throws -> Set<RegisterKey> {
        Set(try keys(where: "closed_at IS NULL", { _ in }, db).map(\.key))
    }

    /// The fields about which the reader is asked again, see `conflict.reopened_by`.
    static func reopenedKeys(_ db: Database) throws -> Set<RegisterKey> {
        Set(try keys(where: "reopened_by IS NOT NULL AND closed_at IS NULL", { _ in }, db).map(\.key))
    }

    /// The rows of the conflicts that changes in a range of places decided.
    static func resolved(
        by places: ClosedRange<Int64>, _ db: Database
    ) throws -> [(conflict: Int64, key: RegisterKey)] {
        let condition = "state = \(Conflict.State.resolved.rawValue) AND resolved_by BETWEEN ? AND ?"
        return try keys(
            where: condition,
            { binder in
                binder.integer(places.lowerBound)
                binder.integer(places.upperBound)
            }, db)
    }

    private static func keys(
        where condition: String, _ bind: (inout StatementBinder) -> Void, _ db: Database
    ) throws -> [(conflict: Int64, key: RegisterKey)] {
        try db.rows("SELECT row, entity, field FROM conflict WHERE \(condition) ORDER BY row", bind) { row in
            EntityColumn.decode(row.blob(1)).flatMap { entity in
                Field(text: row.text(2)).flatMap { RegisterKey(entity, $0) }
            }
            .map { (conflict: row.integer(0), key: $0) }
        }.compactMap(\.self)
    }
}

extension Register {
    /// What the sides of a difference come to, without what came later.
    init(folding sides: [ConflictSide]) {
        self.init()
        for (index, side) in sides.enumerated() {
            apply(side.change, at: side.sequence.map { .logged($0) } ?? .pending(UInt64(index)))
        }
    }
}

extension Value {
    /// Whether nothing of it is missing in what a difference came to; of notes, no line.
    fileprivate func isKept(in result: Value) -> Bool {
        guard case .note(let text, _) = self, case .note(let whole, _) = result else { return agrees(with: result) }
        // A note that was taken off is not in any text.
        guard !text.isEmpty else { return whole.isEmpty }
        let lines = Set(whole.utf8.split(separator: 10).map { Array($0) })
        return text.utf8.split(separator: 10).allSatisfy { lines.contains(Array($0)) }
    }
}
