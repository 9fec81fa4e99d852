import Editions
import SQLiteReplica
import SyncCore

/// Which articles are exported: what a table of contents says of them, a few hundred bytes each.
struct ExportPlan: Sendable {
    /// The articles, the newest first.
    var articles: [Edition.Entry]
    /// The language of most of them.
    var language: String?
    /// Whether more would have passed the filter.
    var hasMore: Bool

    /// Articles asked for at once.
    private static let pieceSize = 500

    init(_ filter: ArticleFilter, limit: Int, in replica: Replica) throws {
        articles = []
        hasMore = false
        var titles: [EntityName: String] = [:]
        for feed in try replica.feeds() {
            if let publication = feed.publication { titles[publication.id] = publication.title }
        }
        var languages: [String: Int] = [:]
        var next: PageToken?
        repeat {
            try Task.checkCancellation()
            let page = try replica.articles(
                filter, limit: min(Self.pieceSize, limit - articles.count), after: next)
            for article in page.articles {
                articles.append(
                    Edition.Entry(
                        id: article.id, url: article.url, headline: article.title,
                        section: article.section ?? titles[article.publication]))
                if let language = article.language { languages[language, default: 0] += 1 }
            }
            next = page.next
        } while next != nil && articles.count < limit
        hasMore = next != nil
        // The tie is decided, so that the same articles give the same edition.
        language = languages.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
    }
}
