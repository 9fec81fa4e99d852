import GRDB
import SyncCore

/// One transaction on the registers: reads each at most once, and writes what it shows once at the end.
struct StateTransaction {
    let db: Database
    var standing: Standing
    var ledger: DifferenceLedger

    private struct Touched {
        var live: LiveRegister
        /// Whether there were several versions at any moment, so that a difference may have come or gone.
        var hadSeveral: Bool
    }

    private var touched: [RegisterKey: Touched] = [:]
    /// The order in which registers were touched; a dictionary's own must reach nothing.
    private var order: [RegisterKey] = []

    /// Begins the transaction.
    init(_ db: Database, at now: WallTime) throws {
        self.db = db
        standing = try Standing(db)
        ledger = try DifferenceLedger(db, at: now)
    }

    /// The register of a key, as this transaction has it.
    mutating func live(_ key: RegisterKey) throws -> LiveRegister {
        if let known = touched[key] { return known.live }
        let live = try ChangeRows.live(key, db)
        touched[key] = Touched(live: live, hadSeveral: live.logged.count + live.pending.count > 1)
        order.append(key)
        return live
    }

    /// Takes note of what a register has become; its rows are already written.
    mutating func update(_ key: RegisterKey, _ live: LiveRegister) throws {
        guard touched[key] != nil else {
            throw ReplicaError(.storage, "a register was changed without having been read")
        }
        touched[key]?.live = live
        guard live.logged.count + live.pending.count > 1 else { return }
        touched[key]?.hadSeveral = true
        // Now, not only at the end: a later entry of the same page may end the difference, and the value that lost
        // must still be listed.
        try ledger.note(key, live, cursor: standing.cursor.sequence, db)
    }

    /// Writes what the touched registers show, and the replica's own row.
    mutating func finish() throws {
        for key in order {
            guard let item = touched[key] else { continue }
            try ArticleState.write(key, item.live.folded.outcome, db)
            if item.hadSeveral { try ledger.note(key, item.live, cursor: standing.cursor.sequence, db) }
        }
        try standing.save(db)
    }
}
