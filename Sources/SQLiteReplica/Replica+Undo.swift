import GRDB
import SQLiteChanges
public import SyncCore

extension Replica {
    /// The commands that changed something here, the newest first.
    public func batches(limit: Int) throws(ReplicaError) -> [Batch] {
        try read { db in try BatchRows.newest(max(0, limit), db) { _ in true }.map(\.batch) }
    }

    /// Takes commands back, in one transaction: each field that they set gets the value that was shown before, by a change
    /// like any other, so that it holds on all devices. What took a consent or a subscription is taken back by an opt-out;
    /// an opt-out is never taken back so.
    ///
    /// - Parameter isForced: whether fields that were set again since are taken back too.
    /// - Throws: ``ReplicaError`` with `notFound`, or `notApplicable` and the fields that stand in the way; then nothing
    ///   is taken back.
    /// - Complexity: four statements a change.
    public func undo(
        _ target: UndoTarget, isForced: Bool = false, at now: WallTime
    ) throws(ReplicaError) -> UndoSummary {
        try write { db in
            let items = try Self.items(target, db)
            var transaction = try StateTransaction(db, at: now)
            var summary = UndoSummary()
            for item in items { try transaction.undo(item, isForced: isForced, &summary) }
            try transaction.finish()
            return summary
        }
    }

    private static func items(_ target: UndoTarget, _ db: Database) throws -> [BatchRows.Item] {
        switch target {
        case .last(let count):
            let items = try BatchRows.newest(max(1, count), db) { $0.undoes == nil && $0.undoneBy == nil }
            if !items.isEmpty { return items }
            throw ReplicaError(
                .notFound, "there is nothing to take back", remedy: "see what was done: 'reader-sync undo --list'")
        case .batch(let id):
            guard let item = try BatchRows.one(id, db) else {
                throw ReplicaError(
                    .notFound, "there is no command \(id)", remedy: "list them: 'reader-sync undo --list'")
            }
            guard let undoneBy = item.batch.undoneBy else { return [item] }
            throw ReplicaError(
                .notApplicable, "command \(id), '\(item.batch.command)', was taken back already",
                remedy: "to have it again: 'reader-sync undo \(undoneBy)'")
        }
    }
}

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

    /// Takes a command back.
    fileprivate mutating func undo(_ item: BatchRows.Item, isForced: Bool, _ summary: inout UndoSummary) throws {
        var edits: [Edit] = []
        var objections: [String] = []
        for deed in try deeds(of: item) {
            // The server did not take it, or the reader let it go: it is not in effect.
            guard deed.state <= Int64(ChangeRecord.State.superseded.rawValue) else {
                summary.kept.append(deed.key)
                continue
            }
            if deed.value.isOptOut(deed.key.field) { throw Self.optOutHolds(deed.key, item.batch) }
            if deed.value.isOptIn(deed.key.field) { summary.tookOptInBack = true }
            if !isForced, let objection = try objection(to: deed) { objections.append(objection) }
            if let value = deed.goal {
                edits.append(Edit(deed.key, value))
            } else {
                summary.kept.append(deed.key)
            }
        }
        guard objections.isEmpty else { throw Self.setSince(objections, item.batch) }
        var recorded = RecordSummary()
        _ = takeRecorded()
        for edit in edits { try record(edit, isForced: false, &recorded) }
        let by = try BatchRows.add("undo", takeRecorded(), undoes: item.batch.id, at: ledger.now, db)
        summary.recorded += recorded.recorded
        var batch = item.batch
        batch.undoneBy = by
        summary.undone.append(batch)
    }

    /// What a command did, field by field, in the order in which it first set them.
    private func deeds(of item: BatchRows.Item) throws -> [Deed] {
        guard let places = item.places else { return [] }
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

    /// Why a field should not go back: somebody set it since.
    private mutating func objection(to deed: Deed) throws -> String? {
        let live = try self.live(deed.key)
        let foreign = live.logged.last { $0.place > deed.place && !standing.made($0.version.change) }
        if let foreign {
            let device = try DeviceNames(db).other(foreign.version.change.id.replica)
            return "\(deed.key.subject): \(device) set it since"
        }
        let shown = live.outcome?.value ?? deed.key.field.initialValue
        return shown?.agrees(with: deed.value) == true ? nil : "\(deed.key.subject): you set it again since"
    }

    private static func setSince(_ objections: [String], _ batch: Batch) -> ReplicaError {
        let count = objections.count == 1 ? "a field was" : "\(objections.count) fields were"
        return ReplicaError(
            .notApplicable, "command \(batch.id), '\(batch.command)', was not taken back: \(count) set since",
            remedy: "to take it back all the same: 'reader-sync undo \(batch.id) --force'",
            candidates: Array(objections.prefix(5)))
    }

    private static func optOutHolds(_ key: RegisterKey, _ batch: Batch) -> ReplicaError {
        ReplicaError(
            .notApplicable,
            "command \(batch.id), '\(batch.command)', was not taken back: that would opt in to \(key.subject) unasked",
            remedy: "to opt in: '\(key.commandToOptIn)'")
    }
}

extension Value {
    /// Whether it takes away what only the reader may give.
    fileprivate func isOptOut(_ field: Field) -> Bool {
        switch (field, self) {
        case (.subscribed, .flag(false)), (.consent, .consent(false, _)): true
        default: false
        }
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
