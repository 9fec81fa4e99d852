import GRDB
import SQLiteChanges
import SyncCore
import SyncSession

/// One reader's log and registers in SQLite.
struct SQLiteLog: ReaderLogWriter {
    let db: Database
    let reader: Int64

    func head() throws -> ReaderHead {
        let head = try db.firstRow(
            "SELECT (SELECT epoch FROM server), sequence, prefix, floor FROM head WHERE reader = ?",
            { $0.integer(reader) },
            { row in
                ReaderHead(
                    epoch: row.bits(0), sequence: row.bits(1), prefix: try row.wholeDigest(2), floor: row.bits(3))
            })
        guard let head else { throw ServerError(.damaged, "a reader has no head row") }
        return head
    }

    func prefix(at sequence: UInt64) throws -> Digest128? {
        guard let sequence = Int64(exactly: sequence) else { return nil }
        for sql in [
            "SELECT prefix FROM log WHERE reader = ? AND sequence = ?",
            "SELECT floor_prefix FROM head WHERE reader = ? AND floor = ?",
            """
            SELECT prefix FROM spent_number INDEXED BY spent_sequence
            WHERE reader = ? AND sequence = ? AND prefix IS NOT NULL
            """,
        ] {
            let prefix = try db.firstRow(
                sql,
                { binder in
                    binder.integer(reader)
                    binder.integer(sequence)
                }, { try $0.wholeDigest(0) })
            if let prefix { return prefix }
        }
        return nil
    }

    func entries(after sequence: UInt64, limit: Int, bytes: Int) throws -> [LogEntry] {
        var entries: [LogEntry] = []
        var weight = 0
        try db.eachRow(
            """
            SELECT sequence, received, \(ChangeColumns.names) FROM log
            WHERE reader = ? AND sequence > ? ORDER BY sequence LIMIT ?
            """,
            { binder in
                binder.integer(reader)
                binder.integer(Int64(clamping: sequence))
                binder.integer(Int64(limit))
            }
        ) { row in
            guard weight < bytes else { return false }
            let entry = try Self.entry(in: row)
            weight += entry.change.weight
            entries.append(entry)
            return true
        }
        return entries
    }

    func entries(named ids: [ChangeID]) throws -> [ChangeID: LogEntry] {
        var entries: [ChangeID: LogEntry] = [:]
        for id in ids where entries[id] == nil {
            entries[id] = try db.firstRow(
                """
                SELECT sequence, received, \(ChangeColumns.names) FROM log
                WHERE reader = ? AND replica = ? AND number = ?
                """, { bind(id, to: &$0) }, { try Self.entry(in: $0) })
        }
        return entries
    }

    func records(
        of replica: ReplicaID, numbers: [UInt64]
    ) throws -> (highWater: UInt64, records: [UInt64: NumberRecord]) {
        let highWater = try db.firstRow(
            "SELECT high_water FROM replica_mark WHERE reader = ? AND replica = ?",
            { binder in
                binder.integer(reader)
                binder.bits(replica.rawValue)
            }, { $0.bits(0) })
        guard let highWater else { return (0, [:]) }
        var records: [UInt64: NumberRecord] = [:]
        for number in numbers where number <= highWater && records[number] == nil {
            records[number] = try record(ChangeID(replica: replica, number: number))
        }
        return (highWater, records)
    }

    private func record(_ id: ChangeID) throws -> NumberRecord? {
        let logged = try db.firstRow(
            "SELECT content_digest, sequence FROM log WHERE reader = ? AND replica = ? AND number = ?",
            { bind(id, to: &$0) },
            { NumberRecord(digest: try $0.wholeDigest(0), sequence: $0.bits(1)) })
        if let logged { return logged }
        return try db.firstRow(
            """
            SELECT digest, code, detail, says, sequence FROM spent_number
            WHERE reader = ? AND replica = ? AND number = ?
            """,
            { bind(id, to: &$0) },
            { row in
                let refusal = row.textIfAny(1).map {
                    Refusal(number: id.number, code: Refusal.Code(rawValue: $0) ?? .other, detail: row.text(2))
                }
                return NumberRecord(
                    digest: try row.wholeDigest(0), refusal: refusal, sequence: row.bitsIfAny(4),
                    says: row.bitsIfAny(3))
            })
    }

