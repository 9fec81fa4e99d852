import GRDB
import SQLiteChanges
import SyncCore

extension Replica {
    /// Reads what can be read of a damaged file. Changes nothing in it.
    ///
    /// - Complexity: O(n) in the change log, and a look at each place of the part that a scan cannot cross.
    public static func rescue(from path: String) -> Rescue {
        var rescue = Rescue()
        do {
            let queue = try connectForRescue(path)
            queue.inDatabase { db in
                do {
                    rescue.remote = try String.fetchOne(db, sql: "SELECT remote FROM replica WHERE only = 1")
                } catch { rescue.losses.append("the server's address cannot be read: \(reason(error))") }
                readChanges(db, &rescue)
                readRest(db, &rescue)
            }
            try queue.close()
        } catch {
            rescue.losses.append("the file cannot be read at all: \(reason(error))")
        }
        return rescue
    }

    /// Opens a file some pages of which are damaged, those of its own schema too: with `writable_schema` SQLite takes what it
    /// can read of that, and knows nothing of the tables behind. Other settings would have it read the schema before.
    private static func connectForRescue(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA writable_schema = ON") }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private static func readChanges(_ db: Database, _ rescue: inout Rescue) {
        var scan = PendingScan()
        scan.run(db)
        rescue.unreadable = scan.unreadable
        if let reason = scan.failure { rescue.losses.append("part of the change log cannot be read: \(reason)") }
        // Sent ones by their numbers, then those that were not sent, as they were made.
        let made = scan.found.sorted { left, right in
            let (one, other) = (left.change.id, right.change.id)
            if one.isNumbered != other.isNumbered { return one.isNumbered }
            return one.isNumbered && one.number != other.number ? one.number < other.number : left.place < right.place
        }
        rescue.changes = Rescue.lastOfEach(made.map(\.change))
        rescue.setAside = scan.aside.sorted { $0.place < $1.place }.map { item in
            let reason = try? db.firstRow(
                "SELECT code, detail, at FROM set_aside WHERE place = ?", { $0.integer(item.place) },
                { ($0.text(0), $0.text(1), $0.integer(2)) })
            let known = reason ?? nil
            return Rescue.SetAside(
                change: item.change, code: known?.0 ?? Refusal.Code.other.rawValue,
                detail: known?.1 ?? "the reason could not be read back",
                at: WallTime(milliseconds: known?.2 ?? 0))
        }
    }

    private static func readRest(_ db: Database, _ rescue: inout Rescue) {
        do { rescue.subscriptions = try DirectFeedRows.all(db) } catch {
            rescue.subscriptions = (try? everRead(db)) ?? []
            rescue.losses.append(
                rescue.subscriptions.isEmpty
                    ? "the replica's own feeds cannot be read: \(reason(error))"
                    : "of the replica's own feeds only the addresses could be read, those of removed ones among them: \(reason(error))"
            )
        }
        do {
            rescue.policies = try db.rows("SELECT kind, policy FROM policy ORDER BY kind") { ($0.text(0), $0.text(1)) }
            rescue.settings = try db.rows("SELECT name, value FROM setting ORDER BY name") { ($0.text(0), $0.text(1)) }
        } catch { rescue.losses.append("settings cannot be read: \(reason(error))") }
    }

    /// What SQLite says, without the statement.
    fileprivate static func reason(_ error: any Error) -> String {
        (error as? DatabaseError)?.message ?? "\(error)"
    }

    /// The feeds that the replica reads or has read itself: another table knows them too, without the reader's own
    /// titles and folders.
    private static func everRead(_ db: Database) throws -> [FeedSubscription] {
        try db.rows(
            """
            SELECT feed.name, publication.name, feed.title, feed.url
            FROM feed JOIN publication ON publication.row = feed.publication
            WHERE feed.listed = 0 AND feed.url IS NOT NULL ORDER BY feed.name
            """
        ) { row in
            guard let feed = EntityName(row.text(0)), let publication = EntityName(row.text(1)) else { return nil }
            return FeedSubscription(
                feed: feed, publication: publication, title: row.text(2), fetch: FetchRecord(url: row.text(3)))
        }.compactMap(\.self)
    }

