import GRDB
import SQLiteChanges
import SyncCore

/// What the articles of one run are called, before any is written: related articles may come later, or in another
/// source.
struct RunNames: Sendable {
    private struct Key: Hashable {
        var publication: EntityName
        var alias: String
    }

    /// Identities by alias; `nil` where an alias names several.
    private var articles: [Key: ArticleID?] = [:]

    /// No names.
    init() {}

    /// The names of all articles of these documents.
    ///
    /// - Complexity: nothing is looked up if no article has related ones.
    init(_ documents: [FeedDocument], in db: Database) throws {
        guard documents.contains(where: { $0.reading.articles.contains { !$0.article.related.isEmpty } }) else {
            return
        }
        for document in documents {
            let (id, drafts) = (document.reading.publication.id, document.reading.articles)
            let number = try Int64.fetchOne(
                once: db, sql: "SELECT number FROM publication WHERE id = ?", arguments: [id.text])
            let known = number.map { KnownArticles(db: db, publication: $0) }
            let matches = try known?.matches(of: drafts) ?? Array(repeating: nil, count: drafts.count)
            for (draft, match) in zip(drafts, matches) {
                add(match?.id ?? draft.article.id, draft.aliases, id)
            }
        }
    }

    /// The article that an alias names.
    func article(_ alias: String, of publication: EntityName) -> ArticleID? {
        articles[Key(publication: publication, alias: alias)] ?? nil
    }

    private mutating func add(_ article: ArticleID, _ aliases: [String], _ publication: EntityName) {
        for alias in aliases {
            let key = Key(publication: publication, alias: alias)
            if let known = articles[key], known != article {
                articles[key] = .some(nil)
            } else {
                articles[key] = article
            }
        }
    }
}
