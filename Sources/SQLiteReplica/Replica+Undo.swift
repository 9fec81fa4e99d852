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
    /// What was recorded in several transactions (``record(many:as:at:by:observer:)``) is taken back in as many, the last
    /// first. If that ends early, the next undo goes on with it.
    ///
    /// Fields that were set again since, here or elsewhere, stay as they are, and so do opt-outs: ``UndoSummary/left`` says why.
    ///
    /// - Parameter isForced: whether fields that were set again since are taken back too.
    /// - Throws: ``ReplicaError`` with `notFound`, or `notApplicable` if nothing at all can be taken back; then nothing is done.
    /// - Complexity: four statements a change.
    public func undo(
        _ target: UndoTarget, isForced: Bool = false, at now: WallTime
    ) throws(ReplicaError) -> UndoSummary {
        let found = try read { db in try Self.items(target, db) }
        guard found.contains(where: { $0.parts.count > 1 }) else {
            return try write { db in
                var transaction = try StateTransaction(db, at: now)
                var summary = UndoSummary()
                for item in try Self.items(target, db) {
                    if let refusal = try transaction.refusal(to: item, isForced: isForced) {
                        summary.refused.append(UndoSummary.Refused(batch: item.batch, reason: refusal))
                        continue
                    }
                    let by = try transaction.undo(item, at: item.parts.indices, isForced: isForced, &summary)
                    summary.noteUndone(item.batch, by: by)
                }
                try summary.throwIfAllRefused()
                try transaction.finish()
                return summary
            }
        }
        var summary = UndoSummary()
        for item in found { try undoInParts(item, isForced: isForced, at: now, &summary) }
        try summary.throwIfAllRefused()
        return summary
    }

    private func undoInParts(
        _ item: BatchRows.Item, isForced: Bool, at now: WallTime, _ summary: inout UndoSummary
    ) throws(ReplicaError) {
        let refusal = try read { db in
            var transaction = try StateTransaction(db, at: now)
            return try transaction.refusal(to: item, isForced: isForced)
        }
        if let refusal { return summary.refused.append(UndoSummary.Refused(batch: item.batch, reason: refusal)) }
        var by: Int64?
        for index in item.parts.indices.reversed() {
            by = try write { db in
                // As it is now: another process may have been here.
                guard let item = try BatchRows.one(item.batch.id, db) else { return by }
                var transaction = try StateTransaction(db, at: now)
                let row = try transaction.undo(item, at: index..<index + 1, isForced: isForced, &summary)
                try transaction.finish()
                return row ?? by
            }
        }
        summary.noteUndone(item.batch, by: by)
    }

    private static func items(_ target: UndoTarget, _ db: Database) throws -> [BatchRows.Item] {
        switch target {
        case .last(let count):
            let items = try BatchRows.newest(max(1, count), db) {
                $0.undoes == nil && $0.undoneBy == nil && !$0.isReadingPosition
            }
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

extension UndoSummary {
    fileprivate mutating func noteUndone(_ batch: Batch, by undo: Int64?) {
        var batch = batch
        batch.undoneBy = undo
        undone.append(batch)
    }

    fileprivate func throwIfAllRefused() throws(ReplicaError) {
        if undone.isEmpty, let first = refused.first { throw first.reason }
    }
}
