import GRDB
import SQLiteChanges
public import SyncCore
import SyncPorts

extension Replica {
    /// Differences, the newest first.
    ///
    /// - Parameter includeSettled: also those that a rule settled, that were merged, or that are resolved: the
    ///   journal.
    public func conflicts(includeSettled: Bool = false, limit: Int = 1_000) throws(ReplicaError) -> [Conflict] {
        try read { db in
            try ConflictRows.fetch(includeSettled ? "1" : "state = 0", [], limit: max(1, limit), db)
        }
    }

    /// One difference.
    ///
    /// - Parameter id: its id, or a beginning of it.
    /// - Throws: ``ReplicaError`` with `notFound`, or `ambiguous` and up to five candidates.
    public func conflict(_ id: String) throws(ReplicaError) -> Conflict {
        try read { db in try ConflictRows.one(id, db) }
    }

    /// Decides a difference by a change like any other: it has seen all sides, so it takes their place. A settled
    /// one can be decided otherwise in the same way, as long as no later change ended it; to bring back the value of
    /// a conflict that is over, record it as an edit.
    ///
    /// - Parameter sides: the sides that the reader was shown; `nil` for whatever there is.
    /// - Throws: ``ReplicaError`` with `notFound`, `ambiguous`, or `notApplicable` if it is over, if the resolution does
    ///   not fit the field, or if other sides compete now than the reader was shown.
    public func resolve(
        _ id: String, _ resolution: Resolution, expecting sides: [ConflictSide]? = nil, at now: WallTime
    ) throws(ReplicaError) -> RecordSummary {
        try write { db in
            let conflict = try ConflictRows.one(id, db)
            guard conflict.closed == nil else {
                throw ReplicaError(
                    .notApplicable, "conflict '\(conflict.id)' is over",
                    remedy: "set the value itself, if you want another one")
            }
            if let sides, !sides.elementsEqual(conflict.sides, by: { $0.saysTheSame(as: $1) }) {
                throw ReplicaError(
                    .notApplicable, "something new was said in conflict '\(conflict.id)' meanwhile",
                    remedy: "look at it again: 'reader-sync conflicts show \(conflict.id)'")
            }
            var transaction = try StateTransaction(db, at: now)
            var summary = RecordSummary()
            let value = try transaction.value(of: resolution, for: conflict)
            try transaction.record(Edit(conflict.key, value), isForced: true, &summary)
            try transaction.finish(as: "conflicts resolve", &summary)
            return summary
        }
    }

    /// What happens to differences, for every kind of field: as the reader chose, or as it is by default.
    public func policies() throws(ReplicaError) -> [RemoteCapabilities.FieldKind: ConflictPolicy] {
        let chosen = try read { db in try DifferenceLedger.policies(db) }
        let standard = RemoteCapabilities.FieldKind.allCases.map { ($0, $0.standardPolicy) }
        return Dictionary(uniqueKeysWithValues: standard).merging(chosen) { $1 }
    }

    /// Sets what happens to differences from now on.
    ///
    /// - Throws: ``ReplicaError`` with `notApplicable` for `mine` and `theirs` on consents and subscriptions: an
    ///   opt-in must not beat a concurrent opt-out without the reader.
    public func setPolicy(
        _ policy: ConflictPolicy, for kind: RemoteCapabilities.FieldKind
    ) throws(ReplicaError) {
        if kind == .consent || kind == .subscribed, policy == .mine || policy == .theirs {
            throw ReplicaError(
                .notApplicable,
                "'\(policy.rawValue)' cannot be set for \(kind.rawValue): an opt-out always holds",
                remedy: "choose 'auto' or 'ask'")
        }
        try write { db in
            try db.run(
                sql: "INSERT OR REPLACE INTO policy (kind, policy) VALUES (?, ?)",
                arguments: [kind.rawValue, policy.rawValue])
        }
    }

    /// Decides the open conflicts for which the reader set `mine` or `theirs`. Those to which it does not apply, as
    /// when two other replicas differ, stay open.
    public func applyPolicies(at now: WallTime) throws(ReplicaError) -> RecordSummary {
        let policies = try policies()
        guard policies.values.contains(where: { $0 == .mine || $0 == .theirs }) else {
            return RecordSummary()
        }
        return try write { db in
            var transaction = try StateTransaction(db, at: now)
            var summary = RecordSummary()
            for conflict in try ConflictRows.fetch("state = 0", [], limit: Int(Int32.max), db) {
                let resolution: Resolution? =
                    switch policies[RemoteCapabilities.FieldKind(conflict.key.field)] {
                    case .mine: .mine
                    case .theirs: .theirs
                    default: nil
                    }
                guard let resolution, let value = try? transaction.value(of: resolution, for: conflict) else {
                    continue
                }
                try transaction.record(Edit(conflict.key, value), isForced: true, &summary)
            }
            try transaction.finish(as: "conflicts policy", &summary)
            return summary
        }
    }
}

extension StateTransaction {
    /// The value that a resolution stands for. To choose an opt-in where another device opted out is no way to end a
    /// difference: it would let the opt-in win (DESIGN.md §3). Who wants it asks for it anew, under the wording of today.
    fileprivate mutating func value(of resolution: Resolution, for conflict: Conflict) throws -> Value {
        let register = conflict.isReopened ? Register(folding: conflict.sides) : try self.live(conflict.key).folded
        let versions = register.versions.map(\.change)
        let value = try value(of: resolution, for: conflict, among: versions)
        if value.isOptIn(conflict.key.field), versions.contains(where: \.isOptOut) {
            throw ReplicaError(
                .notApplicable, "an opt-in cannot win against an opt-out in conflict '\(conflict.id)'",
                remedy: "keep the opt-out, or opt in anew: '\(conflict.key.commandToOptIn)'")
        }
        return value
    }

    /// Chosen among the versions that compete now.
    private func value(
        of resolution: Resolution, for conflict: Conflict, among versions: [Change]
    ) throws -> Value {
        let mine = versions.last { standing.made($0) }
        let theirs = versions.last { !standing.made($0) }
        let isNote = conflict.key.field == .note
        switch resolution {
        case .mine:
            if let mine { return mine.value }
            throw ReplicaError(.notApplicable, "this replica has no value in conflict '\(conflict.id)'")
        case .theirs:
            if let theirs { return theirs.value }
            throw ReplicaError(.notApplicable, "no other replica has a value in conflict '\(conflict.id)'")
        case .both where isNote:
            let texts = (versions.filter { standing.made($0) } + versions.filter { !standing.made($0) })
                .compactMap {
                    if case .note(let text, _) = $0.value { text } else { nil as String? }
                }
            return .note(texts.joined(separator: "\n---\n"), base: "")
        case .text(let text) where isNote: return .note(text, base: "")
        case .both, .text:
            throw ReplicaError(
                .notApplicable, "only notes can be joined or written anew", remedy: "choose a side")
        }
    }
}

extension RegisterKey {
    /// What a person types to opt in.
    var commandToOptIn: String {
        switch entity {
        case .newsletter(let name): "reader-sync newsletters subscribe \(name.text)"
        case .consent(let purpose): "reader-sync consent grant \(purpose.text)"
        case .article, .reader, .other: "reader-sync help"
        }
    }
}

extension ConflictSide {
    /// Whether another one is of the same device and says the same; sending it may have given it a number and a stamp.
    fileprivate func saysTheSame(as other: ConflictSide) -> Bool {
        change.id.replica == other.change.id.replica && change.value == other.change.value
    }
}
