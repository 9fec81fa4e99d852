import GRDB
import SQLiteChanges
import SyncCore

extension SQLiteLog {
    func register(_ key: RegisterKey) throws -> Register {
        let statement = try db.cachedStatement(
            sql: """
                SELECT sequence, note_base, \(ChangeColumns.names) FROM version
                WHERE reader = ? AND entity = ? AND field = ? ORDER BY sequence
                """)
        let arguments: StatementArguments = [
            reader, EntityColumn.encode(key.entity).databaseBlob, key.field.text,
        ]
        let versions = try Row.fetchAll(statement, arguments: arguments).map { row in
            guard let change = ChangeColumns.change(in: row, at: 2) else { throw Self.unreadable }
            return Version(change: change, position: .logged(row.unsigned(at: 0)), noteBase: row[1])
        }
        return Register(versions: versions)
    }

    /// Reads versions from a place on as they were after a sequence. Entries up to there are never changed, and what
    /// became of a version is told by where it stands and what overtook it, so that every page finds the same state.
    static let pastVersions = """
        SELECT sequence, received, \(ChangeColumns.names), note_base FROM version
        WHERE reader = ?1 AND (entity, field) > (?2, ?3) AND sequence <= ?4
        UNION ALL
        SELECT sequence, received, \(ChangeColumns.names), note_base FROM overtaken_version
        WHERE reader = ?1 AND overtaken > ?4 AND (entity, field) > (?2, ?3) AND sequence <= ?4
        ORDER BY entity, field, sequence
        """

    func registers(
        at sequence: UInt64, after position: RegisterPosition?, limit: Int, bytes: Int
    ) throws -> RegisterPage? {
        let floor = try db.cachedStatement(sql: "SELECT state_floor FROM head WHERE reader = ?")
        guard let first = try Int64.fetchOne(floor, arguments: [reader]), sequence >= UInt64(bitPattern: first) else {
            return nil
        }
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: Self.pastVersions),
            arguments: [
                reader, (position?.entity ?? []).databaseBlob, position?.field ?? "", Int64(clamping: sequence),
            ])
        var page: [StoredVersion] = []
        var register: [StoredVersion] = []
        var last: RegisterPosition?
        var current: RegisterPosition?
        var weight = 0
        while let row = try rows.next() {
            let place = RegisterPosition(entity: row.bytes(at: 7), field: row[8])
            if place != current {
                // The register before is whole: it stays on the page if it still fits there.
                if !page.isEmpty, page.count + register.count > limit || weight > bytes {
                    return RegisterPage(versions: page, last: last, isLast: false)
                }
                page += register
                if current != nil { last = current }
                (register, current) = ([], place)
                if page.count >= limit || weight > bytes {
                    return RegisterPage(versions: page, last: last, isLast: false)
                }
            }
            let entry = try Self.entry(in: row)
            weight += entry.change.weight
            register.append(StoredVersion(entry: entry, noteBase: row[2 + ChangeColumns.count]))
        }
        if !page.isEmpty, page.count + register.count > limit || weight > bytes {
            return RegisterPage(versions: page, last: last, isLast: false)
        }
        return RegisterPage(versions: page + register, last: current ?? last, isLast: true)
    }

    private static var unreadable: ServerError {
        ServerError(
            .damaged, "a version of a register cannot be read",
            remedy: "restore a backup; replicas offer again what it lacks")
    }
}