    private func bind(_ id: ChangeID, to binder: inout StatementBinder) {
        binder.integer(reader)
        binder.bits(id.replica.rawValue)
        binder.bits(id.number)
    }

    func account() throws -> Account {
        let name = try db.firstRow("SELECT name FROM reader WHERE id = ?", { $0.integer(reader) }, { $0.text(0) })
        var account = Account(version: "", name: name ?? "", deliveries: [:])
        var spelling = account.name
        try db.eachRow(
            """
            SELECT newsletter, status FROM delivery JOIN newsletter ON newsletter.id = delivery.newsletter
            WHERE reader = ? ORDER BY newsletter
            """, { $0.integer(reader) }
        ) { row in
            let (newsletter, status) = (row.text(0), row.text(1))
            if let name = EntityName(newsletter), let known = Account.Delivery(rawValue: status) {
                account.deliveries[name] = known
                spelling += "\n\(newsletter) \(status)"
            }
            return true
        }
        account.devices = try devices()
        // No name has a control character, so that no two accounts are spelt alike.
        for (replica, name) in account.devices.sorted(by: { $0.key < $1.key }) {
            spelling += "\n\u{1}\(replica) \(name)"
        }
        account.version = Digest128(hashing: spelling.utf8).description
        return account
    }

    /// What the reader's devices are called, revoked ones too: what they said stands. Of too many, the newest devices'.
    private func devices() throws -> [ReplicaID: String] {
        var devices: [ReplicaID: String] = [:]
        try db.eachRow(
            """
            SELECT replica, name FROM device_replica JOIN device ON device.id = device_replica.device
            WHERE device_replica.reader = ? ORDER BY device DESC, replica LIMIT ?
            """,
            { binder in
                binder.integer(reader)
                binder.integer(Int64(Account.maximumDevices))
            }
        ) { row in
            devices[ReplicaID(rawValue: row.bits(0))] = row.text(1)
            return true
        }
        return devices
    }

    func delivery(of newsletter: EntityName) throws -> Account.Delivery? {
        let statement = try db.cachedStatement(
            sql: "SELECT status FROM delivery WHERE reader = ? AND newsletter = ?")
        return try String.fetchOne(statement, arguments: [reader, newsletter.text])
            .flatMap { Account.Delivery(rawValue: $0) }
    }

    static func entry(in row: borrowing Columns) throws -> LogEntry {
        guard let change = ChangeColumns.change(in: row, at: 2) else {
            throw ServerError(
                .damaged, "entry \(row.integer(0)) of a reader's log cannot be read",
                remedy: "restore a backup; replicas offer again what it lacks")
        }
        return LogEntry(
            sequence: row.bits(0), received: WallTime(milliseconds: row.integer(1)), change: change)
    }
}

extension Change {
    /// About how many bytes it takes in a message.
    var weight: Int {
        let members = extra.reduce(128) { $0 + $1.key.utf8.count + $1.value.weight }
        return switch value {
        case .note(let text, let base): members + text.utf8.count + base.utf8.count
        case .other(let value): members + value.weight
        default: members
        }
    }
}

extension JSONValue {
    /// About how many bytes it takes in a message.
    fileprivate var weight: Int {
        switch self {
        case .null, .bool, .integer, .fraction: 8
        case .string(let text): 2 + text.utf8.count
        case .array(let values): values.reduce(2) { $0 + $1.weight }
        case .object(let members): members.reduce(2) { $0 + $1.key.utf8.count + $1.value.weight }
        }
    }
}
