public import FeedFormats
public import FeedSession
public import SyncCore
public import SyncPorts

/// What came of fetching one feed.
public enum FeedFetch: Sendable {
    /// It has something new; the record is to be kept together with it.
    case read(ParsedFeed, FetchRecord)
    /// Nothing changed since the last time.
    case unchanged(FetchRecord)
    /// It was too early to ask.
    case postponed(until: WallTime)
    /// It brought nothing.
    case failed(FetchFailure, FetchRecord)
    /// The address leads to a page that names feeds; only when pages are asked for.
    case page([DiscoveredFeed], url: String)
}

/// Fetches and parses feeds, several at once, politely to each host.
public struct FeedFetcher: Sendable {
    /// Bounds of fetching.
    public struct Limits: Sendable {
        /// Most feeds fetched at once.
        public var feedsAtOnce = 16
        /// Most requests to one host at once.
        public var perHost = 2
        /// Most time for one feed, redirects included.
        public var deadline = Duration.seconds(60)
        /// Bounds of one fetch.
        public var fetch = FetchSession.Limits()
        /// Bounds of one document.
        public var document = FeedLimits.default

        /// Makes the default limits.
        public init() {}
    }

    let transport: any HTTPTransport
    let clock: any WallClock
    let random: any RandomSource
    let limits: Limits

    /// Makes a fetcher. Whether private addresses may be asked is the transport's matter.
    public init(
        transport: any HTTPTransport, clock: any WallClock, random: any RandomSource, limits: Limits = Limits()
    ) {
        self.transport = transport
        self.clock = clock
        self.random = random
        self.limits = limits
    }

    /// Fetches feeds. `receive` is called once for each, with its position in `records`, one call at a time, in the order
    /// of arrival; what it throws ends the run. Cancelling the task ends it too: the feeds that are not done yet are
    /// received as failed with code `cancelled`.
    public func fetch(
        _ records: [FetchRecord], reason: FetchSession.Reason,
        receive: (Int, FeedFetch) async throws -> Void
    ) async throws {}

    /// Fetches one address that a person named: a feed, or a page that names feeds.
    public func find(_ url: String) async -> FeedFetch { .postponed(until: clock.now()) }
}
