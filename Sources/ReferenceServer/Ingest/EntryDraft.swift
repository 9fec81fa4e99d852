import FeedFormats
import SyncCore
import SyncProtocol

/// An entry of a feed as the article it will be: everything the publisher says of it, but no number yet.
struct EntryDraft {
    var article: Article
    /// The article's page in normal form; `nil` if it has none.
    var page: String?

    /// Makes a draft.
    ///
    /// - Throws: ``WireError`` if the entry cannot be written down.
    init(_ entry: ParsedEntry, publication: EntityName) throws {
        let guid = entry.guid ?? entry.link ?? ""
        // 0 and zero stand for what is not known yet; nothing of it goes into the content hash.
        article = Article(
            id: ArticleID(publication: publication.text, guid: guid), publication: publication, number: 0,
            guid: guid, headline: entry.headline, revision: 0, contentHash: .zero)
        article.url = entry.link
        article.kicker = entry.kicker
        article.standfirst = entry.standfirst
        article.authors = entry.authors.map { Author(name: $0.name, url: $0.url, bio: $0.bio) }
        article.section = entry.section
        article.published = entry.published.map { WallTime(milliseconds: $0) }
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
        try nameByContent(isNameless: guid.isEmpty, publication)
        page = entry.link.map { ArticleGUID.normalised($0) }
    }

    /// An entry that its publisher gave neither guid nor link is named by what it says; changed, it is another one.
    private mutating func nameByContent(isNameless: Bool, _ publication: EntityName) throws {
        var said = article
        if isNameless { said.id = ArticleID(digest: .zero) }
        article.contentHash = Digest128(hashing: try WireCodec.encode(WireArticle(said)))
        guard isNameless else { return }
        article.guid = "content:" + article.contentHash.description
        article.id = ArticleID(publication: publication.text, guid: article.guid)
    }

    /// When the publisher last touched it; before everything if it does not say.
    var touched: Int64 { (article.updated ?? article.published)?.milliseconds ?? .min }
}
