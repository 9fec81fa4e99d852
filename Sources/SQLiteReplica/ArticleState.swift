import GRDB
import SQLiteChanges
import SyncCore

/// The columns and tables that repeat what the registers of articles show, so that lists need not fold.
enum ArticleState {
    // What a mark of this device was made on is the newest revision here; of one from elsewhere only the dates tell, see
    // ``SummaryRows/readRevision``. What is known stays.
    private static let read = """
        UPDATE article SET is_read = 1, read_at = ?1, read_by = ?2,
            read_revision = CASE WHEN ?3 THEN revision ELSE read_revision END
        WHERE row = ?4
        """
    private static let unread = """
        UPDATE article SET is_read = 0, read_at = NULL, read_by = NULL, read_revision = NULL WHERE row = ?
        """

    /// Writes what a register shows. Registers of other entities are folded when they are read.
    static func write(_ key: RegisterKey, _ outcome: Outcome?, _ counts: inout ListCounts, _ db: Database) throws {
        guard case .article(let article) = key.entity else { return }
        let id = article.digest.bytes
        let stamp = outcome?.winner.change.stamp.milliseconds
        switch (key.field, outcome?.value ?? key.field.initialValue) {
        case (.read, .read(let isRead, let origin)):
            guard let row = try counts.turn(id, isRead: isRead && stamp != nil, db) else { return }
            guard isRead, let stamp else {
                try db.run(unread) { $0.integer(row) }
                return
            }
            try db.run(read) { binder in
                binder.integer(stamp)
                binder.integer(Int64(origin.rawValue))
                binder.integer(outcome?.isMadeHereAndPending == true ? 1 : 0)
                binder.integer(row)
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
    static func writeAll(of article: ArticleID, _ counts: inout ListCounts, _ db: Database) throws {
        for key in try ChangeRows.keys(of: .article(article), db) {
            try write(key, ChangeRows.live(key, db).outcome, &counts, db)
        }
    }

    /// Forgets everything that is repeated; for writing all of it anew, and ``forgetRevisions(_:)`` then.
    static func clear(_ db: Database) throws {
        try db.run("UPDATE article SET is_read = 0, read_at = NULL, read_by = NULL WHERE is_read <> 0")
        try ListCounts.clearRead(db)
        try db.run("UPDATE article SET is_saved = 0, saved_at = NULL WHERE is_saved <> 0")
        try db.run("UPDATE article SET progress = 0 WHERE progress <> 0")
        try db.run("DELETE FROM article_tag")
        try db.run("DELETE FROM article_note")
    }

    /// Forgets which revisions of unread articles were read, once all is written anew.
    static func forgetRevisions(_ db: Database) throws {
        try db.run("UPDATE article SET read_revision = NULL WHERE is_read = 0 AND read_revision IS NOT NULL")
    }
}

extension Outcome {
    /// Whether the value shown is one that this replica said, and that no remote has acknowledged.
    fileprivate var isMadeHereAndPending: Bool {
        if case .pending = winner.position { true } else { false }
    }
}
