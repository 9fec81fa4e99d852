import GRDB
import SQLiteChanges

/// The rows of the table `article_feed`. A server's history and the replica's own feeds both write them, and neither
/// takes away what the other says: a row that has a `direct_entry` stays.
enum FeedMembership {
    /// Puts an article into a feed, if it is not there.
    static func add(_ article: Int64, to feed: Int64, listed: Int64, _ db: Database) throws {
        try db.run("INSERT OR IGNORE INTO article_feed (feed, listed, article) VALUES (?, ?, ?)") { binder in
            binder.integer(feed)
            binder.integer(listed)
            binder.integer(article)
        }
    }

    /// Takes an article out of all feeds that no reading of this replica put it into.
    static func removeAllOfServer(_ article: Int64, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                DELETE FROM article_feed WHERE article = ?
                AND NOT EXISTS (
                    SELECT 1 FROM direct_entry
                    WHERE direct_entry.feed = article_feed.feed AND direct_entry.article = article_feed.article)
                """
        ).execute(arguments: [article])
    }

    /// Takes an article out of all feeds that readings of this replica put it into.
    static func removeAllOfReadings(_ article: Int64, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                DELETE FROM article_feed WHERE article = ?1
                AND feed IN (SELECT feed FROM direct_entry WHERE article = ?1)
                """
        ).execute(arguments: [article])
        try db.cachedStatement(sql: "DELETE FROM direct_entry WHERE article = ?").execute(arguments: [article])
    }

    /// Moves an article within the lists of its feeds.
    static func move(_ article: Int64, from: Int64, to: Int64, _ db: Database) throws {
        guard from != to else { return }
        try db.cachedStatement(
            sql: "UPDATE article_feed SET listed = ? WHERE article = ?"
        ).execute(arguments: [to, article])
    }
}
