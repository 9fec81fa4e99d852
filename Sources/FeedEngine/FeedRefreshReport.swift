public import FeedFormats
public import FeedSession
public import SyncCore

/// What came of a refresh.
public struct FeedRefreshReport: Sendable, Hashable {
    /// A feed that brought nothing, and why.
    public struct Failure: Sendable, Hashable {
        /// The feed.
        public var feed: EntityName
        /// Its title as lists show it.
        public var title: String
        /// Why.
        public var failure: FetchFailure

        /// Makes a failure.
        public init(feed: EntityName, title: String, failure: FetchFailure) {
            self.feed = feed
            self.title = title
            self.failure = failure
        }
    }

    /// A feed that was read, though part of it was lost or had to be repaired.
    public struct Damage: Sendable, Hashable {
        /// The feed.
        public var feed: EntityName
        /// Its title as lists show it.
        public var title: String
        /// Where it was fetched.
        public var url: String
        /// What was wrong, in a sentence.
        public var detail: String

        /// Makes a damage.
        public init(feed: EntityName, title: String, url: String, detail: String) {
            self.feed = feed
            self.title = title
            self.url = url
            self.detail = detail
        }
    }

    /// Feeds that are done.
    public var done = 0
    /// Feeds of which part was lost or had to be repaired.
    public var damaged: [Damage] = []
    /// Feeds that there are to be done.
    public var total = 0
    /// Feeds that had something new to say.
    public var changed = 0
    /// Feeds that had not.
    public var unchanged = 0
    /// Feeds that were not asked: too early.
    public var postponed = 0
    /// Feeds that brought nothing.
    public var failures: [Failure] = []
    /// What the articles did.
    public var catalog = CatalogSummary()
    /// Entries that were left out.
    public var skipped = 0
    /// Articles whose texts retention dropped.
    public var dropped = 0

    /// Makes a report of nothing.
    public init() {}
}

/// What came of adding a list of feeds.
public struct FeedListAddition: Sendable, Hashable {
    /// Feeds that were added.
    public var added = 0
    /// Feeds that were there.
    public var known = 0
    /// Those of them that are in more folders now.
    public var tagged = 0
    /// Folders that cannot be tags.
    public var untaken: [String] = []

    /// Makes one of nothing.
    public init() {}
}

/// What came of adding a feed.
public enum FeedAddition: Sendable, Hashable {
    /// The feed is there now.
    case added(FeedSubscription, CatalogSummary, warnings: [String], isDamaged: Bool)
    /// It was there before.
    case known(FeedSubscription)
    /// The address is a page that names several feeds: which one?
    case choices([DiscoveredFeed])
}
