public import SyncCore

/// One line of a tile.
public enum WireCatalogEntry: Hashable, Sendable {
    /// `{"article": {…}}`
    case article(WireArticle)
    /// `{"feeds": {"number": 12, "feeds": ["all"]}}`
    case feeds(number: UInt64, [EntityName])
    /// `{"removed": {"number": 12}}`
    case removed(number: UInt64)
}

extension WireCatalogEntry: WireMessage {
    /// Reads an entry.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        if let article = try members.readIfPresent("article", as: WireArticle.self) {
            self = .article(article)
        } else if let membership = try members.readIfPresent("feeds", as: Membership.self) {
            self = .feeds(number: membership.number, membership.feeds)
        } else {
            self = .removed(number: try members.read("removed", as: Removal.self).number)
        }
    }

    /// Writes the entry.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            switch self {
            case .article(let article): writer.member("article", article)
            case .feeds(let number, let feeds):
                writer.member(
                    "feeds",
                    object: { writer in
                        writer.member("feeds", feeds)
                        writer.member("number", number)
                    })
            case .removed(let number):
                writer.member("removed", object: { writer in writer.member("number", number) })
            }
        }
    }

    private struct Membership: JSONReadable {
        var number: UInt64
        var feeds: [EntityName]

        init(from node: JSONNode) throws(WireError) {
            let members = try node.members()
            number = try members.read("number")
            feeds = try members.read("feeds")
        }
    }

    private struct Removal: JSONReadable {
        var number: UInt64

        init(from node: JSONNode) throws(WireError) { number = try node.members().read("number") }
    }
}

/// An article as it travels; the publication stands in the tile's first line.
public struct WireArticle: Hashable, Sendable {
    /// The article; its publication is set by who reads the tile.
    public var article: Article

    /// Makes the message of an article.
    public init(_ article: Article) {
        self.article = article
    }

    private static let members = JSONNames([
        "id", "number", "guid", "url", "kicker", "headline", "standfirst", "authors", "section", "published",
        "updated", "image", "html", "text", "enclosures", "related", "access", "language", "revision", "hash",
        "feeds", "publishedToDay", "promotion",
    ])
}

extension WireArticle: WireMessage {
    /// Reads an article. Its publication is left to the caller and reads `-` until then.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        guard let unknown = EntityName("-") else { throw WireError("no placeholder") }
        article = Article(
            id: try members.read("id"), publication: unknown, number: try members.read("number"),
            guid: try members.read("guid"), headline: try members.read("headline"),
            revision: try members.read("revision"), contentHash: try members.read("hash"))
        article.url = try members.readIfPresent("url")
        article.kicker = try members.readIfPresent("kicker")
        article.standfirst = try members.readIfPresent("standfirst")
        article.authors = try members.readIfPresent("authors") ?? []
        article.section = try members.readIfPresent("section")
        article.published = try members.readIfPresent("published")
        article.isDayPrecise = try members.readIfPresent("publishedToDay") ?? false
        article.updated = try members.readIfPresent("updated")
        article.image = try members.readIfPresent("image")
        article.bodyHTML = try members.readIfPresent("html") ?? ""
        article.bodyText = try members.readIfPresent("text") ?? ""
        article.enclosures = try members.readIfPresent("enclosures") ?? []
        article.related = try members.readIfPresent("related") ?? []
        // A kind of access that a later version adds must not open an article here.
        let access = try members.readIfPresent("access") ?? ArticleAccess.free.rawValue
        article.access = ArticleAccess(rawValue: access) ?? .subscriber
        article.isPromotion = try members.readIfPresent("promotion") ?? false
        article.language = try members.readIfPresent("language")
        article.feeds = try members.readIfPresent("feeds") ?? []
        article.extra = try members.unknown(Self.members)
    }

    /// Writes the article.
    public func write(to writer: inout JSONWriter) {
        writer.object(article.extra) { writer in
            writer.member("access", article.access.rawValue)
            if !article.authors.isEmpty { writer.member("authors", article.authors) }
            if !article.enclosures.isEmpty { writer.member("enclosures", article.enclosures) }
            writer.member("feeds", article.feeds)
            writer.member("guid", article.guid)
            writer.member("hash", article.contentHash)
            writer.member("headline", article.headline)
            writer.member("html", article.bodyHTML)
            writer.member("id", article.id)
            writer.member("image", article.image)
            writer.member("kicker", article.kicker)
            writer.member("language", article.language)
            writer.member("number", article.number)
            if article.isPromotion { writer.member("promotion", true) }
            writer.member("published", article.published)
            if article.isDayPrecise { writer.member("publishedToDay", true) }
            if !article.related.isEmpty { writer.member("related", article.related) }
            writer.member("revision", article.revision)
            writer.member("section", article.section)
            writer.member("standfirst", article.standfirst)
            writer.member("text", article.bodyText)
            writer.member("updated", article.updated)
            writer.member("url", article.url)
        }
    }
}
