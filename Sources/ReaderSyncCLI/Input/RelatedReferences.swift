import SQLiteReplica
import SyncCore

/// The related articles that an article names, and which of them are held here.
struct RelatedReferences {
    /// One of them.
    struct Item {
        var reference: RelatedArticle
        /// Its identity, if it is held.
        var held: ArticleID?
        var shortID: String?
        var title: String?
    }

    /// In the order of the article, numbered from 1.
    let items: [Item]

    /// Looks them up: by identity, or else by the page's address.
    init(_ article: Article, in replica: Replica) throws {
        let named = article.related.map { reference in
            reference.id ?? (try? replica.articleID(reference.url))
        }
        // What the catalog names by an identity of its own may be held under the one that its address has.
        let first = try replica.titles(of: named.compactMap { $0 })
        items = try zip(article.related, named).map { reference, id in
            var id = id
            if let known = id, first[known] == nil { id = try? replica.articleID(reference.url) }
            guard let id, let found = try first[id] ?? replica.titles(of: [id])[id] else {
                return Item(reference: reference)
            }
            return Item(reference: reference, held: id, shortID: found.shortID, title: found.title)
        }
    }

    /// The article with a number.
    ///
    /// - Throws: ``CommandFailure`` if there is no such number, or the article is not held.
    func article(_ number: Int) throws -> ArticleID {
        guard items.indices.contains(number - 1) else {
            let range = items.isEmpty ? "it names none" : "it names \(items.count)"
            throw CommandFailure(.notFound, "notFound", "the article has no related article \(number); \(range)")
        }
        let item = items[number - 1]
        guard let id = item.held else {
            throw CommandFailure(
                .notFound, "notHeld", "related article \(number) is not held here",
                remedy: "it is at \(item.reference.url)")
        }
        return id
    }
}
