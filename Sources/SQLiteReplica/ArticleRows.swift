import GRDB
import SQLiteChanges
import SyncCore

/// The rows of the tables `article`, `article_body` and `article_revision`.
enum ArticleRows {
    /// An article's place in lists, in milliseconds since 1970.
    static func listed(_ article: Article) -> Int64 {
        (article.published ?? article.updated)?.milliseconds ?? 0
    }

    private static let assigned = """
        publication, number, guid, url, url_key, kicker, headline, standfirst, byline, section, published, updated,
        listed, access, language, revision, content_hash, details, entry, removed_entry, removed
        """

    private static func values(
        _ article: Article, publication: Int64, at index: Int64, removedEntry: Int64, isRemoved: Bool
    ) -> [(any DatabaseValueConvertible)?] {
        [
            publication, Int64(bitPattern: article.number), article.guid, article.url,
            article.url.map { URLKey.key(of: $0) }, article.kicker, article.headline, article.standfirst,
            article.byline, article.section, article.published?.milliseconds, article.updated?.milliseconds,
            listed(article), article.access.column, article.language, article.revision,
            article.contentHash.bytes.databaseBlob, ArticleDetails.text(of: article), index, removedEntry,
            isRemoved ? 1 : 0,
        ]
    }

    /// Writes an article that is new.
    ///
    /// - Returns: its row.
    static func insert(
        _ article: Article, publication: Int64, at index: Int64, removedEntry: Int64, isRemoved: Bool,
        _ db: Database
    ) throws -> Int64 {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO article (id, feeds_entry, \(assigned))
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        let values = values(
            article, publication: publication, at: index, removedEntry: removedEntry, isRemoved: isRemoved)
        statement.setUncheckedArguments(
            StatementArguments([article.id.digest.bytes.databaseBlob, index] + values))
        try statement.execute()
        let row = db.lastInsertedRowID
        try setBody(of: row, to: isRemoved ? nil : article, db)
        return row
    }

    /// Writes what the publisher now says of an article.
    static func update(
        _ held: CatalogTransaction.Held, with article: Article, publication: Int64, at index: Int64,
        _ db: Database
    ) throws {
        let values = values(
            article, publication: publication, at: max(index, held.entry), removedEntry: held.removedEntry,
            isRemoved: false)
        let statement = try db.cachedStatement(
            sql: """
                UPDATE article SET (\(assigned)) =
                    (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                WHERE row = ?
                """)
        try statement.execute(arguments: StatementArguments(values + [held.row]))
        try setBody(of: held.row, to: article, db)
        try db.execute(
            sql: "DELETE FROM article_revision WHERE article = ? AND revision = ?",
            arguments: [held.row, article.revision])
    }

    private static func setBody(of row: Int64, to article: Article?, _ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO article_body (article, html, text) VALUES (?, ?, ?)"
        )
        .execute(arguments: [row, article?.bodyHTML ?? "", article?.bodyText ?? ""])
    }

    /// Puts the newest revision among the older ones.
    static func keepRevision(_ held: CatalogTransaction.Held, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO article_revision (article, revision, updated, headline, standfirst, html, text)
                SELECT article.row, revision, updated, headline, standfirst, html, text
                FROM article JOIN article_body ON article_body.article = article.row WHERE article.row = ?
                """,
            arguments: [held.row])
    }

    /// Adds a revision that came after a newer one.
    static func addRevision(_ article: Article, to row: Int64, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO article_revision (article, revision, updated, headline, standfirst, html, text)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                row, article.revision, article.updated?.milliseconds, article.headline, article.standfirst,
                article.bodyHTML, article.bodyText,
            ])
    }

    /// Takes an article's text away, at all revisions. The row stays, for the reader's state.
    static func remove(_ row: Int64, at index: Int64, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE article SET removed = 1, removed_entry = ? WHERE row = ?", arguments: [index, row])
        try setBody(of: row, to: nil, db)
        try db.execute(sql: "DELETE FROM article_revision WHERE article = ?", arguments: [row])
    }
}

extension ArticleAccess {
    /// The number in the column `access`.
    var column: Int {
        switch self {
        case .free: 0
        case .metered: 1
        case .subscriber: 2
        }
    }

    /// What the column's number means.
    init(column: Int) {
        self = Self.allCases.first { $0.column == column } ?? .free
    }
}
