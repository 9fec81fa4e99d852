import GRDB
import SQLiteChanges
import SyncCore

/// Finds the article of the catalog that a person names.
struct ArticleSearch {
    let db: Database

    /// The one article with a name: its id as 32 hex digits, the address of its page, or its guid.
    ///
    /// - Throws: ``ServerError``: `notFound` if there is none, `invalid` if there are several.
    func article(named name: String) throws -> ArticleID {
        for found in [try named(byID: name), try named(byAlias: name), try named(byGUID: name)] where !found.isEmpty {
            guard found.count == 1 else {
                let ids = found.prefix(5).map(\.description).joined(separator: ", ")
                throw ServerError(
                    .invalid, "'\(name)' names \(found.count) articles: \(ids)\(found.count > 5 ? ", …" : "")",
                    remedy: "give the id of one")
            }
            return found[0]
        }
        let written = try named(inLines: name)
        guard written.count <= 1 else {
            throw ServerError(
                .invalid, "\(written.count) articles have the guid '\(name)'", remedy: "give the id or address of one")
        }
        guard let article = written.first else {
            throw ServerError(
                .notFound, "there is no article '\(name)'",
                remedy: "give its id (32 hex digits), the address of its page, or its guid as the feed has it")
        }
        return article
    }

    private func named(byID name: String) throws -> [ArticleID] {
        guard let id = ArticleID(name) else { return [] }
        return try articles(known: id)
    }

    private func named(byAlias name: String) throws -> [ArticleID] {
        guard let alias = ArticleAlias.key(of: name) else { return [] }
        return try articles(aliased: alias)
    }

    private func named(byGUID guid: String) throws -> [ArticleID] {
        let publications = try String.fetchAll(db, sql: "SELECT id FROM publication ORDER BY number")
        return unique(try publications.flatMap { try articles(known: ArticleID(publication: $0, guid: guid)) })
    }

    /// Articles that have a guid which does not make their id: that counts together with the page.
    private func named(inLines guid: String) throws -> [ArticleID] {
        let rows = try Row.fetchAll(
            once: db,
            sql: """
                SELECT DISTINCT article.id FROM catalog_line JOIN article_revision
                    ON article_revision.publication = catalog_line.publication AND article_revision.line = line_index
                JOIN article ON article.publication = article_revision.publication
                    AND article.number = article_revision.number
                WHERE CASE WHEN json_valid(CAST(catalog_line.line AS TEXT))
                    THEN json_extract(CAST(catalog_line.line AS TEXT), '$.article.guid') = ? END
                """,
            arguments: [guid])
        return try rows.map { ArticleID(digest: try $0.digest(at: 0)) }
    }

    /// The article with an identity, or that took it over from what was found to be the same.
    private func articles(known id: ArticleID) throws -> [ArticleID] {
        let isHeld = try Bool.fetchOne(
            once: db, sql: "SELECT EXISTS (SELECT 1 FROM article WHERE id = ?)",
            arguments: [id.digest.bytes.databaseBlob])
        return isHeld == true ? [id] : try articles(aliased: "id:" + id.description)
    }

    private func articles(aliased alias: String) throws -> [ArticleID] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT article.id FROM publication JOIN article_alias ON article_alias.publication = publication.number
                JOIN article ON article.publication = article_alias.publication
                    AND article.number = article_alias.number
                WHERE alias = ? ORDER BY article.publication, article.number
                """)
        return unique(
            try Row.fetchAll(statement, arguments: [alias]).map { ArticleID(digest: try $0.digest(at: 0)) })
    }

    private func unique(_ articles: [ArticleID]) -> [ArticleID] {
        var seen: Set<ArticleID> = []
        return articles.filter { seen.insert($0).inserted }
    }
}
