public import FeedFormats
public import SyncCore

/// The ids under which a feed goes into a catalog.
public struct FeedNaming: Sendable, Hashable {
    /// The publication's id.
    public var publication: EntityName
    /// The feed's id.
    public var feed: EntityName

    /// Makes a pair of ids.
    public init(publication: EntityName, feed: EntityName) {
        self.publication = publication
        self.feed = feed
    }
}

extension FeedReading {
    /// What `parsed` says, as articles named by their publisher's guids, or by what stands in for them.
    public init(_ parsed: ParsedFeed, naming: FeedNaming, url: String?) {
        self.init(
            publication: Publication(id: naming.publication, number: 0, title: parsed.title),
            feed: Feed(id: naming.feed, publication: naming.publication, title: parsed.title, url: url))
    }
}
