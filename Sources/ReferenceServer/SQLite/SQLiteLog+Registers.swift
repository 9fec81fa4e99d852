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

    func registers(
        after position: RegisterPosition?, limit: Int, bytes: Int
    ) throws -> (versions: [StoredVersion], last: RegisterPosition?, isLast: Bool) {
        let statement = try db.cachedStatement(
            sql: """
                SELECT sequence, received, \(ChangeColumns.names), note_base FROM version
                WHERE reader = ? AND (entity, field) > (?, ?) ORDER BY entity, field, sequence
                """)
        let rows = try Row.fetchCursor(
            statement,
            arguments: [reader, (position?.entity ?? []).databaseBlob, position?.field ?? ""])
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
                    return (page, last, false)
                }
                page += register
                if current != nil { last = current }
                (register, current) = ([], place)
                if page.count >= limit || weight > bytes { return (page, last, false) }
            }
            let entry = try Self.entry(in: row)
            weight += entry.change.weight
            register.append(StoredVersion(entry: entry, noteBase: row[2 + ChangeColumns.count]))
        }
        if !page.isEmpty, page.count + register.count > limit || weight > bytes { return (page, last, false) }
        return (page + register, current ?? last, true)
    }

    private static var unreadable: ServerError {
        ServerError(
            .damaged, "a version of a register cannot be read",
            remedy: "restore a backup; replicas offer again what it lacks")
    }
}
