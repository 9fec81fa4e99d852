import GRDB
import SQLiteChanges
import SyncCore

extension ArticleRows {
    /// Whether an article as it is held says the same as `article` to a reader.
    ///
    /// - Throws: ``ReplicaError`` with `damaged` if it cannot be read back.
    static func saysTheSame(_ row: Int64, as article: Article, _ db: Database) throws -> Bool {
        try said(row, like: article, db).saysTheSame(as: article)
    }

    /// What is held of an article at its newest revision, but for what ``SyncCore/Article/saysTheSame(as:)`` leaves
    /// aside.
    private static func said(_ row: Int64, like article: Article, _ db: Database) throws -> Article {
        let found = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT guid, headline, url, kicker, standfirst, section, published, updated, access, language,
                        is_promotion, details, html, text
                    FROM article JOIN article_body ON article_body.article = article.row WHERE article.row = ?
                    """),
            arguments: [row])
        guard let found else { throw ReplicaError.damaged("an article of the replica has no text") }
        var held = Article(
            id: article.id, publication: article.publication, number: 0, guid: found[0], headline: found[1],
            revision: 0, contentHash: .zero)
        held.url = found[2]
        held.kicker = found[3]
        held.standfirst = found[4]
        held.section = found[5]
        held.published = found.instant(at: 6)
        held.updated = found.instant(at: 7)
        held.access = ArticleAccess(column: found[8])
        held.language = found[9]
        held.isPromotion = (found[10] as Int) != 0
        try ArticleDetails.fill(&held, from: found[11])
        held.bodyHTML = found[12]
        held.bodyText = found[13]
        return held
    }
}
