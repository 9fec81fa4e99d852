import GRDB
import SQLiteChanges
public import SyncCore

/// Names an article within one replica's file, in eight bytes: a list of all of them is small enough to be held.
public struct ArticleHandle: Sendable, Hashable {
    let row: Int64
}

/// An article as a list shows it that a person reads in.
public struct ListedArticle: Sendable, Hashable {
    /// What a list says of it.
    public var summary: ArticleSummary
    /// The length of its text in Unicode scalars; 0 if it has none.
    public var characters: Int
}

/// What there is to read, with counts. Withdrawn articles and promotions are left out.
public struct ReadingSources: Sendable, Hashable {
    /// A section, tag or folder.
    public struct Named: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Articles held.
        public var articles: Int
        /// Unread ones among them.
        public var unread: Int
    }

    /// Articles held.
    public var articles = 0
    /// Unread ones.
    public var unread = 0
    /// Saved ones.
    public var saved = 0
    /// Those that were corrected after the reader had read them.
    public var corrected = 0
    /// Changes that have not reached the server; 0 where there is none.
    public var pending = 0
    /// All feeds, as ``Replica/feeds()`` has them.
    public var feeds: [FeedOverview] = []
    /// By name.
    public var sections: [Named] = []
    /// The reader's folders of own feeds, by name.
    public var folders: [Named] = []
    /// The reader's tags, by name.
    public var tags: [Named] = []

    /// Nothing.
    public init() {}
}

extension Replica {
    /// The articles that a filter lets through, newest first, by name only.
    ///
    /// - Complexity: O(n) in those articles, in an index alone where the filter is one of those that lists are kept for;
    ///   100,000 take some 20 ms.
    public func handles(_ filter: ArticleFilter, limit: Int = .max) throws(ReplicaError) -> [ArticleHandle] {
        try read { db in
            let query = ArticleQuery(filter)
            let sql = query.sql("article.row", limit: max(0, min(limit, Int(Int32.max))))
            return try db.rows(sql, { query.bind(to: &$0) }, { ArticleHandle(row: $0.integer(0)) })
        }
    }

    /// What a list shows of some articles. One that is gone meanwhile is left out.
    public func listed(_ handles: [ArticleHandle]) throws(ReplicaError) -> [ArticleHandle: ListedArticle] {
        try read { db in
            var found: [ArticleHandle: ListedArticle] = [:]
            for handle in handles {
                found[handle] = try db.firstRow(
                    """
                    SELECT \(SummaryRows.columns), coalesce(length(text), 0)
                    FROM article LEFT JOIN article_body ON article_body.article = article.row WHERE article.row = ?
                    """,
                    { $0.integer(handle.row) },
                    {
                        ListedArticle(
                            summary: try SummaryRows.summary($0, db), characters: Int($0.integer(SummaryRows.count)))
                    })
            }
            return found
        }
    }

    /// The name of an article within this file; `nil` if it is not held.
    public func handle(of id: ArticleID) throws(ReplicaError) -> ArticleHandle? {
        try read { db in
            try db.firstRow(
                "SELECT row FROM article WHERE id = ?", { $0.digest(id.digest) },
                { ArticleHandle(row: $0.integer(0)) })
        }
    }

    /// The identities of those of some articles that are unread: for a mark of many at once.
    public func unreadIDs(among handles: [ArticleHandle]) throws(ReplicaError) -> [ArticleID] {
        try read { db in
            var ids: [ArticleID] = []
            for handle in handles {
                let digest = try db.firstRow(
                    "SELECT id FROM article WHERE row = ? AND is_read = 0 AND removed = 0",
                    { $0.integer(handle.row) }, { $0.digest(0) })
                if let digest = digest ?? nil { ids.append(ArticleID(digest: digest)) }
            }
            return ids
        }
    }

    /// The first unread one of some articles.
    public func firstUnread(among handles: [ArticleHandle]) throws(ReplicaError) -> ArticleHandle? {
        try read { db in
            for handle in handles {
                let isUnread = try db.firstRow(
                    "SELECT 1 FROM article WHERE row = ? AND is_read = 0 AND removed = 0",
                    { $0.integer(handle.row) }, { _ in true })
                if isUnread == true { return handle }
            }
            return nil
        }
    }

    /// What there is to read.
    ///
    /// - Complexity: O(n) in the saved and tagged articles, those of folders and those corrected since they were read.
    public func sources() throws(ReplicaError) -> ReadingSources {
        let feeds = try feeds()
        return try read { db in
            var sources = ReadingSources()
            sources.feeds = feeds
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT coalesce(held, 0), coalesce(unread, 0),
                        (SELECT count(*) FROM article WHERE removed = 0 AND is_promotion = 0 AND is_saved = 1),
                        (SELECT count(*) FROM article WHERE removed = 0 AND is_promotion = 0
                            AND row IN (\(SummaryRows.rowsCorrectedSinceRead)))
                    FROM replica LEFT JOIN feed_count ON feed = \(ListCounts.all) WHERE only = 1
                    """)
            if let row {
                (sources.articles, sources.unread, sources.saved, sources.corrected) = (row[0], row[1], row[2], row[3])
            }
            sources.sections = try Self.named(
                "SELECT section, held, unread FROM section_count WHERE held > 0 ORDER BY section", db)
            sources.tags = try Self.named(
                """
                SELECT tag, count(*), sum(is_read = 0) FROM article_tag JOIN article ON article.id = article_tag.article
                WHERE removed = 0 AND is_promotion = 0 GROUP BY tag ORDER BY tag
                """, db)
            sources.folders = try Self.named(
                """
                SELECT tag, count(*), sum(is_read = 0) FROM (
                    SELECT DISTINCT tag, article FROM direct_feed_tag
                    JOIN direct_entry ON direct_entry.feed = direct_feed_tag.feed
                ) AS entry JOIN article ON article.row = entry.article
                WHERE removed = 0 AND is_promotion = 0 GROUP BY tag ORDER BY tag
                """, db)
            sources.pending =
                try Int.fetchOne(
                    db,
                    sql: """
                        SELECT count(*) FROM change
                        WHERE state = 0 AND (SELECT remote FROM replica WHERE only = 1) IS NOT NULL
                        """) ?? 0
            return sources
        }
    }

    private static func named(_ sql: String, _ db: Database) throws -> [ReadingSources.Named] {
        try Row.fetchAll(db, sql: sql).map {
            ReadingSources.Named(name: $0[0], articles: $0[1], unread: $0[2])
        }
    }

    /// A number that changes when another connection changed the file, in this process or in another one (SQLite's
    /// `PRAGMA data_version`). What this one changes does not count.
    public func dataVersion() throws(ReplicaError) -> Int {
        do {
            return try queue.inDatabase { db in try Int.fetchOne(db, sql: "PRAGMA data_version") ?? 0 }
        } catch { throw ReplicaError(error, at: path) }
    }
}
