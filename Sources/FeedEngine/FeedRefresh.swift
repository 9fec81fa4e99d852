public import FeedFormats
public import FeedSession
public import SyncCore
public import SyncPorts

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

    /// Feeds that are done.
    public var done = 0
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

/// What came of adding a feed.
public enum FeedAddition: Sendable, Hashable {
    /// The feed is there now.
    case added(FeedSubscription, CatalogSummary, warnings: [String])
    /// It was there before.
    case known(FeedSubscription)
    /// The address is a page that names several feeds: which one?
    case choices([DiscoveredFeed])
}

/// Why feeds could not be refreshed at all. One feed that fails is no such reason.
public struct FeedEngineError: Error, Sendable, CustomStringConvertible {
    /// The kinds.
    public enum Code: String, Sendable {
        /// The replica cannot be read or written.
        case storage
        /// Another process syncs the replica.
        case alreadySyncing
        /// The feed could not be fetched.
        case fetch
    }

    /// The kind.
    public var code: Code
    /// What happened, with what to do.
    public var detail: String
    /// The error below it.
    public var underlying: (any Error)?

    /// Makes an error.
    public init(_ code: Code, _ detail: String, underlying: (any Error)? = nil) {
        self.code = code
        self.detail = detail
        self.underlying = underlying
    }

    /// The detail.
    public var description: String { detail }
}

/// Refreshes a replica's own feeds: fetches them side by side and applies each as it comes, in one transaction. Runs on
/// the executor that is handed in, since the store is synchronous.
public actor FeedRefresh {
    /// Which feeds.
    public enum Scope: Sendable, Hashable {
        /// Those whose time has come.
        case due
        /// All that their servers let us ask.
        case all
        /// These, whatever was said before.
        case named([EntityName])
    }

    /// What is reported while a refresh runs.
    public typealias Observer = @Sendable (FeedRefreshReport) -> Void

    let store: any FeedStore
    let fetcher: FeedFetcher
    let clock: any WallClock
    let lock: any SyncLock
    private let executor: any SerialExecutor

    /// The executor that was handed in.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Makes a refresh over its ports.
    public init(
        store: any FeedStore, fetcher: FeedFetcher, clock: any WallClock, lock: any SyncLock,
        executor: any SerialExecutor
    ) {
        self.store = store
        self.fetcher = fetcher
        self.clock = clock
        self.lock = lock
        self.executor = executor
    }

    /// Refreshes feeds. What was applied before an error or a cancellation stays.
    ///
    /// - Parameter keeping: how long an article that fell out of all feeds is kept, in milliseconds; `nil`: for ever.
    public func refresh(
        _ scope: Scope, keeping: Int64?, observer: Observer? = nil
    ) async throws(FeedEngineError) -> FeedRefreshReport { FeedRefreshReport() }

    /// Adds the feed at `address`, or the one feed that the page there names, and reads it.
    ///
    /// - Throws: ``FeedEngineError`` with code `fetch` if there is no feed.
    public func add(
        _ address: String, title: String? = nil, tags: [TagName] = []
    ) async throws(FeedEngineError) -> FeedAddition { .choices([]) }
}
