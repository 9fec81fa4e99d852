import GRDB
import SQLiteChanges
import SyncCore

/// The rows of the table `absent_body`: articles whose texts were dropped, though the publisher has them.
///
/// The full-text index goes on to hold what it held of them, so that they are found by their words. It could be taken out
/// of the index only with the text: an article that changes while its text is absent gets a new key there, and what the
/// index has under the old one finds nothing any more.
struct AbsentBodies {
    private let db: Database
    /// Whether there are any: most replicas keep all texts.
    private let hasAny: Bool

    /// Begins, within one transaction.
    init(_ db: Database) throws {
        self.db = db
        hasAny = try db.firstRow("SELECT EXISTS (SELECT 1 FROM absent_body)") { $0.integer(0) != 0 } ?? false
    }

    /// Whether an article's text is absent.
    func holds(_ row: Int64) throws -> Bool {
        guard hasAny else { return false }
        return try db.firstRow(
            "SELECT EXISTS (SELECT 1 FROM absent_body WHERE article = ?)", { $0.integer(row) }, { $0.integer(0) != 0 })
            ?? false
    }

    /// Forgets an article: it has a text again, or is to have none.
    static func forget(_ row: Int64, _ db: Database) throws {
        try db.run("DELETE FROM absent_body WHERE article = ?") { $0.integer(row) }
    }

    /// Drops an article's text, and those of its older revisions but for the one that the reader read: what changed since
    /// is told by it.
    static func drop(_ row: Int64, _ db: Database) throws {
        try db.run("UPDATE article_body SET html = '', text = '' WHERE article = ?") { $0.integer(row) }
        try db.run(
            """
            DELETE FROM article_revision WHERE article = ?1
            AND revision IS NOT (SELECT read_revision FROM article WHERE row = ?1 AND is_read = 1)
            """
        ) { $0.integer(row) }
        try db.run("INSERT OR IGNORE INTO absent_body (article) VALUES (?)") { $0.integer(row) }
    }

    /// Puts an article's text back, which is the one that the index has.
    static func restore(_ row: Int64, from article: Article, _ db: Database) throws {
        try db.run("UPDATE article_body SET html = ?, text = ? WHERE article = ?") { binder in
            binder.text(article.bodyHTML)
            binder.text(article.bodyText)
            binder.integer(row)
        }
        try db.run("UPDATE article SET pictures_of = 0 WHERE row = ?") { $0.integer(row) }
        try forget(row, db)
    }
}
