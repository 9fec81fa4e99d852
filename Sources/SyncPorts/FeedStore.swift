public import SyncCore

/// Keeps the feeds that are read without a server between, and what they said. Synchronous; each call is one
/// transaction that is durable when it returns.
public protocol FeedStore: Sendable {
    /// The feeds, by id.
    func subscriptions() throws -> [FeedSubscription]

    /// The ids of all feeds that are known, a server's among them: a new one must have another.
    func feedNames() throws -> Set<EntityName>

    /// Adds feeds, or changes the titles, tags and fetch records of those that are there: all of them or none.
    ///
    /// - Throws: if two feeds would be fetched from one address.
    func subscribe(_ subscriptions: [FeedSubscription]) throws

    /// Takes a feed out. Its articles stay until ``retain(since:)`` takes them.
    ///
    /// - Returns: `false` if there was none.
    func unsubscribe(_ feed: EntityName) throws -> Bool

    /// Keeps what came of fetching feeds, in order, all of it or nothing.
    ///
    /// Of a reading: new articles are added, what the feed says otherwise than the last time becomes a new revision with
    /// the reader's state kept, and what is no longer in a complete reading is marked as fallen out. Of a feed that was
    /// taken out meanwhile nothing is kept.
    ///
    /// Records alone need not outlive a power cut: whoever lost them asks once more.
    ///
    /// - Returns: what the articles did.
    func keep(_ news: [FeedNews], at now: WallTime) throws -> CatalogSummary

    /// Makes articles that came findable by their words, at most so many. What a power cut takes of it is done again.
    ///
    /// - Returns: how many; 0 once all are.
    func indexPending(limit: Int) throws -> Int

    /// Drops the texts of articles that fell out of all feeds before `instant`, and that the reader neither saved nor
    /// tagged nor wrote a note on. What the reader did stays.
    ///
    /// - Returns: how many were dropped.
    func retain(since instant: WallTime) throws -> Int
}

/// What came of fetching one feed, for a ``FeedStore``.
public enum FeedNews: Sendable, Hashable {
    /// What it says, and what is remembered of having fetched it.
    case reading(FeedReading, FetchRecord)
    /// What is remembered of a fetch that brought nothing.
    case record(FetchRecord, of: EntityName)

    /// Whether it is what a feed says.
    public var isReading: Bool { if case .reading = self { true } else { false } }
}

extension FeedStore {
    /// Keeps one reading.
    public func apply(_ reading: FeedReading, fetch: FetchRecord, at now: WallTime) throws -> CatalogSummary {
        try keep([.reading(reading, fetch)], at: now)
    }

    /// Keeps the record of one fetch that brought nothing.
    public func record(_ fetch: FetchRecord, of feed: EntityName, at now: WallTime) throws {
        _ = try keep([.record(fetch, of: feed)], at: now)
    }
}
