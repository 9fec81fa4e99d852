import GRDB
import SQLiteChanges
public import SyncCore
import SyncPorts

extension Replica {
    /// Applies a page of the log with its cursor, the remote's time, refusals, library and account in one
    /// transaction. Entries that were applied before have no effect.
    public func apply(_ reply: ExchangeReply, at now: WallTime) throws(ReplicaError) -> StateSummary {
        try write { db in
            var transaction = try StateTransaction(db, at: now)
            return try Self.apply([reply], &transaction, at: now)
        }
    }

    /// Applies pages that follow each other in one transaction; of those that would turn over too many marks nothing but the
    /// account, which says what the device is called that would do so.
    ///
    /// - Complexity: O(n) in the entries, time and space, and one pass through the marks.
    public func apply(holding replies: [ExchangeReply], at now: WallTime) throws(ReplicaError) -> PullOutcome {
        let outcome = try unlessHeld { db, flips in
            flips.marks = try ChangeRows.markCount(db)
            let recent = try Self.recentFlips(at: now, db)
            flips.earlier = recent.total
            var transaction = try StateTransaction(db, at: now)
            let summary = try Self.apply(replies, &transaction, at: now)
            transaction.count(&flips)
            try Self.noteFlips(flips, since: recent.since, db)
            return summary
        }
        if case .held = outcome, let account = replies.compactMap(\.account).last {
            try write { db in try LibraryRows.replace(account, db) }
        }
        return outcome
    }

    /// Runs `body` in one transaction, of which nothing stays if too many marks are turned over in it.
    func unlessHeld(_ body: (Database, inout Flips) throws -> StateSummary) throws(ReplicaError) -> PullOutcome {
        var flips = Flips()
        do throws(ReplicaError) {
            let summary = try write { db in
                let summary = try body(db, &flips)
                // Rolls back; which error it is tells nobody anything.
                if flips.isHeld { throw ReplicaError(.notApplicable, "too many marks would be turned over") }
                return summary
            }
            return .applied(summary)
        } catch {
            guard flips.isHeld else { throw error }
            try noteHeld(flips.total)
            return .held(flips)
        }
    }

    private static func apply(
        _ replies: [ExchangeReply], _ transaction: inout StateTransaction, at now: WallTime
    ) throws -> StateSummary {
        let db = transaction.db
        var summary = StateSummary()
        for reply in replies {
            let before = transaction.standing.cursor
            try transaction.take(reply, &summary, at: now)
            if before != reply.cursor {
                try Checkpoints.add(reply.cursor, db)
                try Self.forgetHeld(db)
            }
            if let library = reply.library { try LibraryRows.replace(library, db) }
            if let account = reply.account { try LibraryRows.replace(account, db) }
        }
        try transaction.finish()
        try db.run("UPDATE replica SET last_sync = ? WHERE only = 1") { $0.integer(now.milliseconds) }
        summary.opened = transaction.ledger.opened
        summary.settled = transaction.ledger.settled
        return summary
    }
}

extension StateTransaction {
    /// Takes in a page, and its cursor.
    fileprivate mutating func take(
        _ reply: ExchangeReply, _ summary: inout StateSummary, at now: WallTime
    ) throws {
        var last: UInt64 = 0
        for entry in reply.entries {
            guard entry.sequence > last, entry.sequence <= reply.cursor.sequence else {
                throw ReplicaError(.invalidValue, "entry \(entry.sequence) of the log is out of order")
            }
            last = entry.sequence
            try take(entry, &summary)
        }
        // The newest first: of two opt-outs of one field it is the newer that leaves again.
        for refusal in reply.refused.sorted(by: { $0.number > $1.number }) { try setAside(refusal, &summary) }
        for number in reply.settled { try acknowledge(number, &summary) }
        standing.cursor = reply.cursor
        standing.clock.synchronize(remote: reply.time, at: now)
        for entry in reply.entries { standing.clock.observe(entry.change.stamp, at: now) }
    }
}

extension StateTransaction {
    /// What the replica holds of a change that stands in the log.
    private enum Known {
        /// Nothing.
        case unknown
        /// It made the change, and waits for this.
        case pending(LiveRegister.Pending)
        /// A row that is not in the log: its remote was restored, or refused it before.
        case unplaced(Int64)
        /// It stands there already.
        case applied
        /// Another change has this name: two machines use one identity.
        case different
    }

