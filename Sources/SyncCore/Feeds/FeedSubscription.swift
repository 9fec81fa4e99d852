/// A feed that a replica reads itself, without a server between.
public struct FeedSubscription: Sendable, Hashable {
    /// The feed's id, unique on the replica.
    public var feed: EntityName
    /// The publication it belongs to.
    public var publication: EntityName
    /// The feed's title, as the publisher has it; the address until it was read once.
    public var title: String
    /// The title that the reader gave it.
    public var ownTitle: String?
    /// The page it belongs to.
    public var siteURL: String?
    /// The reader's folders for it, ascending.
    public var tags: [TagName]
    /// What is remembered of fetching it.
    public var fetch: FetchRecord

    /// Makes a subscription.
    public init(
        feed: EntityName, publication: EntityName, title: String, ownTitle: String? = nil, siteURL: String? = nil,
        tags: [TagName] = [], fetch: FetchRecord
    ) {
        self.feed = feed
        self.publication = publication
        self.title = title
        self.ownTitle = ownTitle
        self.siteURL = siteURL
        self.tags = tags
        self.fetch = fetch
    }

    /// What lists call it.
    public var shownTitle: String { ownTitle ?? title }
}
