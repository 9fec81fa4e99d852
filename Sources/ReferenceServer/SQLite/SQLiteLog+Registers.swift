import GRDB
import SQLiteChanges
import SyncCore

extension SQLiteLog {
    private static let counting = """
        SELECT sequence, note_base, \(ChangeColumns.names) FROM version
        WHERE reader = ? AND entity = ? AND field = ? ORDER BY sequence
        """

    func register(_ key: RegisterKey) throws -> Register {
        let versions = try db.rows(
            Self.counting,
            { binder in
                binder.integer(reader)
                binder.blob(EntityColumn.encode(key.entity))
                binder.text(key.field.text)
            },
            { row in
                guard let change = ChangeColumns.change(in: row, at: 2) else { throw Self.unreadable }
                return Version(change: change, position: .logged(row.bits(0)), noteBase: row.text(1))
            })
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
        let floor = try db.firstRow("SELECT state_floor FROM head WHERE reader = ?", { $0.integer(reader) }) {
            $0.bits(0)
        }
        guard let floor, sequence >= floor else { return nil }
        var page: [StoredVersion] = []
        var register: [StoredVersion] = []
        var last: RegisterPosition?
        var current: RegisterPosition?
        var weight = 0
        var isFull = false
        try db.eachRow(
            Self.pastVersions,
            { binder in
                binder.integer(reader)
                binder.blob(position?.entity ?? [])
                binder.text(position?.field ?? "")
                binder.integer(Int64(clamping: sequence))
            }
        ) { row in
            let place = RegisterPosition(entity: row.blob(7), field: row.text(8))
            if place != current {
                // The register before is whole: it stays on the page if it still fits there.
                isFull = !page.isEmpty && (page.count + register.count > limit || weight > bytes)
                if isFull { return false }
                page += register
                if current != nil { last = current }
                (register, current) = ([], place)
                isFull = page.count >= limit || weight > bytes
                if isFull { return false }
            }
            let entry = try Self.entry(in: row)
            weight += entry.change.weight
            register.append(StoredVersion(entry: entry, noteBase: row.text(2 + ChangeColumns.count)))
            return true
        }
        if isFull || (!page.isEmpty && (page.count + register.count > limit || weight > bytes)) {
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