    /// Applies an entry of the log.
    mutating func take(_ entry: LogEntry, _ summary: inout StateSummary) throws {
        let change = entry.change
        let isOwn = change.id.replica == standing.id
        var live = try self.live(change.key)
        var place: Int64?
        switch try known(entry) {
        case .applied: return
        case .pending(let item):
            place = item.place
            live.pending.removeAll { $0.place == item.place }
            summary.acknowledged += 1
        case .unplaced(let row):
            place = row
            live.pending.removeAll { $0.place == row }
        case .different:
            if isOwn { summary.forked = true }
        case .unknown:
            // Its own changes are never forgotten.
            if isOwn { summary.forked = true }
            if !isOwn { summary.received += 1 }
        }
        var register = live.base
        let replaced = register.apply(change, at: .logged(entry.sequence))
        for version in replaced ?? [] {
            guard let gone = live.place(of: version) else { continue }
            try ChangeRows.setState(gone, .superseded, db)
            live.logged.removeAll { $0.place == gone }
        }
        let applied = register.versions.last { replaced != nil && $0.position == .logged(entry.sequence) }
        let state: ChangeRecord.State = applied == nil ? .superseded : .current
        let base = applied?.noteBase ?? ""
        if let place {
            try ChangeRows.setLogged(
                place, change, state: state, sequence: entry.sequence, received: entry.received,
                noteBase: base, db)
        } else {
            place = try ChangeRows.insertLogged(
                change, state: state, sequence: entry.sequence, received: entry.received, noteBase: base, db)
        }
        if let applied, let place { live.logged.append(LiveRegister.Logged(place: place, version: applied)) }
        try update(change.key, live)
    }

    private func known(_ entry: LogEntry) throws -> Known {
        let change = entry.change
        var result = Known.unknown
        try ChangeRows.eachNamed(change.id, db) { row in
            let mine = try ChangeRows.change(in: row)
            let sequence = row.bitsIfAny(2)
            if sequence == entry.sequence {
                result = .applied
                return false
            }
            guard mine.key == change.key, mine.value == change.value else {
                result = .different
                return true
            }
            guard sequence == nil else { return true }
            // What it had seen may differ: another replica may have brought it back to a restored log.
            result =
                ChangeRows.isIn(.pending, row)
                ? .pending(LiveRegister.Pending(place: row.integer(0), change: mine)) : .unplaced(row.integer(0))
            return false
        }
        return result
    }

    /// Acknowledges a change whose entry the replica will not see: it stands behind the cursor, and later changes took
    /// its place, or it would be part of its register.
    mutating func acknowledge(_ number: UInt64, _ summary: inout StateSummary) throws {
        let row = try db.firstRow(
            """
            SELECT \(ChangeRows.columns) FROM change WHERE state = 0 AND replica = ? AND number = ? AND number > 0
            ORDER BY place LIMIT 1
            """,
            { binder in
                binder.bits(standing.id.rawValue)
                binder.bits(number)
            },
            { (place: $0.integer(0), key: try ChangeRows.change(in: $0).key) })
        guard let (place, key) = row else { return }
        var live = try self.live(key)
        live.pending.removeAll { $0.place == place }
        try ChangeRows.setState(place, .superseded, db)
        summary.acknowledged += 1
        try update(key, live)
    }

    /// Sets a change aside that the remote did not take. What takes a consent or a subscription back is never set
    /// aside: it leaves again under a new number, since the old one counts as used, unless what the reader said on this
    /// replica since is in the log.
    mutating func setAside(_ refusal: Refusal, _ summary: inout StateSummary) throws {
        let row = try db.firstRow(
            "SELECT \(ChangeRows.columns) FROM change WHERE state = 0 AND number = ? ORDER BY place LIMIT 1",
            { $0.bits(refusal.number) },
            { (place: $0.integer(0), change: try ChangeRows.change(in: $0)) })
        guard refusal.number > 0, let (place, change) = row else { return }
        var live = try self.live(change.key)
        live.pending.removeAll { $0.place == place }
        if change.isOptOut {
            // A copy's word, under the same identity, is not this one's.
            if try live.unsent != nil || (!summary.forked && hasNewerWord(of: change.key, than: place)) {
                try ChangeRows.setState(place, .superseded, db)
            } else {
                var again = change
                again.id.number = ChangeID.unnumbered
                again.seen = SeenContext(through: min(change.seen.through, standing.cursor.sequence))
                try ChangeRows.rename(place, again.id, again.seen, db)
                live.pending.append(LiveRegister.Pending(place: place, change: again))
            }
        } else {
            try ChangeRows.setState(place, .setAside, db)
            try db.run(
                sql: "INSERT OR REPLACE INTO set_aside (place, code, detail, at) VALUES (?, ?, ?, ?)",
                arguments: [place, refusal.code.rawValue, refusal.detail, ledger.now.milliseconds])
            summary.setAside += 1
        }
        try update(change.key, live)
    }

    /// Whether a later change of a field that the replica made itself is in the log. One under a former identity may as
    /// well be a copy's, which knows nothing of what was said here.
    private func hasNewerWord(of key: RegisterKey, than place: Int64) throws -> Bool {
        try db.firstRow(
            """
            SELECT 1 FROM change
            WHERE entity = ? AND field = ? AND replica = ? AND place > ? AND state IN (1, 2) AND sequence IS NOT NULL
            """,
            { binder in
                binder.blob(EntityColumn.encode(key.entity))
                binder.text(key.field.text)
                binder.bits(standing.id.rawValue)
                binder.integer(place)
            }, { _ in true }) ?? false
    }
}
