public import SyncCore

/// Which articles are wanted. All conditions must hold; `nil` asks for nothing.
public struct ArticleFilter: Sendable, Hashable {
    /// Only articles of this feed.
    public var feed: EntityName?
    /// Only articles of this publication.
    public var publication: EntityName?
    /// Only articles of this section, compared byte for byte.
    public var section: String?
    /// Only unread ones (`true`), or only read ones (`false`).
    public var unread: Bool?
    /// Only saved ones (`true`), or only others (`false`).
    public var saved: Bool?
    /// Only articles that carry this tag.
    public var tag: TagName?
    /// Only articles published at this instant or later.
    public var since: WallTime?
    /// Only articles that were corrected after the reader had read them.
    public var correctedSinceRead: Bool
    /// Only articles of direct feeds that the reader put into this folder.
    public var folder: TagName?
    /// Only what lists leave out otherwise: a publisher's advertisements for itself.
    public var promotions: Bool

    /// Makes a filter; without arguments it lets every article through but promotions.
    public init(
        feed: EntityName? = nil, publication: EntityName? = nil, section: String? = nil, unread: Bool? = nil,
        saved: Bool? = nil, tag: TagName? = nil, since: WallTime? = nil, correctedSinceRead: Bool = false,
        folder: TagName? = nil, promotions: Bool = false
    ) {
        self.feed = feed
        self.publication = publication
        self.section = section
        self.unread = unread
        self.saved = saved
        self.tag = tag
        self.since = since
        self.correctedSinceRead = correctedSinceRead
        self.folder = folder
        self.promotions = promotions
    }
}

/// Where a list of articles goes on: behind this article.
public struct PageToken: Sendable, Hashable, CustomStringConvertible {
    /// The place of the last article in the order of lists, in milliseconds since 1970.
    var listed: Int64
    /// Its row.
    var row: Int64

    init(listed: Int64, row: Int64) {
        self.listed = listed
        self.row = row
    }

    /// Reads what ``description`` wrote; `nil` if it is anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ".")
        guard parts.count == 2, let listed = Int64(parts[0]), let row = Int64(parts[1]) else { return nil }
        self.init(listed: listed, row: row)
    }

    /// The token as a word.
    public var description: String { "\(listed).\(row)" }
}

/// A piece of a list.
public struct ArticlePage: Sendable, Hashable {
    /// The articles, newest first.
    public var articles: [ArticleSummary]
    /// Where the list goes on; `nil` at its end.
    public var next: PageToken?
}