    /// Takes over what was rescued of another file, in one transaction. The changes become pending ones of this replica.
    /// What their authors had seen is known of the old history only, so they count as made in ignorance of everything in
    /// the log, as after a repair of history (see `PendingChanges.rebase`): rules decide, and no opt-in beats an opt-out.
    ///
    /// - Throws: ``ReplicaError``; then nothing is taken over.
    public func adopt(_ rescue: Rescue, at now: WallTime) throws(ReplicaError) {
        try write { db in
            var transaction = try StateTransaction(db, at: now)
            for old in rescue.changes {
                var change = old
                change.id = ChangeID(replica: transaction.standing.id, number: ChangeID.unnumbered)
                change.seen = SeenContext(through: 0, also: [])
                transaction.standing.clock.observe(change.stamp, at: now)
                var live = try transaction.live(change.key)
                let place = try ChangeRows.insertPending(change, db)
                live.pending.append(LiveRegister.Pending(place: place, change: change))
                try transaction.update(change.key, live)
            }
            try transaction.finish()
            for aside in rescue.setAside {
                var change = aside.change
                change.id = ChangeID(replica: transaction.standing.id, number: ChangeID.unnumbered)
                try ChangeRows.insertSetAside(change, code: aside.code, detail: aside.detail, at: aside.at, db)
            }
            for (kind, policy) in rescue.policies {
                try db.run(
                    sql: "INSERT OR REPLACE INTO policy (kind, policy) VALUES (?, ?)", arguments: [kind, policy])
            }
            for (name, value) in rescue.settings {
                try db.run(
                    sql: "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", arguments: [name, value])
            }
        }
        try subscribe(
            rescue.subscriptions.map { old in
                var subscription = old
                // Asked anew and whole: nothing of what it brought is here.
                subscription.fetch = FetchRecord(url: old.fetch.url)
                return subscription
            })
    }
}

/// Reads the pending and the set aside rows of a change log some pages of which are damaged: forwards to the damage, backwards to it, and
/// between the two place by place.
private struct PendingScan {
    var found: [LiveRegister.Pending] = []
    /// Those that the server did not take.
    var aside: [LiveRegister.Pending] = []
    var unreadable = 0
    var failure: String?

    /// Most places between the ends of the damage that are looked at one by one.
    private static let probes: Int64 = 200_000

    mutating func run(_ db: Database) {
        var (low, high): (Int64, Int64) = (0, .max)
        // By the table itself: its indices are on other pages, which may be the damaged ones.
        guard let first = scan(db, "place > ? ORDER BY place", 0, { low = max(low, $0) }) else { return }
        failure = first
        _ = scan(db, "place < ? ORDER BY place DESC", .max, { high = min(high, $0) })
        guard high > low, high != .max, high - low - 1 <= Self.probes else { return }
        for place in (low + 1)..<max(low + 1, high) where scan(db, "place = ?", place, { _ in }) != nil {
            unreadable += 1
        }
    }

    /// - Returns: `nil`, or why it did not come to its end.
    private mutating func scan(
        _ db: Database, _ condition: String, _ bound: Int64, _ reached: (Int64) -> Void
    ) -> String? {
        var places = Set((found + aside).map(\.place))
        do {
            try db.eachRow(
                "SELECT \(ChangeRows.columns) FROM change NOT INDEXED WHERE \(condition)", { $0.integer(bound) }
            ) { row in
                reached(row.integer(0))
                let isAside = ChangeRows.isIn(.setAside, row)
                guard isAside || ChangeRows.isIn(.pending, row), places.insert(row.integer(0)).inserted else {
                    return true
                }
                guard let change = try? ChangeRows.change(in: row) else {
                    unreadable += 1
                    return true
                }
                let item = LiveRegister.Pending(place: row.integer(0), change: change)
                if isAside { aside.append(item) } else { found.append(item) }
                return true
            }
            return nil
        } catch { return Replica.reason(error) }
    }
}
