import GRDB
import SQLiteChanges
import SyncCore

extension StateTransaction {
    /// What a command did to one field.
    private struct Deed {
        let key: RegisterKey
        /// The place of its last change.
        var place: Int64
        /// What it set it to in the end.
        var value: Value
        var state: Int64
        /// What was shown before its first change.
        let before: Value?

        /// Whether the server took it, or may take it yet, and the reader did not let it go.
        var isInEffect: Bool { state <= Int64(ChangeRecord.State.superseded.rawValue) }

        /// What the field goes back to; `nil` if nothing was said before and it cannot be unsaid.
        var goal: Value? {
            switch (key.field, value) {
            // A grant is taken back by a withdrawal, whatever was said before it.
            case (.consent, .consent(true, let terms)): return .consent(false, terms)
            case (.subscribed, .flag(true)): return .flag(false)
            case (.read, .read(_, let origin)):
                guard case .read(let isRead, _)? = before else { return .read(false, by: origin) }
                // As deliberate as what it takes back.
                return .read(isRead, by: origin)
            default: return before ?? key.field.initialValue
            }
        }
    }

    /// Takes parts of a command back that are not yet, the last first.
    ///
    /// - Returns: the command that did so; `nil` if there was nothing to be done.
    mutating func undo(
        _ item: BatchRows.Item, at parts: Range<Int>, isForced: Bool, _ summary: inout UndoSummary
    ) throws -> Int64? {
        var by = try Self.unfinished(item, db)
        for index in parts.reversed() where item.parts[index].undoneBy == nil {
            let edits = try edits(takingBack: item.parts[index], isForced: isForced, &summary)
            var recorded = RecordSummary()
            _ = takeRecorded()
            for edit in edits { try record(edit, isForced: false, &recorded) }
            if let places = item.parts[index].places { try reopenConflicts(decidedIn: places) }
            let row = try BatchRows.add(
                "undo", takeRecorded(), undoes: item.parts[index].row, continuing: by, at: ledger.now, db)
            summary.recorded += recorded.recorded
            by = by ?? row
        }
        return by
    }

    /// The undo of a command that was cut off after some parts: it is gone on with, so that it can be taken back as one.
    private static func unfinished(_ item: BatchRows.Item, _ db: Database) throws -> Int64? {
        guard let row = item.parts.lazy.compactMap(\.undoneBy).first else { return nil }
        let undo = try BatchRows.one(BatchRows.head(of: row, db), db)
        return undo.flatMap { undo in undo.parts.allSatisfy { $0.undoneBy == nil } ? undo.batch.id : nil }
    }

    /// What brings back what was shown before.
    private mutating func edits(
        takingBack part: BatchRows.Part, isForced: Bool, _ summary: inout UndoSummary
    ) throws -> [Edit] {
        var edits: [Edit] = []
        for deed in try deeds(of: part) {
            guard deed.isInEffect, let value = deed.goal else {
                summary.kept.append(deed.key)
                continue
            }
            if let objection = try objection(to: deed, isForced: isForced) {
                summary.left.append(UndoSummary.Left(key: deed.key, reason: objection.reason))
                continue
            }
            if deed.value.isOptIn(deed.key.field) { summary.tookOptInBack = true }
            edits.append(Edit(deed.key, value))
        }
        return edits
    }

    /// Why nothing of a command can be taken back; `nil` if something can, or if nothing had to change.
    mutating func refusal(to item: BatchRows.Item, isForced: Bool) throws -> ReplicaError? {
        var objections: [Objection] = []
        for part in item.parts.reversed() {
            // What was begun is brought to its end.
            guard part.undoneBy == nil else { return nil }
            for deed in try deeds(of: part) where deed.isInEffect && deed.goal != nil {
                guard let objection = try objection(to: deed, isForced: isForced) else { return nil }
                objections.append(objection)
            }
        }
        return objections.isEmpty ? nil : Self.refusal(objections, item.batch)
    }

