import GRDB
import SQLiteChanges
public import SyncCore

extension SQLiteServerStore {
    /// Takes articles back: whoever holds them is told, and no longer lists them. What readers did with them stays. An
    /// article that its feeds go on to list as it was stays withdrawn; a correction brings it back.
    ///
    /// The lines that held its text stay in the publication's history, which is never changed.
    ///
    /// - Returns: how many were not withdrawn before.
    /// - Throws: ``ServerError``: `notFound` if there is no such article; then none is withdrawn.
    public func withdraw(_ articles: [ArticleID], at now: WallTime) throws(ServerError) -> Int {
        try access("withdraw the articles") {
            try writingHere { db in
                try Withdrawal.all(of: articles, in: db, at: now).count(where: \.isNew)
            }
        }
    }

    /// Takes back the articles that a person names; see ``withdraw(_:at:)``.
    ///
    /// - Parameter names: for each its id (32 hex digits), the address of its page, or its guid.
    /// - Returns: what became of each article, in the order of the names; of one that is named twice, once.
    /// - Throws: ``ServerError``: `notFound` if a name is no article's, `invalid` if it is that of several; then none is
    ///   withdrawn.
    /// - Complexity: O(1) a name; a guid that by itself names no article, as `17` does not, is looked for in all lines
    ///   of all histories.
    public func withdraw(named names: [String], at now: WallTime) throws(ServerError) -> [Withdrawal] {
        try access("withdraw the articles") {
            try writingHere { db in
                let search = ArticleSearch(db: db)
                return try Withdrawal.all(of: try names.map { try search.article(named: $0) }, in: db, at: now)
            }
        }
    }
}

/// What became of an article that was to be withdrawn.
public struct Withdrawal: Sendable, Hashable {
    /// The article.
    public var article: ArticleID
    /// Its publication.
    public var publication: EntityName
    /// Its number in the publication.
    public var number: UInt64
    /// What its newest revision is called.
    public var headline: String
    /// When it was withdrawn.
    public var withdrawn: WallTime
    /// Whether it was not withdrawn before.
    public var isNew: Bool

    /// Withdraws articles, each once.
    static func all(of articles: [ArticleID], in db: Database, at now: WallTime) throws -> [Withdrawal] {
        var done: Set<ArticleID> = []
        return try articles.filter { done.insert($0).inserted }.map { try Withdrawal(of: $0, in: db, at: now) }
    }

    private init(of article: ArticleID, in db: Database, at now: WallTime) throws {
        let row = try Row.fetchOne(
            once: db,
            sql: """
                SELECT publication.number, publication.id, article.number, article.revision, article.withdrawn
                FROM article JOIN publication ON publication.number = article.publication WHERE article.id = ?
                """,
            arguments: [article.digest.bytes.databaseBlob])
        guard let row, let publication = EntityName(row[1] as String) else {
            throw ServerError(.notFound, "there is no article \(article)")
        }
        (self.article, self.publication, number) = (article, publication, row.unsigned(at: 2))
        var history = try CatalogHistory(db: db, publication: row[0], id: publication)
        headline = try history.article(number, revision: row[3])?.headline ?? ""
        let before: Int64? = row[4]
        withdrawn = before.map { WallTime(milliseconds: $0) } ?? now
        isNew = before == nil
        guard isNew else { return }
        try history.withdraw(number, now)
        try history.finish()
    }
}
