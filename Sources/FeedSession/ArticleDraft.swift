import FeedFormats
import SyncCore
import SyncProtocol

/// Why an entry cannot be an article.
struct EntryError: Error, CustomStringConvertible {
    let description: String
}

/// An entry as the article it will be: everything the publisher says of it, but no number yet.
struct ArticleDraft {
    private(set) var article: Article

    /// Makes a draft. The content hash covers all that the publisher says, so that an entry which says the same has the
    /// same hash; it does not cover numbers, revisions and feeds, which are the keeper's.
    init(
        _ entry: ParsedEntry, _ publication: EntityName, name: EntryName, kickers: KickerReader
    ) throws(EntryError) {
        // 0 and zero stand for what is not known yet; nothing of it goes into the content hash.
        let guid = name.guid ?? ""
        article = Article(
            id: name.identity.map { ArticleID(publication: publication.text, guid: $0) } ?? ArticleID(digest: .zero),
            publication: publication, number: 0, guid: guid, headline: entry.headline, revision: 0, contentHash: .zero)
        fill(entry)
        let head = kickers.head(of: entry)
        article.kicker = head.kicker
        article.headline = head.headline
        article.isPromotion = PromotionRule.matches(entry)
        article.contentHash = try Self.hash(article)
        guard name.guid == nil else { return }
        article.guid = "content:" + article.contentHash.description
        article.id = ArticleID(publication: publication.text, guid: article.guid)
    }

    private mutating func fill(_ entry: ParsedEntry) {
        article.url = entry.link
        article.standfirst = entry.standfirst
        article.authors = entry.authors.map { Author(name: $0.name, url: $0.url, bio: $0.bio) }
        article.section = entry.section
        article.published = entry.published.map { WallTime(milliseconds: $0) }
        article.isDayPrecise = entry.published != nil && entry.publishedHasDayPrecision
        article.updated = entry.updated.map { WallTime(milliseconds: $0) }
        article.image = entry.leadImage.map {
            LeadImage(url: $0.url, caption: $0.caption, credit: $0.credit, alt: $0.alt)
        }
        article.bodyHTML = entry.bodyHTML ?? ""
        article.bodyText = entry.bodyText
        article.enclosures = entry.enclosures.map { Enclosure(url: $0.url, type: $0.type, length: $0.length) }
        article.related = entry.relatedLinks.map { RelatedArticle(url: $0) }
        article.access = SyncCore.ArticleAccess(rawValue: entry.access.rawValue) ?? .subscriber
        article.language = entry.language
    }

    private static func hash(_ article: Article) throws(EntryError) -> Digest128 {
        do throws(WireError) {
            return Digest128(hashing: try WireCodec.encode(WireArticle(article)))
        } catch {
            throw EntryError(description: error.description)
        }
    }
}
