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

extension WireCatalogEntry: Codable {
    private enum Key: String, CodingKey {
        case article, feeds, removed
    }

    private struct Membership: Codable {
        var number: UInt64
        var feeds: [EntityName]
    }

    private struct Removal: Codable {
        var number: UInt64
    }

    /// Decodes an entry.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        if let article = try container.decodeIfPresent(WireArticle.self, forKey: .article) {
            self = .article(article)
        } else if let membership = try container.decodeIfPresent(Membership.self, forKey: .feeds) {
            self = .feeds(number: membership.number, membership.feeds)
        } else {
            self = .removed(number: try container.decode(Removal.self, forKey: .removed).number)
        }
    }

    /// Encodes an entry.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .article(let article): try container.encode(article, forKey: .article)
        case .feeds(let number, let feeds):
            try container.encode(Membership(number: number, feeds: feeds), forKey: .feeds)
        case .removed(let number): try container.encode(Removal(number: number), forKey: .removed)
        }
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

    private static let members: Set<String> = [
        "id", "number", "guid", "url", "kicker", "headline", "standfirst", "authors", "section", "published",
        "updated", "image", "html", "text", "enclosures", "related", "access", "language", "revision", "hash",
        "feeds", "publishedToDay", "promotion",
    ]
}

extension WireArticle: Codable {
    private struct Related: Codable {
        var url: String
        var id: ArticleID?
    }

    /// Decodes an article. Its publication is left to the caller and reads `-` until then.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: AnyKey.self)
        func optional<Value: Decodable>(_ name: String) throws -> Value? {
            try container.decodeIfPresent(Value.self, forKey: AnyKey(name))
        }
        func required<Value: Decodable>(_ name: String) throws -> Value {
            try container.decode(Value.self, forKey: AnyKey(name))
        }
        guard let unknown = EntityName("-") else { throw WireError("no placeholder") }
        article = Article(
            id: try required("id"), publication: unknown, number: try required("number"),
            guid: try required("guid"), headline: try required("headline"), revision: try required("revision"),
            contentHash: try required("hash"))
        article.url = try optional("url")
        article.kicker = try optional("kicker")
        article.standfirst = try optional("standfirst")
        article.authors = try optional("authors") ?? []
        article.section = try optional("section")
        article.published = try optional("published")
        article.isDayPrecise = try optional("publishedToDay") ?? false
        article.updated = try optional("updated")
        article.image = try optional("image")
        article.bodyHTML = try optional("html") ?? ""
        article.bodyText = try optional("text") ?? ""
        article.enclosures = try optional("enclosures") ?? []
        let related: [Related] = try optional("related") ?? []
        article.related = related.map { RelatedArticle(url: $0.url, id: $0.id) }
        // A kind of access that a later version adds must not open an article here.
        let access: String = try optional("access") ?? ArticleAccess.free.rawValue
        article.access = ArticleAccess(rawValue: access) ?? .subscriber
        article.isPromotion = try optional("promotion") ?? false
        article.language = try optional("language")
        article.feeds = try optional("feeds") ?? []
        for key in container.allKeys where !Self.members.contains(key.stringValue) {
            article.extra[key.stringValue] = try container.decode(JSONValue.self, forKey: key)
        }
    }

    /// Encodes the article.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: AnyKey.self)
        func write(_ name: String, _ value: (some Encodable)?) throws {
            if let value { try container.encode(value, forKey: AnyKey(name)) }
        }
        try write("id", article.id)
        try write("number", article.number)
        try write("guid", article.guid)
        try write("url", article.url)
        try write("kicker", article.kicker)
        try write("headline", article.headline)
        try write("standfirst", article.standfirst)
        try write("authors", article.authors.isEmpty ? nil : article.authors)
        try write("section", article.section)
        try write("published", article.published)
        try write("publishedToDay", article.isDayPrecise ? true : nil)
        try write("updated", article.updated)
        try write("image", article.image)
        try write("html", article.bodyHTML)
        try write("text", article.bodyText)
        try write("enclosures", article.enclosures.isEmpty ? nil : article.enclosures)
        let related = article.related.map { Related(url: $0.url, id: $0.id) }
        try write("related", related.isEmpty ? nil : related)
        try write("access", article.access.rawValue)
        try write("promotion", article.isPromotion ? true : nil)
        try write("language", article.language)
        try write("revision", article.revision)
        try write("hash", article.contentHash)
        try write("feeds", article.feeds)
        for (name, value) in article.extra { try write(name, value) }
    }
}