    /// What a command did in one transaction, field by field, in the order in which it first set them.
    private func deeds(of part: BatchRows.Part) throws -> [Deed] {
        guard let places = part.places else { return [] }
        var deeds: [Deed] = []
        var indices: [RegisterKey: Int] = [:]
        try db.eachRow(
            "SELECT \(ChangeRows.columns), shown_before FROM change WHERE place BETWEEN ? AND ? ORDER BY place",
            { binder in
                binder.integer(places.lowerBound)
                binder.integer(places.upperBound)
            }
        ) { row in
            let change = try ChangeRows.change(in: row)
            if let index = indices[change.key] {
                (deeds[index].place, deeds[index].value, deeds[index].state) = (
                    row.integer(0), change.value, row.integer(1)
                )
                return true
            }
            indices[change.key] = deeds.count
            let before = try valueBefore(row.integer(0), row.integerIfAny(5 + ChangeColumns.count))
            deeds.append(
                Deed(
                    key: change.key, place: row.integer(0), value: change.value, state: row.integer(1),
                    before: before))
            return true
        }
        return deeds
    }

    private func valueBefore(_ place: Int64, _ before: Int64?) throws -> Value? {
        guard let before else { return nil }
        let merged = try db.firstRow(
            "SELECT text FROM merged_before WHERE change = ?", { $0.integer(place) }, { $0.text(0) })
        if let merged { return .note(merged, base: "") }
        return try db.firstRow("SELECT \(ChangeRows.columns) FROM change WHERE place = ?", { $0.integer(before) }) {
            try ChangeRows.change(in: $0).value
        }
    }

    /// Why a field should not go back.
    private struct Objection {
        var key: RegisterKey
        var reason: String
        var isOptOut = false
    }

    /// Somebody set the field since, or it is an opt-out, which only the reader takes back, by opting in.
    private mutating func objection(to deed: Deed, isForced: Bool) throws -> Objection? {
        let subject = deed.key.subject
        if deed.value.isOptOut(deed.key.field) {
            return Objection(key: deed.key, reason: "\(subject): that would opt in unasked", isOptOut: true)
        }
        guard !isForced else { return nil }
        let live = try self.live(deed.key)
        let foreign = live.logged.last { $0.place > deed.place && !standing.made($0.version.change) }
        if let foreign {
            let device = try deviceNames().other(foreign.version.change.id.replica)
            return Objection(key: deed.key, reason: "\(subject): \(device) set it since")
        }
        let shown = live.outcome?.value ?? deed.key.field.initialValue
        if shown?.agrees(with: deed.value) == true { return nil }
        return Objection(key: deed.key, reason: "\(subject): you set it again since")
    }

    private static func refusal(_ objections: [Objection], _ batch: Batch) -> ReplicaError {
        if let key = objections.first(where: \.isOptOut)?.key {
            return ReplicaError(
                .notApplicable,
                "command \(batch.id), '\(batch.command)', was not taken back: that would opt in to \(key.subject) unasked",
                remedy: "to opt in: '\(key.commandToOptIn)'")
        }
        let count = objections.count == 1 ? "its field was" : "its \(objections.count) fields were"
        return ReplicaError(
            .notApplicable, "command \(batch.id), '\(batch.command)', was not taken back: \(count) set since",
            remedy: "to take it back all the same: 'reader-sync undo \(batch.id) --force'; for those before it: "
                + "'reader-sync undo --list'",
            candidates: objections.prefix(5).map(\.reason))
    }
}

extension RegisterKey {
    /// What a person calls it.
    fileprivate var subject: String {
        switch entity {
        case .article(let id): "\(field.text) of \(id.description.prefix(7))"
        case .newsletter(let name): "newsletter \(name.text)"
        case .consent(let purpose): "consent \(purpose.text)"
        case .reader: field.text
        case .other(let kind, let name): "\(field.text) of \(kind.text) \(name.text)"
        }
    }
}
