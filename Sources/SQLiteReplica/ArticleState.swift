import GRDB
import SQLiteChanges
import SyncCore

/// The columns and tables that repeat what the registers of articles show, so that lists need not fold.
enum ArticleState {
    private static let read = """
        UPDATE article SET is_read = 1, read_at = ?1, read_by = ?2, read_revision = \(revision(readAt: "?1")) WHERE id = ?3
        """
    private static let unread = """
        UPDATE article SET is_read = 0, read_at = NULL, read_by = NULL, read_revision = NULL WHERE id = ?
        """

    /// The revision that stood there at an instant: the newest, or if that came later the newest one before. What is
    /// known already stays; `NULL` if nothing tells.
    static func revision(readAt instant: String) -> String {
        """
        CASE WHEN max(coalesce(updated, 0), coalesce(corrected_at, 0)) <= \(instant) THEN revision
        ELSE coalesce(read_revision, (
            SELECT max(older.revision) FROM article_revision AS older
            WHERE older.article = article.row AND coalesce(older.updated, 0) <= \(instant))) END
        """
    }

    /// Writes what a register shows. Registers of other entities are folded when they are read.
    static func write(_ key: RegisterKey, _ outcome: Outcome?, _ db: Database) throws {
        guard case .article(let article) = key.entity else { return }
        let id = article.digest.bytes
        let stamp = outcome?.winner.change.stamp.milliseconds
        switch (key.field, outcome?.value ?? key.field.initialValue) {
        case (.read, .read(let isRead, let origin)):
            guard isRead, let stamp else {
                try db.run(unread) { $0.blob(id) }
                return
            }
            try db.run(read) { binder in
                binder.integer(stamp)
                binder.integer(Int64(origin.rawValue))
                binder.blob(id)
            }
        case (.saved, .flag(let isSaved)):
            try db.run("UPDATE article SET is_saved = ?, saved_at = ? WHERE id = ?") { binder in
                binder.integer(isSaved ? 1 : 0)
                binder.integer(isSaved ? stamp : nil)
                binder.blob(id)
            }
        case (.progress, .progress(let points)):
            try db.run("UPDATE article SET progress = ? WHERE id = ?") { binder in
                binder.integer(Int64(points))
                binder.blob(id)
            }
        case (.tag(let tag), .flag(let isSet)):
            let sql =
                isSet
                ? "INSERT OR IGNORE INTO article_tag (article, tag) VALUES (?, ?)"
                : "DELETE FROM article_tag WHERE article = ? AND tag = ?"
            try db.run(sql) { binder in
                binder.blob(id)
                binder.text(tag.text)
            }
        case (.note, .note(let text, _)):
            if text.isEmpty {
                try db.run("DELETE FROM article_note WHERE article = ?") { $0.blob(id) }
            } else {
                try db.run("INSERT OR REPLACE INTO article_note (article, text) VALUES (?, ?)") { binder in
                    binder.blob(id)
                    binder.text(text)
                }
            }
        default: return
        }
    }

    /// Writes what all registers of an article show: what the reader said of it before it came.
    static func writeAll(of article: ArticleID, _ db: Database) throws {
        for key in try ChangeRows.keys(of: .article(article), db) {
            try write(key, ChangeRows.live(key, db).outcome, db)
        }
    }

    /// Forgets everything that is repeated; for writing all of it anew.
    static func clear(_ db: Database) throws {
        try db.run("UPDATE article SET is_read = 0, read_at = NULL, read_by = NULL WHERE is_read <> 0")
        try db.run("UPDATE article SET is_saved = 0, saved_at = NULL WHERE is_saved <> 0")
        try db.run("UPDATE article SET progress = 0 WHERE progress <> 0")
        try db.run("DELETE FROM article_tag")
        try db.run("DELETE FROM article_note")
    }
}
