import GRDB
import SQLiteChanges

/// The rows of the full-text index, within one transaction. It grows by ``Replica/indexPending(limit:)``; an article
/// that it holds already is kept in step here.
struct FullTextIndex {
    private let db: Database
    /// Article rows up to this one are in the index.
    private let indexed: Int64
    private let absent: AbsentBodies

    /// Begins.
    init(_ db: Database) throws {
        self.db = db
        indexed = try db.firstRow("SELECT indexed FROM replica WHERE only = 1") { $0.integer(0) } ?? 0
        absent = try AbsentBodies(db)
    }

    /// Takes an article out of the index, while its row still says what the index holds.
    func remove(_ row: Int64) throws {
        guard row <= indexed else { return }
        if try absent.holds(row) { return try giveNewKey(row) }
        try db.run(
            """
            INSERT INTO article_index (article_index, rowid, headline, standfirst, byline, body)
            SELECT 'delete', article, headline, standfirst, byline, body FROM article_text
            WHERE article = (SELECT index_key FROM article WHERE row = ?)
            """
        ) { $0.integer(row) }
    }

    /// Leaves what the index has to itself, see ``AbsentBodies``.
    private func giveNewKey(_ row: Int64) throws {
        let listed = try db.firstRow("SELECT listed FROM article WHERE row = ?", { $0.integer(row) }, { $0.integer(0) })
        let key = try IndexKey.next(listed: listed ?? 0, db)
        try db.run("UPDATE article SET index_key = ? WHERE row = ?") { binder in
            binder.integer(key)
            binder.integer(row)
        }
    }

    /// Puts an article that was taken out, or that had no text, into the index as its row now is.
    func add(_ row: Int64) throws {
        guard row <= indexed else { return }
        try db.run(
            """
            INSERT INTO article_index (rowid, headline, standfirst, byline, body)
            SELECT article, headline, standfirst, byline, body FROM article_text
            WHERE article = (SELECT index_key FROM article WHERE row = ?)
            """
        ) { $0.integer(row) }
    }
}
