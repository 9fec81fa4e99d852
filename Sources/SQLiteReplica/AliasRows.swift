import GRDB
import SQLiteChanges
import SyncCore

/// The rows of the table `article_alias` of one publication, and what finds an article of a server by its page.
struct AliasRows {
    private let db: Database
    /// The publication's row.
    let publication: Int64
    /// Whether articles of a server are held, which have no rows here.
    private let hasNumbered: Bool

    /// An article that an alias names.
    private struct Candidate: Hashable {
        var row: Int64
        var id: ArticleID
    }

    /// Begins with one publication.
    ///
    /// - Parameter expectsNumbered: whether articles of a server may come while this value is used.
    init(_ db: Database, publication: Int64, expectsNumbered: Bool = false) throws {
        self.db = db
        self.publication = publication
        if expectsNumbered {
            hasNumbered = true
            return
        }
        hasNumbered =
            try Bool.fetchOne(
                once: db, sql: "SELECT EXISTS (SELECT 1 FROM article WHERE publication = ? AND number > 0)",
                arguments: [publication]) ?? true
    }

    /// The row of the article that is held under another identity: the one that this identity was taken for before,
    /// else the one that is alone in having one of the aliases. If the aliases name different ones, it is none.
    ///
    /// - Parameter isFree: whether an article may be it.
    func article(named item: FeedArticle, isFree: (Int64, ArticleID) -> Bool) throws -> Int64? {
        let before = try candidates(alias: item.article.id.description)
        if before.count == 1, let before = before.first {
            return isFree(before.row, before.id) ? before.row : nil
        }
        var found: Set<Candidate> = []
        for alias in item.aliases {
            let named = try candidates(alias: alias).union(numbered(alias: alias))
            if named.count == 1 { found.formUnion(named) }
        }
        guard found.count == 1, let only = found.first, isFree(only.row, only.id) else { return nil }
        return only.row
    }

    /// The article of direct feeds alone that a server's article is, under the same rule.
    ///
    /// - Complexity: a look-up for each alias, unless one names something.
    func article(of served: Article) throws -> (row: Int64, id: ArticleID)? {
        let before = try candidates(alias: served.id.description)
        if before.count == 1, let before = before.first { return try ownAlone(before) }
        var found: Set<Candidate> = []
        for alias in Set([served.url, served.guid].compactMap { $0.flatMap { ArticleAlias.key(of: $0) } }) {
            let own = try candidates(alias: alias)
            guard !own.isEmpty else { continue }
            let named = try own.union(numbered(alias: alias))
            // One that has two owners names none; were it left aside, the other alias alone would decide.
            guard named.count == 1 else { return nil }
            found.formUnion(named)
        }
        guard found.count == 1, let only = found.first else { return nil }
        return try ownAlone(only)
    }

    private func ownAlone(_ candidate: Candidate) throws -> (row: Int64, id: ArticleID)? {
        let isOwn = try Bool.fetchOne(
            db.cachedStatement(
                sql: "SELECT entry < 0 AND number = 0 AND removed_entry < 0 FROM article WHERE row = ?"),
            arguments: [candidate.row])
        return isOwn == true ? (candidate.row, candidate.id) : nil
    }

    private func candidates(alias: String) throws -> Set<Candidate> {
        var found: Set<Candidate> = []
        try db.eachRow(
            """
            SELECT article.row, article.id FROM article_alias JOIN article ON article.row = article
            WHERE article_alias.publication = ? AND alias = ? ORDER BY article_alias.article LIMIT 2
            """,
            { binder in
                binder.integer(publication)
                binder.text(alias)
            },
            { row in
                if let digest = row.digest(1) {
                    found.insert(Candidate(row: row.integer(0), id: ArticleID(digest: digest)))
                }
                return true
            })
        return found
    }

    private static func candidate(_ row: Row) -> Candidate? {
        row.digest(at: 1).map { Candidate(row: row[0], id: ArticleID(digest: $0)) }
    }

    /// The articles of a server whose page has an alias. Only the normal form of a page is indexed, so each spelling
    /// of which the alias is made is looked up.
    private func numbered(alias: String) throws -> Set<Candidate> {
        guard hasNumbered, alias.contains("/") else { return [] }
        let statement = try db.cachedStatement(
            sql: """
                SELECT row, id, url FROM article WHERE url_key = ? AND publication = ? AND number > 0
                ORDER BY row LIMIT 8
                """)
        var found: Set<Candidate> = []
        let ends = alias.contains("?") ? [""] : ["", "/"]
        for host in ["", "www.", "m.", "amp."] {
            for end in ends {
                let key = URLKey.key(of: "https://" + host + alias + end)
                for row in try Row.fetchAll(statement, arguments: [key, publication])
                where ArticleAlias.key(of: row[2]) == alias {
                    if let candidate = Self.candidate(row) { found.insert(candidate) }
                }
            }
        }
        return found
    }

    /// Adds the names of an article.
    func add(_ item: FeedArticle, to row: Int64) throws {
        for alias in item.aliases {
            try db.run(
                "INSERT OR IGNORE INTO article_alias (publication, alias, article) VALUES (?, ?, ?)"
            ) { binder in
                binder.integer(publication)
                binder.text(alias)
                binder.integer(row)
            }
        }
        try db.run(
            """
            INSERT OR IGNORE INTO article_alias (publication, alias, article)
            SELECT ?, ?, row FROM article WHERE row = ? AND id <> ?
            """
        ) { binder in
            binder.integer(publication)
            binder.text(item.article.id.description)
            binder.integer(row)
            binder.blob(item.article.id.digest.bytes)
        }
    }
}
