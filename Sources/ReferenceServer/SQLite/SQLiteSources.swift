import GRDB
import SQLiteChanges
import SyncCore

/// A feed's address, the names it goes by, and what is remembered of fetching it.
struct FeedSource: Sendable, Hashable {
    /// The publication's id; `nil`: to be derived from the document.
    var publication: EntityName?
    /// The feed's id; `nil`: to be derived from the document.
    var feed: EntityName?
    /// The title that a person gave the feed.
    var title: String?
    /// The address, and all that a fetch depends on.
    var fetch: FetchRecord
}

/// The sources of feeds in SQLite.
struct SQLiteSources {
    let db: Database

    private static let columns = """
        publication, feed, title, url, etag, last_modified, body_digest, checked, changed, due, paused_until, interval,
        failures, problem, move_url, move_count, gone
        """

    /// The source with this very address.
    func source(at url: String) throws -> FeedSource? {
        try Row.fetchOne(db, sql: "SELECT \(Self.columns) FROM feed_source WHERE url = ?", arguments: [url])
            .map(Self.source)
    }

    /// All sources, by address.
    func all() throws -> [FeedSource] {
        try Row.fetchAll(db, sql: "SELECT \(Self.columns) FROM feed_source ORDER BY url").map(Self.source)
    }

    /// The sources whose time has come; those that are gone for good never are. The longest overdue first.
    ///
    /// An instant that lies further ahead than a fetch could have set it comes of a clock that was wrong; the fetch
    /// itself decides then.
    func due(at now: WallTime, limit: Int) throws -> [FeedSource] {
        let day: Int64 = 24 * 3_600_000
        return try Row.fetchAll(
            db,
            sql: """
                SELECT \(Self.columns) FROM feed_source
                WHERE gone = 0 AND (due <= ?1 OR due > ?2 OR checked > ?1)
                    AND (coalesce(paused_until, 0) <= ?1 OR paused_until > ?3)
                ORDER BY due, url LIMIT ?4
                """,
            arguments: [now.milliseconds, now.milliseconds + day, now.milliseconds + 7 * day, limit]
        ).map(Self.source)
    }

    /// Adds a source, or keeps what came of fetching it.
    ///
    /// One that moved keeps its old address if another source has the new one already. One that was taken out while it
    /// was fetched stays out.
    ///
    /// - Parameter url: the address under which it stood; `nil` if it is new.
    func put(_ source: FeedSource, insteadOf old: String?) throws {
        if let old, try self.source(at: old) == nil { return }
        var fetch = source.fetch
        let url = old ?? fetch.url
        if fetch.url != url {
            if try self.source(at: fetch.url) == nil {
                try db.run(sql: "DELETE FROM feed_source WHERE url = ?", arguments: [url])
            } else {
                fetch.url = url
            }
        }
        let values: StatementArguments = [
            source.publication?.text, source.feed?.text, source.title, fetch.url, fetch.etag, fetch.lastModified,
            fetch.bodyDigest?.bytes.databaseBlob, fetch.checked?.milliseconds, fetch.changed?.milliseconds,
            fetch.due.milliseconds, fetch.pausedUntil?.milliseconds, fetch.interval, fetch.failures, fetch.problem,
            fetch.move?.url, fetch.move?.count, fetch.isGone,
        ]
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO feed_source (\(Self.columns))
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: values)
        if let feed = source.feed, fetch.url != url {
            try db.run(sql: "UPDATE feed SET url = ? WHERE id = ?", arguments: [fetch.url, feed.text])
            if db.changesCount > 0 { try SQLiteLibrary(db: db).stamp() }
        }
    }

    private static func source(_ row: Row) -> FeedSource {
        let instant: (Int) -> WallTime? = { (row[$0] as Int64?).map { WallTime(milliseconds: $0) } }
        var fetch = FetchRecord(url: row[3])
        fetch.etag = row[4]
        fetch.lastModified = row[5]
        fetch.bodyDigest = Digest128(bytes: row.bytes(at: 6))
        fetch.checked = instant(7)
        fetch.changed = instant(8)
        fetch.due = WallTime(milliseconds: row[9])
        fetch.pausedUntil = instant(10)
        fetch.interval = row[11]
        fetch.failures = row[12]
        fetch.problem = row[13]
        if let url = row[14] as String? { fetch.move = FetchRecord.Move(url: url, count: row[15] ?? 1) }
        fetch.isGone = row[16]
        return FeedSource(
            publication: (row[0] as String?).flatMap { EntityName($0) },
            feed: (row[1] as String?).flatMap { EntityName($0) }, title: row[2], fetch: fetch)
    }
}
