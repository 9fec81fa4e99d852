import GRDB
import SQLiteChanges
public import SyncCore

// How old articles may get here, whoever brought them. Beside it, ``Replica/retention`` says how long those stay that fell
// out of the replica's own feeds.
extension Replica {
    /// An article that has come of age.
    public struct AgedArticle: Sendable, Hashable {
        /// Its number in the replica.
        var row: Int64
        /// Its identity.
        public var id: ArticleID
        /// What it is called.
        public var title: String
        /// When it was published.
        public var listed: WallTime
        /// Whether it was read.
        public var isRead: Bool
    }

    /// How old an article may get, in milliseconds, counted from its day; `nil`: as old as it likes, which holds unless
    /// something else was set.
    public var maximumAge: Int64? {
        get throws(ReplicaError) {
            try setting(RememberedChoice.maximumAge.rawValue).flatMap { Int64($0) }.flatMap { $0 > 0 ? $0 : nil }
        }
    }

    /// Sets ``maximumAge``.
    ///
    /// - Throws: ``ReplicaError`` with `invalidValue` if it is not positive.
    public func setMaximumAge(_ milliseconds: Int64?) throws(ReplicaError) {
        guard (milliseconds ?? 1) > 0 else {
            throw ReplicaError(.invalidValue, "articles cannot be kept for less than a millisecond")
        }
        try setSetting(RememberedChoice.maximumAge.rawValue, to: milliseconds.map { String($0) })
    }

    /// The articles from before `instant`, oldest first, read or not, that the reader neither saved nor tagged nor wrote a
    /// note on, about which no conflict waits, that no feed of the replica's own has at present, and whose day is known.
    ///
    /// - Parameter after: where the piece before ended.
    /// - Complexity: O(n) in the articles from before `instant`.
    public func articles(
        before instant: WallTime, after: AgedArticle? = nil, limit: Int
    ) throws(ReplicaError) -> [AgedArticle] {
        try read { db in
            let disputed = try Self.disputedArticles(db)
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT row, id, headline, listed, is_read, \(SummaryRows.opening) FROM article
                    WHERE removed = 0 AND is_promotion = 0 AND listed < :instant AND listed <> 0
                    AND (listed, row) > (:listed, :row) AND \(Self.isDroppable)
                    AND NOT EXISTS (SELECT 1 FROM direct_entry WHERE article = article.row AND fallen_out IS NULL)
                    ORDER BY listed, row LIMIT :limit
                    """,
                arguments: [
                    "instant": instant.milliseconds, "listed": after?.listed.milliseconds ?? Int64.min,
                    "row": after?.row ?? Int64.min, "limit": max(1, limit) + disputed.count,
                ]
            ).compactMap { row in
                guard let digest = row.digest(at: 1), !disputed.contains(.article(ArticleID(digest: digest))) else {
                    return nil
                }
                return AgedArticle(
                    row: row[0], id: ArticleID(digest: digest), title: Article.title(headline: row[2], opening: row[5]),
                    listed: WallTime(milliseconds: row[3]), isRead: row[4])
            }
        }
    }

    /// Drops the texts of articles, at all revisions, and takes them out of lists and searches. What the reader did with
    /// them stays, and so does the change log: an article that comes again is known as read.
    ///
    /// - Parameter articles: a piece of ``articles(before:after:limit:)``; those that are no longer droppable stay.
    /// - Returns: how many were dropped.
    public func drop(_ articles: [AgedArticle]) throws(ReplicaError) -> Int {
        try writeRepeatable { db in
            let fullText = try FullTextIndex(db)
            var counts = ListCounts()
            var count = 0
            for article in articles {
                let isDroppable = try db.firstRow(
                    "SELECT removed = 0 AND \(Self.isDroppable) FROM article WHERE row = ?",
                    { $0.integer(article.row) }, { $0.integer(0) != 0 })
                guard isDroppable == true else { continue }
                try Self.drop(article.row, fullText, &counts, db)
                count += 1
            }
            try counts.save(db)
            return count
        }
    }

    /// Drops an article's texts and takes it out of lists, searches and the feeds that the replica reads itself.
    static func drop(_ article: Int64, _ fullText: FullTextIndex, _ counts: inout ListCounts, _ db: Database) throws {
        try counts.leave(article, db)
        try fullText.remove(article)
        try ArticleRows.remove(article, at: -1, db)
        try FeedMembership.removeAllOfReadings(article, db)
    }

    /// The condition that the reader keeps nothing with an article that is worth keeping it for.
    static let isDroppable = """
        article.is_saved = 0
        AND NOT EXISTS (SELECT 1 FROM article_tag WHERE article = article.id)
        AND NOT EXISTS (SELECT 1 FROM article_note WHERE article = article.id)
        """

    /// What conflicts wait about.
    static func disputedArticles(_ db: Database) throws -> Set<Entity> {
        Set(
            try Row.fetchAll(db, sql: "SELECT entity FROM conflict WHERE state = 0 ORDER BY row").compactMap {
                EntityColumn.decode($0.bytes(at: 0))
            })
    }
}
