import GRDB
import SQLiteChanges
import SyncCore
import SyncPorts

/// Keeps the tables `conflict` and `conflict_side` in step with what the registers say, within one transaction.
struct DifferenceLedger {
    /// When the transaction happens.
    let now: WallTime
    /// The policies that the reader chose; kinds without one have ``SyncCore/RemoteCapabilities/FieldKind/standardPolicy``.
    let policies: [RemoteCapabilities.FieldKind: ConflictPolicy]
    /// Conflicts that were opened in this transaction and are still open.
    var opened: Int { openedRows.count }
    private var openedRows: Set<Int64> = []
    /// Fields about which the reader is asked again, though they do not differ.
    private var reopened: Set<RegisterKey>
    /// Differences that a rule settled so far.
    private(set) var settled = 0

    private struct Ongoing {
        var row: Int64
        var state: Conflict.State
        /// See `conflict.reopened_by`.
        var reopenedBy: Int64?
    }

    /// Begins a transaction's book-keeping.
    init(_ db: Database, at now: WallTime) throws {
        self.now = now
        policies = try Self.policies(db)
        reopened = try ConflictRows.reopenedKeys(db)
    }

    /// The reader's policies.
    static func policies(_ db: Database) throws -> [RemoteCapabilities.FieldKind: ConflictPolicy] {
        var policies: [RemoteCapabilities.FieldKind: ConflictPolicy] = [:]
        try db.eachRow("SELECT kind, policy FROM policy ORDER BY kind") { row in
            if let kind = RemoteCapabilities.FieldKind(rawValue: row.text(0)),
                let policy = ConflictPolicy(rawValue: row.text(1))
            {
                policies[kind] = policy
            }
            return true
        }
        return policies
    }

    /// Whether the reader is asked about this field just now.
    func isOpen(_ key: RegisterKey, _ db: Database) throws -> Bool {
        try ongoing(key, db)?.state == .open
    }

    /// Whether the reader is asked about a field again, see ``reopen(_:_:decidedBy:_:)``.
    func isReopened(_ key: RegisterKey) -> Bool { reopened.contains(key) }

    /// Asks again about a conflict whose resolution was taken back, unless the field differs anew.
    ///
    /// - Parameter place: the change that the field shows now.
    mutating func reopen(_ conflict: Int64, _ key: RegisterKey, decidedBy place: Int64, _ db: Database) throws {
        guard try ongoing(key, db) == nil else { return }
        try db.run(
            sql: """
                UPDATE conflict SET state = ?, closed_at = NULL, closed_sequence = NULL, resolved_by = NULL,
                    reopened_by = ? WHERE row = ?
                """,
            arguments: [Conflict.State.open.rawValue, place, conflict])
        openedRows.insert(conflict)
        reopened.insert(key)
    }

    /// Notes what a register says now. Called for every register that has, or had, several versions, or about which the
    /// reader is asked again.
    mutating func note(_ key: RegisterKey, _ live: LiveRegister, cursor: UInt64, _ db: Database) throws {
        let before = try ongoing(key, db)
        let register = live.folded
        guard let outcome = register.outcome, let state = state(of: outcome, key) else {
            if let before { try close(before, live, cursor: cursor, db) }
            return
        }
        if let before, before.reopenedBy != nil {
            try db.run("UPDATE conflict SET reopened_by = NULL WHERE row = ?") { $0.integer(before.row) }
            reopened.remove(key)
        }
        let row: Int64
        if let before {
            row = before.row
            if before.state != state {
                try db.run(
                    sql: "UPDATE conflict SET state = ?, rule = ? WHERE row = ?",
                    arguments: [state.rawValue, outcome.rule?.rawValue, row])
                if state == .open { openedRows.insert(row) } else { openedRows.remove(row) }
            }
        } else {
            row = try open(key, state, outcome.rule, cursor: cursor, db)
            if state == .open { openedRows.insert(row) } else { settled += 1 }
        }
        for version in register.versions {
            guard let place = live.place(of: version) else { continue }
            try db.run("INSERT OR IGNORE INTO conflict_side (conflict, change) VALUES (?, ?)") { binder in
                binder.integer(row)
                binder.integer(place)
            }
        }
    }

    private func state(of outcome: Outcome, _ key: RegisterKey) -> Conflict.State? {
        let kind = RemoteCapabilities.FieldKind(key.field)
        let chosen = policies[kind]
        return switch outcome.kind {
        case .agreed: nil
        // Nothing was lost, so only a reader who wants to see everything is asked.
        case .merged: chosen == .ask ? .open : .merged
        // With `mine` and `theirs` it is open until the end of the sync, where the policy's own change resolves it.
        case .settled, .open: (chosen ?? kind.standardPolicy) == .auto ? .settled : .open
        }
    }

    private func ongoing(_ key: RegisterKey, _ db: Database) throws -> Ongoing? {
        let found = try db.firstRow(
            "SELECT row, state, reopened_by FROM conflict WHERE entity = ? AND field = ? AND closed_at IS NULL",
            { binder in
                binder.blob(EntityColumn.encode(key.entity))
                binder.text(key.field.text)
            },
            { row in
                Conflict.State(rawValue: Int(row.integer(1))).map {
                    Ongoing(row: row.integer(0), state: $0, reopenedBy: row.integerIfAny(2))
                }
            })
        return found ?? nil
    }

    private mutating func close(_ ongoing: Ongoing, _ live: LiveRegister, cursor: UInt64, _ db: Database) throws {
        let decider = live.folded.versions.last.flatMap { live.place(of: $0) }
        if let reopenedBy = ongoing.reopenedBy, reopenedBy == decider { return }
        openedRows.remove(ongoing.row)
        let state = ongoing.state == .open ? Conflict.State.resolved : ongoing.state
        try db.run(
            sql: """
                UPDATE conflict SET state = ?, closed_at = ?, closed_sequence = ?, resolved_by = ? WHERE row = ?
                """,
            arguments: [state.rawValue, now.milliseconds, Int64(bitPattern: cursor), decider, ongoing.row])
    }

    private func open(
        _ key: RegisterKey, _ state: Conflict.State, _ rule: MergeRule?, cursor: UInt64, _ db: Database
    ) throws -> Int64 {
        try db.run(
            sql: """
                INSERT INTO conflict (name, entity, field, state, rule, opened_at, opened_sequence)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                try freeName(for: key, db), EntityColumn.encode(key.entity).databaseBlob, key.field.text,
                state.rawValue, rule?.rawValue, now.milliseconds, Int64(bitPattern: cursor),
            ])
        return db.lastInsertedRowID
    }

    /// Eight digits of the key's digest, more where another field has these, and a count from the second on.
    private func freeName(for key: RegisterKey, _ db: Database) throws -> String {
        let entity = EntityColumn.encode(key.entity).databaseBlob
        let earlier = try Int.fetchOne(
            once: db, sql: "SELECT count(*) FROM conflict WHERE entity = ? AND field = ?",
            arguments: [entity, key.field.text])
        let suffix = earlier.map { $0 > 0 ? "-\($0 + 1)" : "" } ?? ""
        let digits = key.digest.description
        for length in 8..<digits.count {
            let name = String(digits.prefix(length)) + suffix
            let taken = try Bool.fetchOne(
                once: db, sql: "SELECT EXISTS (SELECT 1 FROM conflict WHERE name = ?)", arguments: [name])
            if taken == false { return name }
        }
        return digits + suffix
    }
}
