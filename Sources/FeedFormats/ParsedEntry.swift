/// One article of a feed.
public struct ParsedEntry: Sendable, Equatable {
    /// The publisher's identifier, untouched but for surrounding blanks; `nil` when absent (the caller then falls
    /// back to ``link``, then to a content hash).
    public var guid: String?
    /// Whether the guid is also the article's address (RSS `isPermaLink`; always false in Atom).
    public var guidIsPermalink: Bool
    /// The article's page.
    public var link: String?
    /// The line above the headline.
    public var kicker: String?
    /// The headline on one line; empty when the entry has none.
    public var headline: String
    /// The line below the headline, plain text, at most ``FeedLimits/standfirstCharacters``.
    public var standfirst: String?
    /// The summary as the feed has it, sanitised HTML; `nil` when there is none, or when it is the body.
    public var summaryHTML: String?
    /// Who wrote it.
    public var authors: [ParsedAuthor]
    /// The section of the publication.
    public var section: String?
    /// All categories in the order of the document, the section's among them.
    public var categories: [String]
    /// First publication, ms since 1970-01-01T00:00Z.
    public var published: Int64?
    /// Last change, ms since 1970-01-01T00:00Z.
    public var updated: Int64?
    /// Whether ``published`` is only a day (or month, or year): its time of day means nothing.
    public var publishedHasDayPrecision: Bool
    /// The image that leads the article.
    public var leadImage: ParsedImage?
    /// The body, sanitised; `nil` when the feed carries none.
    public var bodyHTML: String?
    /// The body as readable plain text; empty when there is none.
    public var bodyText: String
    /// Attached files.
    public var enclosures: [ParsedEnclosure]
    /// Addresses of related articles.
    public var relatedLinks: [String]
    /// The page with readers' comments.
    public var commentsURL: String?
    /// Who may read the whole of it.
    public var access: ArticleAccess
    /// The entry's language tag, or the feed's.
    public var language: String?

    /// Makes an entry of nothing.
    public init() {
        guidIsPermalink = false
        headline = ""
        authors = []
        categories = []
        publishedHasDayPrecision = false
        bodyText = ""
        enclosures = []
        relatedLinks = []
        access = .free
    }
}

/// An author as the byline shows them.
public struct ParsedAuthor: Sendable, Equatable {
    /// The name, or the mail address when the feed gives nothing else.
    public var name: String
    /// The author's page.
    public var url: String?
    /// A short biography, plain text.
    public var bio: String?
    /// The mail address the feed gives. Shown by checks of a feed only, never kept.
    public var mail: String?

    /// Makes an author.
    public init(name: String, url: String? = nil, bio: String? = nil, mail: String? = nil) {
        self.name = name
        self.url = url
        self.bio = bio
        self.mail = mail
    }
}

/// An image with what is written beneath it.
public struct ParsedImage: Sendable, Equatable {
    /// An absolute `http` or `https` address.
    public var url: String
    /// What it shows, for everybody.
    public var caption: String?
    /// Who made it.
    public var credit: String?
    /// What it shows, for those who do not see it.
    public var alt: String?

    /// Makes an image.
    public init(url: String, caption: String? = nil, credit: String? = nil, alt: String? = nil) {
        self.url = url
        self.caption = caption
        self.credit = credit
        self.alt = alt
    }
}

/// A file attached to an entry.
public struct ParsedEnclosure: Sendable, Equatable {
    /// An absolute `http` or `https` address.
    public var url: String
    /// The media type as declared.
    public var type: String?
    /// The size in bytes; `nil` when absent, zero or nonsense.
    public var length: Int64?
    /// What the file is called, on one line (JSON Feed `title`).
    public var title: String?

    /// Makes an enclosure.
    public init(url: String, type: String? = nil, length: Int64? = nil) {
        self.url = url
        self.type = type
        self.length = length
    }
}

/// Who may read the whole of an article.
public enum ArticleAccess: String, Sendable, Equatable {
    /// Everybody.
    case free
    /// Everybody, a limited number of times.
    case metered
    /// Subscribers.
    case subscriber
}
