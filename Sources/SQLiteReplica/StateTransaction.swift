import GRDB
import SyncCore

/// One transaction on the registers: reads each at most once, and writes what it shows once at the end.
struct StateTransaction {
    let db: Database
    var standing: Standing
    var ledger: DifferenceLedger

    private struct Touched {
        var key: RegisterKey
        var live: LiveRegister
        /// What the register showed before.
        let shown: Shown?
        /// Whether there were several versions at any moment, so that a difference may have come or gone.
        var hadSeveral: Bool
    }

    /// What the columns that repeat a register are made of; only of values that compare by their bits.
    private struct Shown: Equatable {
        let value: Value
        let milliseconds: Int64

        init?(_ outcome: Outcome?) {
            switch outcome?.value {
            case .read, .flag, .progress: break
            default: return nil
            }
            guard let outcome else { return nil }
            value = outcome.value
            milliseconds = outcome.winner.change.stamp.milliseconds
        }
    }

    /// The places of the changes that the reader made since ``takeRecorded()``; they follow each other.
    private var recorded: ClosedRange<Int64>?
    private var counts = ListCounts()
    private var devices: DeviceNames?
    /// Conflicts whose resolutions were taken back.
    private var reopening: [(conflict: Int64, key: RegisterKey)] = []

    /// In the order in which registers were touched; a dictionary's own must reach nothing.
    private var touched: [Touched] = []
    private var places: [RegisterKey: Int] = [:]

    /// Begins the transaction.
    init(_ db: Database, at now: WallTime) throws {
        self.db = db
        standing = try Standing(db)
        ledger = try DifferenceLedger(db, at: now)
    }

    /// What devices are called, which is read once.
    mutating func deviceNames() throws -> DeviceNames {
        let names = try devices ?? DeviceNames(db)
        devices = names
        return names
    }

    /// The register of a key, as this transaction has it.
    mutating func live(_ key: RegisterKey) throws -> LiveRegister {
        if let index = places[key] { return touched[index].live }
        let live = try ChangeRows.live(key, db)
        places[key] = touched.count
        touched.append(
            Touched(key: key, live: live, shown: Shown(live.outcome), hadSeveral: live.hasSeveral))
        return live
    }

    /// Takes note of what a register has become; its rows are already written.
    mutating func update(_ key: RegisterKey, _ live: LiveRegister) throws {
        guard let index = places[key] else {
            throw ReplicaError(.storage, "a register was changed without having been read")
        }
        touched[index].live = live
        guard live.hasSeveral else { return }
        touched[index].hadSeveral = true
        // Now, not only at the end: a later entry of the same page may end the difference, and the value that lost
        // must still be listed.
        try ledger.note(key, live, cursor: standing.cursor.sequence, db)
    }

    /// Takes note of a change that the reader made.
    mutating func noteRecorded(_ place: Int64) {
        recorded = (recorded?.lowerBound ?? place)...place
    }

    /// The places of the changes that the reader made since it was asked last; `nil` for none.
    mutating func takeRecorded() -> ClosedRange<Int64>? {
        defer { recorded = nil }
        return recorded
    }

    /// Has the conflicts open again, at the end of the transaction, that changes in a range of places decided.
    mutating func reopenConflicts(decidedIn places: ClosedRange<Int64>) throws {
        reopening += try ConflictRows.resolved(by: places, db)
    }

    private mutating func reopen() throws {
        for (conflict, key) in reopening {
            let live = try self.live(key)
            guard let place = live.folded.versions.last.flatMap({ live.place(of: $0) }) else { continue }
            try ledger.reopen(conflict, key, decidedBy: place, db)
        }
        reopening = []
    }

    /// Counts the marks that other devices turned over in this transaction.
    func count(_ flips: inout Flips) {
        for item in touched {
            guard item.key.field == .read || item.key.field == .saved, let outcome = item.live.outcome,
                !standing.made(outcome.winner.change)
            else { continue }
            flips.count(item.shown?.value, outcome.value, by: outcome.winner.change.id.replica)
        }
    }

    /// Writes what the touched registers show, and the replica's own row.
    mutating func finish() throws {
        for item in touched {
            let outcome = item.live.outcome
            // The acknowledgement of a change alters nothing of what it shows.
            if item.shown == nil || item.shown != Shown(outcome) {
                try ArticleState.write(item.key, outcome, &counts, db)
            }
            guard item.hadSeveral || ledger.isReopened(item.key) else { continue }
            try ledger.note(item.key, item.live, cursor: standing.cursor.sequence, db)
        }
        try reopen()
        try counts.save(db)
        try standing.save(db)
    }
}
