import SyncCore
import SyncProtocol

/// The numbers of the articles that some changes mention.
struct ArticleNames {
    let numbers: [ArticleID: ArticleNumber]

    /// Looks up the articles of changes.
    init(of changes: [Change], in catalog: any CatalogView) throws {
        var articles: Set<ArticleID> = []
        for change in changes {
            if case .article(let id) = change.key.entity { articles.insert(id) }
        }
        numbers = try catalog.numbers(of: articles)
    }

    /// How a message names an article; `nil` for one that has no number.
    func reference(_ article: ArticleID) -> ArticleReference? {
        numbers[article].map { .number(publication: $0.publication, article: $0.article) }
    }

    /// All names, by number.
    var wire: [WireArticleName] {
        numbers.map { WireArticleName(publication: $1.publication, number: $1.article, id: $0) }
            .sorted { ($0.publication, $0.number) < ($1.publication, $1.number) }
    }
}
