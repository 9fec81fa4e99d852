import GRDB
public import SyncCore

extension Replica {
    /// Records what the reader does, in one transaction: each edit that says something new becomes a change, with
    /// its effect. An edit that says what is shown already is left out, unless the reader is asked about the field.
    ///
    /// - Parameters:
    ///   - command: what the reader did, in the words of the command: what ``undo(_:isForced:at:)`` calls it.
    ///   - batch: the command of which this is one more part: all of it is taken back together.
    /// - Throws: ``ReplicaError`` with `invalidValue` if a value does not fit its field; then nothing is recorded.
    /// - Complexity: three statements an edit.
    public func record(
        _ edits: some Sequence<Edit>, as command: String = "edit", continuing batch: Int64? = nil, at now: WallTime
    ) throws(ReplicaError) -> RecordSummary {
        try write { db in
            var transaction = try StateTransaction(db, at: now)
            var summary = RecordSummary()
            for edit in edits { try transaction.record(edit, isForced: false, &summary) }
            try transaction.finish(as: command, continuing: batch, &summary)
            return summary
        }
    }

    /// Most edits that one transaction records of many: others who write need not wait long for it.
    public static let largestPart = 5_000

    /// Records as many edits as there may be, as one command in as many transactions as it takes. If it ends early, the
    /// command is what was done until then, and can be taken back.
    ///
    /// - Parameter observer: told after each transaction what was done so far; stops it with `false`.
    public func record(
        many edits: [Edit], as command: String, at now: WallTime, by part: Int = largestPart,
        observer: (RecordSummary) -> Bool
    ) throws(ReplicaError) -> RecordSummary {
        var (summary, rest) = (RecordSummary(), edits[...])
        while !rest.isEmpty {
            let done = try record(rest.prefix(max(1, part)), as: command, continuing: summary.batch, at: now)
            rest = rest.dropFirst(max(1, part))
            summary.add(done)
            guard observer(summary) else { break }
        }
        return summary
    }

    /// What a register shows; `nil` if nobody ever set it.
    public func shown(_ key: RegisterKey) throws(ReplicaError) -> Value? {
        try read { db in try ChangeRows.live(key, db).outcome?.value }
    }
}

extension StateTransaction {
    /// Ends what a command recorded, if it recorded anything: its changes can be taken back together.
    mutating func finish(
        as command: String, continuing batch: Int64? = nil, _ summary: inout RecordSummary
    ) throws {
        guard summary.recorded > 0 else { return }
        let row = try BatchRows.add(command, takeRecorded(), continuing: batch, at: ledger.now, db)
        summary.batch = batch ?? row
        try finish()
    }

    /// Makes a change of an edit.
    ///
    /// - Parameter isForced: whether it is recorded even if it says what is shown already.
    mutating func record(_ edit: Edit, isForced: Bool, _ summary: inout RecordSummary) throws {
        let key = edit.key
        var live = try self.live(key)
        let outcome = live.outcome
        let shown = outcome?.value ?? key.field.initialValue
        if !isForced, let shown, shown.agrees(with: edit.value), !edit.value.isGranted(underOtherWordsThan: shown),
            try !live.hasSeveral || !ledger.isOpen(key, db)
        {
            summary.unchanged += 1
            return
        }
        var value = edit.value
        if case .note(let text, _) = value {
            var base = ""
            // A merge can be longer than a note may be. Without a base a later merge asks, and loses nothing.
            if case .note(let current, _) = shown, current.utf8.count <= Value.maximumNoteBytes { base = current }
            value = .note(text, base: base)
        }
        let before = outcome.flatMap { live.place(of: $0.winner) }
        // What a pending change of this field saw beyond the cursor, this one has seen as well.
        let seen = SeenContext(
            through: standing.cursor.sequence, also: live.pending.flatMap(\.change.seen.also))
        guard
            var change = Change(
                id: ChangeID(replica: standing.id, number: ChangeID.unnumbered),
                stamp: standing.clock.tick(at: ledger.now), seen: seen, key: key, value: value)
        else { throw ReplicaError(.invalidValue, "the value does not fit the field '\(key.field.text)'") }
        if let older = live.unsent {
            change = PendingChanges.coalesce(change, over: older.change)
            try ChangeRows.setState(older.place, .superseded, db)
            live.pending.removeAll { $0.place == older.place }
            summary.coalesced += 1
        }
        let place = try ChangeRows.insertPending(change, shownBefore: before, db)
        if let outcome, let merged = outcome.mergedText { try ChangeRows.keep(merged, before: place, db) }
        noteRecorded(place)
        live.pending.append(LiveRegister.Pending(place: place, change: change))
        try update(key, live)
        summary.recorded += 1
    }
}

extension Value {
    /// Whether a consent is given under other words than the one shown: the server asks for it when the wording
    /// changes, and keeps a record of each.
    fileprivate func isGranted(underOtherWordsThan shown: Value) -> Bool {
        guard case .consent(true, let terms) = self, case .consent(true, let old) = shown else { return false }
        return (terms.wordingVersion, terms.wordingHash, terms.policyVersion, terms.termsVersion)
            != (old.wordingVersion, old.wordingHash, old.policyVersion, old.termsVersion)
    }
}

extension Outcome {
    /// A note that was merged of several, so that no version has it as its text.
    fileprivate var mergedText: String? {
        guard case .note(let text, _) = value, !value.agrees(with: winner.change.value) else { return nil }
        return text
    }
}
