import GRDB
import SQLiteChanges
public import SyncCore
public import SyncPorts

extension Replica {
    /// The feeds that the replica reads itself, by id, ascending.
    public func subscriptions() throws(ReplicaError) -> [FeedSubscription] {
        try read { db in try DirectFeedRows.all(db).sorted { $0.feed < $1.feed } }
    }

    /// The ids of all feeds that are known, a server's among them. Those of former feeds are free again: whoever adds
    /// such a feed once more finds its articles.
    public func feedNames() throws(ReplicaError) -> Set<EntityName> {
        try read { db in
            Set(
                try String.fetchAll(db, sql: "SELECT name FROM feed WHERE NOT \(DirectFeedRows.isFormerFeed)")
                    .compactMap { EntityName($0) })
        }
    }

    /// Adds feeds, or changes the titles, tags and fetch records of those that are there: all of them or none.
    ///
    /// - Throws: ``ReplicaError`` with `alreadyExists` if another feed is fetched from an address.
    public func subscribe(_ subscriptions: [FeedSubscription]) throws(ReplicaError) {
        try write { db in
            for subscription in subscriptions { try Self.subscribe(subscription, db) }
        }
    }

    private static func subscribe(_ subscription: FeedSubscription, _ db: Database) throws {
        let publication = try LibraryRows.publication(subscription.publication, db)
        let feed = try LibraryRows.feed(subscription.feed, of: publication, db)
        if let other = try DirectFeedRows.other(than: feed, at: subscription.fetch.url, db) {
            throw ReplicaError(
                .alreadyExists, "the feed '\(other)' is already read from \(subscription.fetch.url)",
                remedy: "change that one, or take it out first")
        }
        try DirectFeedRows.put(subscription, feed: feed, publication: publication, db)
        try LibraryRows.name(
            Feed(
                id: subscription.feed, publication: subscription.publication, title: subscription.title,
                url: subscription.fetch.url), row: feed, of: publication, db)
    }

    /// Takes a feed out. Its articles stay until ``retain(since:)`` takes them, and count as fallen out at the last
    /// instant at which the replica knows to have looked at any feed or server.
    ///
    /// - Returns: `false` if there was none.
    public func unsubscribe(_ feed: EntityName) throws(ReplicaError) -> Bool {
        try write { db in
            guard let row = try DirectFeedRows.row(of: feed, db) else { return false }
            try db.execute(
                sql: """
                    UPDATE direct_entry SET fallen_out = (
                        SELECT coalesce(max(at), 0)
                        FROM (SELECT checked AS at FROM direct_feed UNION ALL SELECT last_sync FROM replica)
                    )
                    WHERE feed = ? AND fallen_out IS NULL
                    """,
                arguments: [row])
            try db.execute(sql: "DELETE FROM direct_feed_tag WHERE feed = ?", arguments: [row])
            try db.execute(sql: "DELETE FROM direct_feed WHERE feed = ?", arguments: [row])
            return true
        }
    }

    /// Keeps what came of fetching feeds, in order, in one transaction.
    ///
    /// Of a reading: new articles are added, what the feed says otherwise than the last time becomes a new revision with
    /// the reader's state kept, and what is no longer in a complete reading is marked as fallen out. What a server's
    /// history withdrew stays withdrawn. Of a feed that was taken out meanwhile nothing is kept, and an address that
    /// another feed has is not taken over.
    ///
    /// It is durable when this returns if there is a reading in it: a feed may have dropped an article by the time it is
    /// asked again. Records alone are durable with the next transaction that is, or when the file is closed.
    ///
    /// - Throws: ``ReplicaError`` with `invalidValue` if an article says that it is of another publication.
    /// - Complexity: O(n) in the articles of the readings and those that their feeds had before.
    public func keep(_ news: [FeedNews], at now: WallTime) throws(ReplicaError) -> CatalogSummary {
        func keepAll(_ db: Database) throws -> CatalogSummary {
            var summary = CatalogSummary()
            for news in news { summary = summary + (try Self.keep(news, at: now, db)) }
            return summary
        }
        return try news.contains(where: \.isReading) ? write(keepAll) : writeRepeatable(keepAll)
    }

    private static func keep(_ news: FeedNews, at now: WallTime, _ db: Database) throws -> CatalogSummary {
        switch news {
        case .reading(let reading, let fetch): return try apply(reading, fetch: fetch, at: now, db)
        case .record(let fetch, let feed):
            if let row = try DirectFeedRows.row(of: feed, db) { try DirectFeedRows.set(fetch, of: row, db) }
            return CatalogSummary()
        }
    }

    private static func apply(
        _ reading: FeedReading, fetch: FetchRecord, at now: WallTime, _ db: Database
    ) throws -> CatalogSummary {
        guard let row = try DirectFeedRows.row(of: reading.feed.id, db) else { return CatalogSummary() }
        guard reading.articles.allSatisfy({ $0.article.publication == reading.publication.id }) else {
            throw ReplicaError(.invalidValue, "a reading of '\(reading.feed.id)' mixes publications")
        }
        let publication = try LibraryRows.publication(reading.publication.id, db)
        try DirectFeedRows.set(fetch, of: row, db)
        try LibraryRows.complete(reading.publication, row: publication, db)
        try LibraryRows.name(reading.feed, row: row, of: publication, db)
        try db.run(
            sql: """
                UPDATE direct_feed SET publication = ?, title = coalesce(nullif(?, ''), title),
                    site_url = coalesce(?, site_url)
                WHERE feed = ?
                """,
            arguments: [publication, reading.feed.title, reading.publication.siteURL, row])
        var transaction = try FeedTransaction(db, feed: row, publication: publication, reading, at: now)
        for article in reading.articles { try transaction.take(article) }
        if reading.isComplete { try transaction.dropRest() }
        try transaction.finish()
        return transaction.summary
    }
}

extension Replica: FeedStore {}
