public import SyncCore

/// What a list says of an article.
public struct ArticleSummary: Sendable, Hashable {
    /// The identity.
    public var id: ArticleID
    /// The shortest beginning of the identity, at least seven digits, that no other article here shares.
    public var shortID: String
    /// The publication.
    public var publication: EntityName
    /// The line above the headline.
    public var kicker: String?
    /// The headline.
    public var headline: String
    /// The paragraph below the headline.
    public var standfirst: String?
    /// Who wrote it; empty if nobody is named.
    public var byline: String
    /// The section.
    public var section: String?
    /// The canonical page.
    public var url: String?
    /// When it was first published.
    public var published: WallTime?
    /// Whether ``published`` names a day and its time of day means nothing.
    public var isDayPrecise: Bool
    /// When it was last corrected.
    public var updated: WallTime?
    /// Who may read it.
    public var access: ArticleAccess
    /// The language, as a BCP 47 tag.
    public var language: String?
    /// Whether it is read.
    public var isRead: Bool
    /// Whether it is saved.
    public var isSaved: Bool
    /// How far it was read, 0...10,000 basis points.
    public var progress: Int
    /// The reader's tags, in the order of their bytes.
    public var tags: [TagName]
    /// Whether the reader wrote a note.
    public var hasNote: Bool
    /// Whether it was corrected after the reader had read it.
    public var correctedSinceRead: Bool
    /// What it begins with, where it has no headline.
    var opening: String?

    /// What it is called, see ``SyncCore/Article/title(headline:opening:)``.
    public var title: String { Article.title(headline: headline, opening: opening) }
}

/// Everything about one article.
public struct ArticleDetail: Sendable, Hashable {
    /// What a list says of it.
    public var summary: ArticleSummary
    /// What the publisher says, at the newest revision. Its text is empty once it was withdrawn.
    public var article: Article
    /// Whether its text was taken away: by the publisher, unless ``isDropped``.
    public var isRemoved: Bool
    /// Whether it was this replica's retention that took the text away.
    public var isDropped: Bool
    /// When it was marked read, by the marking device's clock.
    public var readAt: WallTime?
    /// How it came to be read.
    public var readBy: MarkOrigin?
    /// When it was saved.
    public var savedAt: WallTime?
    /// The reader's note.
    public var note: String?
    /// Revisions held besides the newest.
    public var olderRevisions: Int
    /// Whether its text was dropped since texts of such articles are not kept; the publisher has it.
    public var isBodyAbsent = false
}

/// One revision of an article that is held, for showing what was corrected.
public struct ArticleRevision: Sendable, Hashable {
    /// 1 and up.
    public var revision: Int
    /// When the publisher says it was corrected.
    public var updated: WallTime?
    /// The headline.
    public var headline: String
    /// The paragraph below it.
    public var standfirst: String?
    /// The text as plain text.
    public var bodyText: String
    /// The text as HTML.
    public var bodyHTML: String
}

/// An article that was found.
public struct SearchHit: Sendable, Hashable {
    /// The article.
    public var article: ArticleSummary
    /// A piece of its text around what was found, with the words found between U+0002 and U+0003.
    public var snippet: String
}

/// What was found.
public struct SearchResult: Sendable, Hashable {
    /// The articles, the best first.
    public var hits: [SearchHit]
    /// Whether there are more.
    public var hasMore: Bool
}
