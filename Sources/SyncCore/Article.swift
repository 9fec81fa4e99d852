/// Who may read an article in full.
public enum ArticleAccess: String, Hashable, Sendable, CaseIterable {
    /// Everyone.
    case free
    /// Everyone, a few times a month.
    case metered
    /// Subscribers.
    case subscriber
}

/// Someone who wrote an article.
public struct Author: Hashable, Sendable {
    /// The name as printed.
    public var name: String
    /// The profile page.
    public var url: String?
    /// A sentence or two about the person.
    public var bio: String?

    /// Makes an author.
    public init(name: String, url: String? = nil, bio: String? = nil) {
        self.name = name
        self.url = url
        self.bio = bio
    }
}

/// The picture at the head of an article.
public struct LeadImage: Hashable, Sendable {
    /// Where the picture is.
    public var url: String
    /// What is printed below it.
    public var caption: String?
    /// Who made it, or holds the rights.
    public var credit: String?
    /// What it shows, for those who cannot see it.
    public var alt: String?

    /// Makes an image.
    public init(url: String, caption: String? = nil, credit: String? = nil, alt: String? = nil) {
        self.url = url
        self.caption = caption
        self.credit = credit
        self.alt = alt
    }
}

/// A file that comes with an article.
public struct Enclosure: Hashable, Sendable {
    /// Where the file is.
    public var url: String
    /// Its media type, as the publisher says.
    public var type: String?
    /// Its size in bytes, as the publisher says; `nil` also where it says 0.
    public var length: Int64?

    /// Makes an enclosure.
    public init(url: String, type: String? = nil, length: Int64? = nil) {
        self.url = url
        self.type = type
        self.length = length
    }
}

/// An article that the publisher calls related.
public struct RelatedArticle: Hashable, Sendable {
    /// Its page.
    public var url: String
    /// Its identity, where the catalog holds it.
    public var id: ArticleID?

    /// Makes a reference.
    public init(url: String, id: ArticleID? = nil) {
        self.url = url
        self.id = id
    }
}

/// What the publisher says of one article, at one revision.
public struct Article: Hashable, Sendable {
    /// The identity.
    public var id: ArticleID
    /// The publication it belongs to.
    public var publication: EntityName
    /// Its number within the publication, 1 and up: how state messages name it.
    public var number: UInt64
    /// What the publisher calls it.
    public var guid: String
    /// The canonical page, absolute.
    public var url: String?
    /// The line above the headline.
    public var kicker: String?
    /// The headline, plain text.
    public var headline: String
    /// The paragraph below the headline, plain text.
    public var standfirst: String?
    /// Who wrote it.
    public var authors: [Author]
    /// The part of the magazine it stands in.
    public var section: String?
    /// When it was first published.
    public var published: WallTime?
    /// Whether ``published`` names a day and its time of day means nothing.
    public var isDayPrecise: Bool
    /// When it was last corrected.
    public var updated: WallTime?
    /// The picture at its head.
    public var image: LeadImage?
    /// The text as HTML that has been sanitised.
    public var bodyHTML: String
    /// The text as plain text.
    public var bodyText: String
    /// Files that come with it.
    public var enclosures: [Enclosure]
    /// Articles that belong with it.
    public var related: [RelatedArticle]
    /// Who may read it.
    public var access: ArticleAccess
    /// Whether it is the publisher's advertisement for itself, and no article: kept, but not listed.
    public var isPromotion: Bool
    /// The language, as a BCP 47 tag.
    public var language: String?
    /// 1 and up; each correction is one more.
    public var revision: Int
    /// The digest of everything the publisher says of it.
    public var contentHash: Digest128
    /// The feeds it appears in.
    public var feeds: [EntityName]
    /// Members of the message that this version has no name for.
    public var extra: [String: JSONValue]

    /// Makes an article with the members that cannot be absent; set the others afterwards.
    public init(
        id: ArticleID, publication: EntityName, number: UInt64, guid: String, headline: String, revision: Int,
        contentHash: Digest128
    ) {
        self.id = id
        self.publication = publication
        self.number = number
        self.guid = guid
        self.headline = headline
        self.revision = revision
        self.contentHash = contentHash
        authors = []
        bodyHTML = ""
        bodyText = ""
        enclosures = []
        related = []
        access = .free
        isDayPrecise = false
        isPromotion = false
        feeds = []
        extra = [:]
    }

    /// The authors' names as printed in a list.
    public var byline: String { authors.map(\.name).joined(separator: ", ") }
}
