import GRDB
import SQLiteChanges
import SyncCore
import SyncSession

extension SQLiteLog {
    private static let logging = """
        INSERT INTO log (reader, sequence, received, prefix, content_digest, says, \(ChangeColumns.names))
        VALUES (?, ?, ?, ?, ?, ?, \(ChangeColumns.placeholders))
        """
    private static let counting = """
        INSERT INTO version (reader, sequence, received, note_base, \(ChangeColumns.names))
        VALUES (?, ?, ?, ?, \(ChangeColumns.placeholders))
        """

    func append(_ entry: LogEntry, prefix: Digest128, digest: Digest128) throws {
        let bindings = try ChangeColumns.Bindings(entry.change)
        try db.run(Self.logging) { binder in
            binder.integer(reader)
            binder.bits(entry.sequence)
            binder.integer(entry.received.milliseconds)
            binder.digest(prefix)
            binder.digest(digest)
            binder.bits(entry.change.nameWhereTaken.replica.rawValue)
            binder.change(bindings)
        }
    }

    func moveHead(to sequence: UInt64, prefix: Digest128, newest: [ChangeID]) throws {
        try db.run("UPDATE head SET sequence = ?, prefix = ? WHERE reader = ?") { binder in
            binder.bits(sequence)
            binder.digest(prefix)
            binder.integer(reader)
        }
        for id in newest { try raiseMark(of: id) }
    }

    func replace(_ versions: [Version], by version: Version?, of entry: LogEntry) throws {
        let key = entry.change.key
        for case .logged(let replaced) in versions.map(\.position) {
            try overtake(replaced, of: key, by: entry.sequence)
        }
        guard let version else { return }
        let bindings = try ChangeColumns.Bindings(version.change)
        try db.run(Self.counting) { binder in
            binder.integer(reader)
            binder.bits(entry.sequence)
            binder.integer(entry.received.milliseconds)
            binder.text(version.noteBase)
            binder.change(bindings)
        }
    }

    /// Puts a version away, for snapshots that were begun while it counted. Nothing else of a version ever changes.
    private func overtake(_ replaced: UInt64, of key: RegisterKey, by sequence: UInt64) throws {
        let columns = "sequence, received, note_base, \(ChangeColumns.names)"
        let place = "reader = ? AND entity = ? AND field = ? AND sequence = ?"
        func bind(to binder: inout StatementBinder) {
            binder.integer(reader)
            binder.blob(EntityColumn.encode(key.entity))
            binder.text(key.field.text)
            binder.bits(replaced)
        }
        try db.run(
            """
            INSERT INTO overtaken_version (reader, overtaken, \(columns))
            SELECT reader, ?, \(columns) FROM version WHERE \(place)
            """
        ) { binder in
            binder.bits(sequence)
            bind(to: &binder)
        }
        try db.run("DELETE FROM version WHERE \(place)") { bind(to: &$0) }
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
        try db.run(
            """
            INSERT INTO replica_mark (reader, replica, high_water) VALUES (?, ?, ?)
            ON CONFLICT (reader, replica) DO UPDATE SET high_water = max(high_water, excluded.high_water)
            """
        ) { binder in
            binder.integer(reader)
            binder.bits(id.replica.rawValue)
            binder.bits(id.number)
        }
    }
}
