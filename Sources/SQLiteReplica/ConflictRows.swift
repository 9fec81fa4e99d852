import GRDB
import SQLiteChanges
import SyncCore

/// How a ``Conflict`` is read.
enum ConflictRows {
    private static let columns = "row, name, entity, field, state, rule, opened_at, closed_at"

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
        return Conflict(
            id: row[1], key: key, state: state, rule: (row[5] as String?).flatMap { MergeRule(rawValue: $0) },
            shown: try ChangeRows.live(key, db).outcome?.value, sides: sides, opened: opened,
            closed: row.instant(at: 7))
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
        Set(
            try Row.fetchAll(
                once: db, sql: "SELECT entity, field FROM conflict WHERE closed_at IS NULL ORDER BY row"
            )
            .compactMap { row in
                guard let entity = EntityColumn.decode(row.bytes(at: 0)), let field = Field(text: row[1])
                else {
                    return nil
                }
                return RegisterKey(entity, field)
            })
    }
}
