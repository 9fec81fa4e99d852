import GRDB
import SQLiteChanges
import SyncCore

import struct FoundationEssentials.Data

/// The catalog in SQLite.
struct SQLiteCatalog: CatalogView {
    let db: Database

    func heads() throws -> [CatalogHead] {
        let statement = try db.cachedStatement(
            sql: "SELECT id, generation, count, hash FROM publication ORDER BY number")
        var heads: [CatalogHead] = []
        for row in try Row.fetchAll(statement) {
            guard let id = EntityName(row[0] as String) else { continue }
            heads.append(
                CatalogHead(
                    publication: id, generation: row[1], count: row.unsigned(at: 2),
                    hash: try row.digest(at: 3)))
        }
        return heads
    }

    func hash(of publication: EntityName, before index: UInt64) throws -> Digest128? {
        guard index > 0 else { return .zero }
        let statement = try db.cachedStatement(
            sql: """
                SELECT hash FROM catalog_line
                WHERE publication = (SELECT number FROM publication WHERE id = ?) AND line_index = ?
                """)
        let arguments: StatementArguments = [publication.text, Int64(clamping: index - 1)]
        return try Row.fetchOne(statement, arguments: arguments)?.digest(at: 0)
    }

    func lines(of publication: EntityName, from: UInt64, to: UInt64) throws -> [Data] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT line FROM catalog_line
                WHERE publication = (SELECT number FROM publication WHERE id = ?)
                    AND line_index >= ? AND line_index < ? ORDER BY line_index
                """)
        return try Data.fetchAll(
            statement, arguments: [publication.text, Int64(clamping: from), Int64(clamping: to)])
    }

    func articles(named names: Set<ArticleNumber>) throws -> [ArticleNumber: ArticleID] {
        let statement = try db.cachedStatement(
            sql: "SELECT id FROM article WHERE publication = ? AND number = ?")
        var found: [ArticleNumber: ArticleID] = [:]
        for name in names {
            let arguments: StatementArguments = [Int64(name.publication), Int64(clamping: name.article)]
            found[name] = try Row.fetchOne(statement, arguments: arguments).map {
                ArticleID(digest: try $0.digest(at: 0))
            }
        }
        return found
    }

    func numbers(of articles: Set<ArticleID>) throws -> [ArticleID: ArticleNumber] {
        let statement = try db.cachedStatement(sql: "SELECT publication, number FROM article WHERE id = ?")
        var found: [ArticleID: ArticleNumber] = [:]
        for article in articles {
            guard let row = try Row.fetchOne(statement, arguments: [article.digest.bytes.databaseBlob]) else {
                continue
            }
            let publication: Int64 = row[0]
            found[article] = ArticleNumber(
                publication: UInt32(clamping: publication), article: row.unsigned(at: 1))
        }
        return found
    }

    func libraryVersion() throws -> String {
        try String.fetchOne(try db.cachedStatement(sql: "SELECT library_version FROM server")) ?? ""
    }

    func library() throws -> Library { try SQLiteLibrary(db: db).library() }
}
