import GRDB
import SQLiteChanges
import SyncCore
import SyncSession

/// One reader's log and registers in SQLite.
struct SQLiteLog: ReaderLogWriter {
    let db: Database
    let reader: Int64

    func head() throws -> ReaderHead {
        let statement = try db.cachedStatement(
            sql: """
                SELECT (SELECT epoch FROM server), sequence, prefix, floor FROM head WHERE reader = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [reader]) else {
            throw ServerError(.damaged, "a reader has no head row")
        }
        return ReaderHead(
            epoch: row.unsigned(at: 0), sequence: row.unsigned(at: 1), prefix: try row.digest(at: 2),
            floor: row.unsigned(at: 3))
    }

    func prefix(at sequence: UInt64) throws -> Digest128? {
        guard let sequence = Int64(exactly: sequence) else { return nil }
        let logged = try db.cachedStatement(sql: "SELECT prefix FROM log WHERE reader = ? AND sequence = ?")
        if let row = try Row.fetchOne(logged, arguments: [reader, sequence]) { return try row.digest(at: 0) }
        let floor = try db.cachedStatement(
            sql: "SELECT floor_prefix FROM head WHERE reader = ? AND floor = ?")
        if let row = try Row.fetchOne(floor, arguments: [reader, sequence]) { return try row.digest(at: 0) }
        let compacted = try db.cachedStatement(
            sql: "SELECT prefix FROM spent_number WHERE reader = ? AND sequence = ? AND prefix IS NOT NULL")
        return try Row.fetchOne(compacted, arguments: [reader, sequence])?.digest(at: 0)
    }

    func entries(after sequence: UInt64, limit: Int, bytes: Int) throws -> [LogEntry] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT sequence, received, \(ChangeColumns.names) FROM log
                WHERE reader = ? AND sequence > ? ORDER BY sequence LIMIT ?
                """)
        let rows = try Row.fetchCursor(
            statement, arguments: [reader, Int64(clamping: sequence), limit])
        var entries: [LogEntry] = []
        var weight = 0
        while weight < bytes, let row = try rows.next() {
            let entry = try Self.entry(in: row)
            weight += entry.change.weight
            entries.append(entry)
        }
        return entries
    }

    func entries(named ids: [ChangeID]) throws -> [ChangeID: LogEntry] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT sequence, received, \(ChangeColumns.names) FROM log
                WHERE reader = ? AND replica = ? AND number = ?
                """)
        var entries: [ChangeID: LogEntry] = [:]
        for id in ids where entries[id] == nil {
            let arguments: StatementArguments = [
                reader, Int64(bitPattern: id.replica.rawValue), Int64(bitPattern: id.number),
            ]
            entries[id] = try Row.fetchOne(statement, arguments: arguments).map { try Self.entry(in: $0) }
        }
        return entries
    }

    func records(
        of replica: ReplicaID, numbers: [UInt64]
    ) throws -> (highWater: UInt64, records: [UInt64: NumberRecord]) {
        let author = Int64(bitPattern: replica.rawValue)
        let mark = try db.cachedStatement(
            sql: "SELECT high_water FROM replica_mark WHERE reader = ? AND replica = ?")
        guard let row = try Row.fetchOne(mark, arguments: [reader, author]) else { return (0, [:]) }
        let highWater = row.unsigned(at: 0)
        let logged = try db.cachedStatement(
            sql: "SELECT content_digest, sequence FROM log WHERE reader = ? AND replica = ? AND number = ?")
        let spent = try db.cachedStatement(
            sql: """
                SELECT digest, code, detail, says, sequence FROM spent_number WHERE reader = ? AND replica = ? AND number = ?
                """)
        var records: [UInt64: NumberRecord] = [:]
        for number in numbers where number <= highWater && records[number] == nil {
            let arguments: StatementArguments = [reader, author, Int64(bitPattern: number)]
            if let row = try Row.fetchOne(logged, arguments: arguments) {
                records[number] = NumberRecord(digest: try row.digest(at: 0), sequence: row.unsigned(at: 1))
            } else if let row = try Row.fetchOne(spent, arguments: arguments) {
                let code: String? = row[1]
                let refusal = code.map {
                    Refusal(number: number, code: Refusal.Code(rawValue: $0) ?? .other, detail: row[2] ?? "")
                }
                let says: Int64? = row[3]
                let sequence: Int64? = row[4]
                records[number] = NumberRecord(
                    digest: try row.digest(at: 0), refusal: refusal,
                    sequence: sequence.map { UInt64(bitPattern: $0) }, says: says.map { UInt64(bitPattern: $0) })
            }
        }
        return (highWater, records)
    }

    func account() throws -> Account {
        let name = try db.cachedStatement(sql: "SELECT name FROM reader WHERE id = ?")
        let statement = try db.cachedStatement(
            sql: """
                SELECT newsletter, status FROM delivery JOIN newsletter ON newsletter.id = delivery.newsletter
                WHERE reader = ? ORDER BY newsletter
                """)
        var account = Account(
            version: "", name: try String.fetchOne(name, arguments: [reader]) ?? "", deliveries: [:])
        var spelling = account.name
        for row in try Row.fetchAll(statement, arguments: [reader]) {
            let (newsletter, status): (String, String) = (row[0], row[1])
            guard let name = EntityName(newsletter), let known = Account.Delivery(rawValue: status) else {
                continue
            }
            account.deliveries[name] = known
            spelling += "\n\(newsletter) \(status)"
        }
        account.version = Digest128(hashing: spelling.utf8).description
        return account
    }

    func delivery(of newsletter: EntityName) throws -> Account.Delivery? {
        let statement = try db.cachedStatement(
            sql: "SELECT status FROM delivery WHERE reader = ? AND newsletter = ?")
        return try String.fetchOne(statement, arguments: [reader, newsletter.text])
            .flatMap { Account.Delivery(rawValue: $0) }
    }

    static func entry(in row: Row) throws -> LogEntry {
        guard let change = ChangeColumns.change(in: row, at: 2) else {
            throw ServerError(
                .damaged, "entry \(row[0] as Int64) of a reader's log cannot be read",
                remedy: "restore a backup; replicas offer again what it lacks")
        }
        return LogEntry(
            sequence: row.unsigned(at: 0), received: WallTime(milliseconds: row[1]), change: change)
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
