import GRDB
import SQLiteChanges
public import SyncCore

extension Replica {
    /// How long an article that fell out of all direct feeds is kept unless ``setRetention(_:)`` says otherwise, in
    /// milliseconds: 365 days.
    public static let defaultRetention: Int64 = 365 * 24 * 3_600_000

    private static let forever = "forever"

    /// How long an article that fell out of all direct feeds is kept, in milliseconds, 0 and up; `nil`: for ever.
    public var retention: Int64? {
        get throws(ReplicaError) {
            guard let text = try setting(RememberedChoice.retention.rawValue) else { return Self.defaultRetention }
            if text == Self.forever { return nil }
            guard let milliseconds = Int64(text), milliseconds >= 0 else {
                throw ReplicaError(
                    .invalidValue, "the retention '\(text)' is no time", remedy: "set it again")
            }
            return milliseconds
        }
    }

    /// Sets ``retention``.
    ///
    /// - Parameter milliseconds: 0 and up; `nil`: for ever.
    /// - Throws: ``ReplicaError`` with `invalidValue` if it is negative.
    public func setRetention(_ milliseconds: Int64?) throws(ReplicaError) {
        guard (milliseconds ?? 0) >= 0 else {
            throw ReplicaError(.invalidValue, "articles cannot be kept for less than no time")
        }
        try setSetting(RememberedChoice.retention.rawValue, to: milliseconds.map { String($0) } ?? Self.forever)
    }

    /// Drops the texts of articles that fell out of all direct feeds before `instant`, read or not, and that the
    /// reader neither saved nor tagged nor wrote a note on, and about which no conflict waits. An article that a
    /// server's history or a server's feed holds stays. What the reader did stays always, and is shown again if the
    /// article comes back.
    ///
    /// - Returns: how many were dropped.
    /// - Complexity: O(n) in the articles that fell out before `instant` and were not dropped.
    public func retain(since instant: WallTime) throws(ReplicaError) -> Int {
        try write { db in
            let fullText = try FullTextIndex(db)
            let disputed = try Self.disputedArticles(db)
            var counts = ListCounts()
            var dropped = 0
            for row in try Self.expired(instant, db) {
                guard let digest = row.digest(at: 1), !disputed.contains(.article(ArticleID(digest: digest))) else {
                    continue
                }
                try Self.drop(row[0], fullText, &counts, db)
                dropped += 1
            }
            try counts.save(db)
            return dropped
        }
    }

    private static func expired(_ instant: WallTime, _ db: Database) throws -> [Row] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT article.row, article.id FROM article
                WHERE article.row IN (SELECT article FROM direct_entry WHERE fallen_out < :instant)
                AND article.removed = 0 AND article.entry < 0 AND \(isDroppable)
                AND NOT EXISTS (
                    SELECT 1 FROM direct_entry
                    WHERE article = article.row AND (fallen_out IS NULL OR fallen_out >= :instant))
                AND NOT EXISTS (
                    SELECT 1 FROM feed JOIN article_feed ON article_feed.feed = feed.row
                    WHERE feed.listed = 1 AND article_feed.listed = article.listed
                    AND article_feed.article = article.row
                    AND NOT EXISTS (
                        SELECT 1 FROM direct_entry WHERE direct_entry.feed = feed.row
                        AND direct_entry.article = article.row))
                ORDER BY article.row
                """,
            arguments: ["instant": instant.milliseconds])
    }
}
