import GRDB
import SQLiteChanges
import SyncCore
import SyncSession

extension SQLiteLog {
    func append(_ entry: LogEntry, prefix: Digest128, digest: Digest128) throws {
        let log = try db.cachedStatement(
            sql: """
                INSERT INTO log (reader, sequence, received, prefix, content_digest, says, \(ChangeColumns.names))
                VALUES (?, ?, ?, ?, ?, ?, \(ChangeColumns.placeholders))
                """)
        let sequence = Int64(bitPattern: entry.sequence)
        let first: [(any DatabaseValueConvertible)?] = [
            reader, sequence, entry.received.milliseconds, prefix.bytes.databaseBlob,
            digest.bytes.databaseBlob, Int64(bitPattern: entry.change.nameWhereTaken.replica.rawValue),
        ]
        try log.execute(
            arguments: StatementArguments(first + (try ChangeColumns.arguments(of: entry.change))))
        let head = try db.cachedStatement(sql: "UPDATE head SET sequence = ?, prefix = ? WHERE reader = ?")
        try head.execute(arguments: [sequence, prefix.bytes.databaseBlob, reader])
        try raiseMark(of: entry.change.id)
    }

    func replace(_ versions: [Version], by version: Version?, of entry: LogEntry) throws {
        let entity = EntityColumn.encode(entry.change.key.entity).databaseBlob
        let field = entry.change.key.field.text
        let sequence = Int64(bitPattern: entry.sequence)
        for case .logged(let replaced) in versions.map(\.position) {
            try overtake([reader, entity, field, Int64(bitPattern: replaced)], by: sequence)
        }
        guard let version else { return }
        let insert = try db.cachedStatement(
            sql: """
                INSERT INTO version (reader, sequence, received, note_base, \(ChangeColumns.names))
                VALUES (?, ?, ?, ?, \(ChangeColumns.placeholders))
                """)
        let first: [(any DatabaseValueConvertible)?] = [
            reader, sequence, entry.received.milliseconds, version.noteBase,
        ]
        try insert.execute(
            arguments: StatementArguments(first + (try ChangeColumns.arguments(of: version.change))))
    }

    /// Puts a version away, for snapshots that were begun while it counted. Nothing else of a version ever changes.
    private func overtake(_ version: StatementArguments, by sequence: Int64) throws {
        let columns = "sequence, received, note_base, \(ChangeColumns.names)"
        let place = "reader = ? AND entity = ? AND field = ? AND sequence = ?"
        let keep = try db.cachedStatement(
            sql: """
                INSERT INTO overtaken_version (reader, overtaken, \(columns))
                SELECT reader, ?, \(columns) FROM version WHERE \(place)
                """)
        try keep.execute(arguments: [sequence] + version)
        try db.cachedStatement(sql: "DELETE FROM version WHERE \(place)").execute(arguments: version)
    }

    func spend(_ spent: PushSession.Spent, of replica: ReplicaID) throws {
        let id = ChangeID(replica: replica, number: spent.refusal.number)
        try db.run(
            sql: """
                INSERT INTO spent_number (reader, replica, number, digest, code, detail) VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                reader, Int64(bitPattern: replica.rawValue), Int64(bitPattern: id.number),
                spent.digest.bytes.databaseBlob, spent.refusal.code.rawValue, spent.refusal.detail,
            ])
        try raiseMark(of: id)
    }

    func record(_ entry: LogEntry, given: Bool, terms: ConsentTerms) throws {
        guard case .consent(let purpose) = entry.change.key.entity else { return }
        // An entry that a replica offers again after a backup was restored may be on record already.
        try db.run(
            sql: """
                INSERT INTO consent_record (reader, purpose, given, wording_version, wording_hash, policy_version,
                    terms_version, surface, replica, number, made, received)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (reader, replica, number) DO NOTHING
                """,
            arguments: [
                reader, purpose.text, given, terms.wordingVersion, terms.wordingHash, terms.policyVersion,
                terms.termsVersion, terms.surface, Int64(bitPattern: entry.change.id.replica.rawValue),
                Int64(bitPattern: entry.change.id.number), entry.change.stamp.milliseconds,
                entry.received.milliseconds,
            ])
    }

    func setDelivery(_ status: Account.Delivery?, of newsletter: EntityName) throws {
        guard let status else {
            try db.run(
                sql: "DELETE FROM delivery WHERE reader = ? AND newsletter = ?",
                arguments: [reader, newsletter.text])
            return
        }
        try db.run(
            sql: """
                INSERT INTO delivery (reader, newsletter, status) VALUES (?, ?, ?)
                ON CONFLICT (reader, newsletter) DO UPDATE SET status = excluded.status
                """,
            arguments: [reader, newsletter.text, status.rawValue])
    }

    private func raiseMark(of id: ChangeID) throws {
        let mark = try db.cachedStatement(
            sql: """
                INSERT INTO replica_mark (reader, replica, high_water) VALUES (?, ?, ?)
                ON CONFLICT (reader, replica) DO UPDATE SET high_water = max(high_water, excluded.high_water)
                """)
        try mark.execute(
            arguments: [reader, Int64(bitPattern: id.replica.rawValue), Int64(bitPattern: id.number)])
    }
}
