/// What one reading of a feed's document says, as articles.
public struct FeedReading: Sendable, Hashable {
    /// The publication the document belongs to; its number is 0.
    public var publication: Publication
    /// The feed; its title is the document's.
    public var feed: Feed
    /// The articles, the oldest first: histories grow at their end. Each article once.
    public var articles: [FeedArticle]
    /// Whether the document was read to its end: only then is an article that is not in it no longer in the feed.
    public var isComplete: Bool
    /// What was odd, in sentences.
    public var warnings: [String]
    /// Entries that were left out, each with a warning.
    public var skipped: Int

    /// Makes a reading without articles.
    public init(publication: Publication, feed: Feed) {
        self.publication = publication
        self.feed = feed
        articles = []
        isComplete = true
        warnings = []
        skipped = 0
    }
}

/// An article as one reading of a feed has it.
public struct FeedArticle: Sendable, Hashable {
    /// The article; its number and revision are 0, whoever keeps it counts both.
    public var article: Article
    /// Other names it may be known by within its publication: its page and its guid, if that is an address, in the
    /// form of ``ArticleAlias``. An article whose identity is unknown but that shares one of them is the same.
    public var aliases: [String]
    /// Its position in the document, from 0; `nil` if it came from none.
    public var position: Int?

    /// Makes an article.
    public init(article: Article, aliases: [String], position: Int? = nil) {
        self.article = article
        self.aliases = aliases
        self.position = position
    }

    /// When the publisher last touched it, in milliseconds since 1970; before everything if it does not say.
    public var touched: Int64 { (article.updated ?? article.published)?.milliseconds ?? .min }
}

/// The form of an address in which a changed scheme, host alias or tracking parameter makes no difference.
public enum ArticleAlias {
    /// ``ArticleGUID/normalised(_:)`` without `www.` before the host and without a slash at the path's end; `nil` if
    /// `address` is no `http` or `https` address, or names a host alone: a home page is no article.
    public static func key(of address: String) -> String? {
        let normal = ArticleGUID.normalised(address)
        guard normal.hasPrefix("//") else { return nil }
        var rest = normal.dropFirst(2)
        for alias in ["www.", "m.", "amp."] where rest.hasPrefix(alias) && rest.dropFirst(alias.count).contains(".") {
            rest = rest.dropFirst(alias.count)
            break
        }
        guard let slash = rest.firstIndex(of: "/") else { return nil }
        let hasQuery = rest.contains("?")
        while !hasQuery, rest.last == "/", rest.index(before: rest.endIndex) > slash { rest = rest.dropLast() }
        return rest.hasSuffix("/") && !hasQuery ? nil : String(rest)
    }
}
