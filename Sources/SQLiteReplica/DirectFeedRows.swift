import GRDB
import SQLiteChanges
import SyncCore

/// The rows of the tables `direct_feed` and `direct_feed_tag`.
enum DirectFeedRows {
    private static let record = """
        url, etag, last_modified, body_digest, checked, changed, due, paused_until, interval, failures, problem,
        move_url, move_count, is_gone
        """

    /// Of a row of `feed`: whether nothing but readings from the time when the replica read it itself is left of it.
    static let isFormerFeed = """
        (feed.listed = 0 AND feed.row NOT IN (SELECT feed FROM direct_feed)
            AND NOT EXISTS (
                SELECT 1 FROM article_feed WHERE article_feed.feed = feed.row
                AND NOT EXISTS (
                    SELECT 1 FROM direct_entry WHERE direct_entry.feed = article_feed.feed
                    AND direct_entry.article = article_feed.article)))
        """

    /// All feeds, by name.
    ///
    /// - Throws: ``ReplicaError`` with `damaged` if a row cannot be read back.
    static func all(_ db: Database) throws -> [FeedSubscription] {
        var tags: [Int64: [TagName]] = [:]
        try db.eachRow("SELECT feed, tag FROM direct_feed_tag ORDER BY feed, tag") { row in
            if let tag = TagName(row.text(1)) { tags[row.integer(0), default: []].append(tag) }
            return true
        }
        return try db.rows(list) { row in
            guard let feed = EntityName(row.text(1)), let publication = EntityName(row.text(2)) else {
                throw ReplicaError.damaged("a feed of the replica cannot be read back")
            }
            return FeedSubscription(
                feed: feed, publication: publication, title: row.text(3), ownTitle: row.textIfAny(4),
                siteURL: row.textIfAny(5), tags: (tags[row.integer(0)] ?? []).sorted(), fetch: fetch(in: row, at: 6))
        }
    }

    private static let list = """
        SELECT feed.row, feed.name, publication.name, direct_feed.title, own_title, direct_feed.site_url,
            \(record.split(separator: ",").map { "direct_feed." + $0.filter { !$0.isWhitespace } }.joined(separator: ", "))
        FROM direct_feed JOIN feed ON feed.row = direct_feed.feed
        JOIN publication ON publication.row = direct_feed.publication ORDER BY feed.name
        """

    private static func fetch(in row: borrowing Columns, at index: Int) -> FetchRecord {
        var fetch = FetchRecord(url: row.text(index))
        fetch.etag = row.textIfAny(index + 1)
        fetch.lastModified = row.textIfAny(index + 2)
        fetch.bodyDigest = row.isNull(index + 3) ? nil : row.digest(index + 3)
        fetch.checked = row.instant(index + 4)
        fetch.changed = row.instant(index + 5)
        fetch.due = WallTime(milliseconds: row.integer(index + 6))
        fetch.pausedUntil = row.instant(index + 7)
        fetch.interval = row.integer(index + 8)
        fetch.failures = Int(row.integer(index + 9))
        fetch.problem = row.textIfAny(index + 10)
        if let url = row.textIfAny(index + 11) {
            fetch.move = FetchRecord.Move(url: url, count: Int(row.integer(index + 12)))
        }
        fetch.isGone = row.integer(index + 13) != 0
        return fetch
    }

    private static func arguments(_ fetch: FetchRecord) -> StatementArguments {
        [
            fetch.url, fetch.etag, fetch.lastModified, fetch.bodyDigest?.bytes.databaseBlob,
            fetch.checked?.milliseconds, fetch.changed?.milliseconds, fetch.due.milliseconds,
            fetch.pausedUntil?.milliseconds, fetch.interval, fetch.failures, fetch.problem, fetch.move?.url,
            fetch.move?.count ?? 0, fetch.isGone,
        ]
    }

    /// The row of a direct feed; `nil` if there is none of that name.
    static func row(of feed: EntityName, _ db: Database) throws -> Int64? {
        try Int64.fetchOne(
            db.cachedStatement(
                sql: "SELECT feed FROM direct_feed WHERE feed = (SELECT row FROM feed WHERE name = ?)"),
            arguments: [feed.text])
    }

    /// The name of another feed that is fetched from an address.
    static func other(than feed: Int64, at url: String, _ db: Database) throws -> String? {
        try String.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT name FROM direct_feed JOIN feed ON feed.row = direct_feed.feed
                    WHERE direct_feed.url = ? AND direct_feed.feed <> ?
                    """),
            arguments: [url, feed])
    }

    /// Writes a feed, its tags and its fetch record.
    static func put(
        _ subscription: FeedSubscription, feed: Int64, publication: Int64, _ db: Database
    ) throws {
        let values: StatementArguments = [
            feed, publication, subscription.title, subscription.ownTitle, subscription.siteURL,
        ]
        // Every column but the key; `direct_feed_tag` refers to the row, so it must not be replaced.
        let names = ["publication", "title", "own_title", "site_url"]
        let columns = names + record.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
        try db.execute(
            sql: """
                INSERT INTO direct_feed (feed, \(columns.joined(separator: ", ")))
                VALUES (?\(String(repeating: ", ?", count: columns.count)))
                ON CONFLICT (feed) DO UPDATE SET \(columns.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
                """,
            arguments: values + arguments(subscription.fetch))
        try db.execute(sql: "DELETE FROM direct_feed_tag WHERE feed = ?", arguments: [feed])
        for tag in subscription.tags {
            try db.execute(
                sql: "INSERT OR IGNORE INTO direct_feed_tag (feed, tag) VALUES (?, ?)", arguments: [feed, tag.text])
        }
    }

    private static func moved(onto other: String) -> String {
        "moved to the address of feed '\(other)'; remove one of them"
    }

    /// Writes what is remembered of fetching a feed. An address that another feed has is not taken over: the feed
    /// keeps its own, since one that moved must not stop the others, and its problem says so.
    static func set(_ fetch: FetchRecord, of feed: Int64, _ db: Database) throws {
        var fetch = fetch
        if let other = try other(than: feed, at: fetch.url, db) {
            let own = try String.fetchOne(
                once: db, sql: "SELECT url FROM direct_feed WHERE feed = ?", arguments: [feed])
            fetch.url = own ?? fetch.url
            fetch.problem = fetch.problem ?? moved(onto: other)
        } else if let move = fetch.move, let other = try other(than: feed, at: move.url, db) {
            // The redirect is counted anew each time it was not followed: the problem must not come and go.
            fetch.problem = fetch.problem ?? moved(onto: other)
        }
        try db.cachedStatement(
            sql: """
                UPDATE direct_feed SET (\(record)) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE feed = ?
                """
        ).execute(arguments: arguments(fetch) + [feed])
    }
}
