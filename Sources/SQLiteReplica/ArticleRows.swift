import GRDB
import SQLiteChanges
import SyncCore

/// The rows of the tables `article`, `article_body` and `article_revision`.
enum ArticleRows {
    /// An article's place in lists, in milliseconds since 1970.
    ///
    /// - Parameter undated: the place of one whose publisher names no day.
    static func listed(_ article: Article, undated: Int64) -> Int64 {
        (article.published ?? article.updated)?.milliseconds ?? undated
    }

    private static let assigned = """
        publication, number, guid, url, url_key, kicker, headline, standfirst, byline, section, published, updated,
        listed, access, language, revision, content_hash, details, entry, removed_entry, removed,
        is_promotion, own_revisions, is_day_precise
        """

    private static func bind(
        _ article: Article, _ place: Place, to binder: inout StatementBinder
    ) {
        binder.integer(place.publication)
        binder.integer(Int64(bitPattern: place.number))
        binder.text(article.guid)
        binder.text(article.url)
        binder.integer(article.url.map { URLKey.key(of: $0) })
        binder.text(article.kicker)
        binder.text(article.headline)
        binder.text(article.standfirst)
        binder.text(article.byline)
        binder.text(article.section)
        binder.integer(article.published?.milliseconds)
        binder.integer(article.updated?.milliseconds)
        binder.integer(listed(article, undated: place.undated))
        binder.integer(article.access.column)
        binder.text(article.language)
        binder.integer(Int64(place.revision))
        binder.blob(article.contentHash.bytes)
        binder.text(ArticleDetails.text(of: article))
        binder.integer(place.entry)
        binder.integer(place.removedEntry)
        binder.integer(place.removedEntry > place.entry ? 1 : 0)
        binder.integer(article.isPromotion ? 1 : 0)
        binder.integer(Int64(place.ownRevisions))
        binder.integer(article.isDayPrecise ? 1 : 0)
    }

    /// Where an article stands in its publication's history, and how its revisions are counted.
    struct Place {
        /// The publication's row.
        var publication: Int64
        /// Its number in the publication; 0: it has none.
        var number: UInt64
        /// 1 and up.
        var revision: Int
        /// How many of the revisions direct feeds counted beyond the newest of the history.
        var ownRevisions: Int
        /// The index of the entry that says what the article is.
        var entry: Int64
        /// The index of the entry that lists its feeds.
        var feedsEntry: Int64
        /// The index of the entry that takes it back; -1: none.
        var removedEntry: Int64
        /// Its place in lists if the publisher names no day, in milliseconds since 1970.
        var undated: Int64
    }

    /// Writes an article, unless it is held already.
    ///
    /// - Returns: its row; `nil` if it is held.
    static func insert(_ article: Article, _ place: Place, _ db: Database) throws -> Int64? {
        let key = try IndexKey.next(listed: listed(article, undated: place.undated), db)
        try db.run(
            """
            INSERT INTO article (\(assigned), id, feeds_entry, index_key)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO NOTHING
            """
        ) { binder in
            bind(article, place, to: &binder)
            binder.blob(article.id.digest.bytes)
            binder.integer(place.feedsEntry)
            binder.integer(key)
        }
        guard db.changesCount > 0 else { return nil }
        let row = db.lastInsertedRowID
        try setBody(of: row, to: place.removedEntry > place.entry ? nil : article, db)
        return row
    }

    /// Writes what the publisher now says of an article that is held.
    static func update(_ row: Int64, with article: Article, _ place: Place, _ db: Database) throws {
        try db.run(
            """
            UPDATE article SET (\(assigned)) =
                (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?), pictures_of = 0
            WHERE row = ?
            """
        ) { binder in
            bind(article, place, to: &binder)
            binder.integer(row)
        }
        try setBody(of: row, to: article, db)
        try AbsentBodies.forget(row, db)
        try db.run("DELETE FROM article_revision WHERE article = ? AND revision = ?") { binder in
            binder.integer(row)
            binder.integer(Int64(place.revision))
        }
    }

    /// Writes how an article's revisions are counted. Its text stays, so whoever read it goes on to have read the newest.
    static func setRevision(_ revision: Int, own: Int, of row: Int64, _ db: Database) throws {
        try db.run(
            """
            UPDATE article SET revision = ?1, own_revisions = ?2,
                read_revision = CASE WHEN read_revision = revision THEN ?1 ELSE read_revision END
            WHERE row = ?3
            """
        ) { binder in
            binder.integer(Int64(revision))
            binder.integer(Int64(own))
            binder.integer(row)
        }
    }

    private static func setBody(of row: Int64, to article: Article?, _ db: Database) throws {
        try db.run("INSERT OR REPLACE INTO article_body (article, html, text) VALUES (?, ?, ?)") { binder in
            binder.integer(row)
            binder.text(article?.bodyHTML ?? "")
            binder.text(article?.bodyText ?? "")
        }
    }

    /// Puts the newest revision among the older ones, if its text is held.
    static func keepRevision(of row: Int64, _ db: Database) throws {
        try db.run(
            """
            INSERT OR IGNORE INTO article_revision (article, revision, updated, headline, standfirst, html, text)
            SELECT article.row, revision, updated, headline, standfirst, html, text
            FROM article JOIN article_body ON article_body.article = article.row WHERE article.row = ?
            AND article.row NOT IN (SELECT article FROM absent_body)
            """
        ) { $0.integer(row) }
    }

    /// Adds a revision that came after a newer one.
    static func addRevision(_ article: Article, to row: Int64, _ db: Database) throws {
        try db.run(
            """
            INSERT OR IGNORE INTO article_revision (article, revision, updated, headline, standfirst, html, text)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """
        ) { binder in
            binder.integer(row)
            binder.integer(Int64(article.revision))
            binder.integer(article.updated?.milliseconds)
            binder.text(article.headline)
            binder.text(article.standfirst)
            binder.text(article.bodyHTML)
            binder.text(article.bodyText)
        }
    }

    /// Takes an article's text away, at all revisions. The row stays, for the reader's state.
    static func remove(_ row: Int64, at index: Int64, _ db: Database) throws {
        try db.run("UPDATE article SET removed = 1, removed_entry = ? WHERE row = ?") { binder in
            binder.integer(index)
            binder.integer(row)
        }
        try setBody(of: row, to: nil, db)
        try AbsentBodies.forget(row, db)
        try db.run("DELETE FROM article_revision WHERE article = ?") { $0.integer(row) }
    }
}

extension ArticleAccess {
    /// The number in the column `access`.
    var column: Int64 {
        switch self {
        case .free: 0
        case .metered: 1
        case .subscriber: 2
        }
    }

    /// What the column's number means.
    init(column: Int64) {
        self = Self.allCases.first { $0.column == column } ?? .free
    }
}
