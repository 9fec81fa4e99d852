import GRDB
import SQLiteChanges
import SyncCore

import struct FoundationEssentials.Data

/// The catalog in SQLite.
struct SQLiteCatalog: CatalogView {
    let db: Database

    func heads() throws -> [CatalogHead] {
        try db.rows("SELECT id, generation, count, hash FROM publication ORDER BY number") { row in
            guard let id = EntityName(row.text(0)) else { return nil }
            return CatalogHead(
                publication: id, generation: row.text(1), count: row.bits(2), hash: try row.wholeDigest(3))
        }.compactMap(\.self)
    }

    func hash(of publication: EntityName, before index: UInt64) throws -> Digest128? {
        guard index > 0 else { return .zero }
        return try db.firstRow(
            """
            SELECT hash FROM catalog_line
            WHERE publication = (SELECT number FROM publication WHERE id = ?) AND line_index = ?
            """,
            { binder in
                binder.text(publication.text)
                binder.integer(Int64(clamping: index - 1))
            }, { try $0.wholeDigest(0) })
    }

    func lines(of publication: EntityName, from: UInt64, to: UInt64) throws -> [Data] {
        try db.rows(
            """
            SELECT line FROM catalog_line
            WHERE publication = (SELECT number FROM publication WHERE id = ?)
                AND line_index >= ? AND line_index < ? ORDER BY line_index
            """,
            { binder in
                binder.text(publication.text)
                binder.integer(Int64(clamping: from))
                binder.integer(Int64(clamping: to))
            }, { $0.withBytes(0) { Data($0) } })
    }

    func articles(named names: Set<ArticleNumber>) throws -> [ArticleNumber: ArticleID] {
        var found: [ArticleNumber: ArticleID] = [:]
        for name in names {
            found[name] = try db.firstRow(
                "SELECT id FROM article WHERE publication = ? AND number = ?",
                { binder in
                    binder.integer(Int64(name.publication))
                    binder.integer(Int64(clamping: name.article))
                }, { ArticleID(digest: try $0.wholeDigest(0)) })
        }
        return found
    }

    func numbers(of articles: Set<ArticleID>) throws -> [ArticleID: ArticleNumber] {
        var found: [ArticleID: ArticleNumber] = [:]
        for article in articles {
            found[article] = try db.firstRow(
                "SELECT publication, number FROM article WHERE id = ?", { $0.digest(article.digest) },
                { ArticleNumber(publication: UInt32(clamping: $0.integer(0)), article: $0.bits(1)) })
        }
        return found
    }

    func libraryVersion() throws -> String {
        try db.firstRow("SELECT library_version FROM server") { $0.text(0) } ?? ""
    }

    func library() throws -> Library { try SQLiteLibrary(db: db).library() }
}
