public import FeedFormats
public import SyncCore

/// One fetch of one feed as a state machine: which address to ask with which validators, which redirects to follow,
/// what to remember, when to come back. Knows no clock, network or chance: they are handed in.
public struct FetchSession: Sendable {
    /// Why the feed is fetched.
    public enum Reason: Sendable, Hashable {
        /// It is time, see ``FetchRecord/due``.
        case schedule
        /// A person wants it now; only a pause that the server asked for holds.
        case person
        /// A person named this feed: also one that is gone, or whose server wants to be left alone.
        case named
    }

    /// What is to be done next.
    public enum Action: Sendable, Hashable {
        /// Ask for this, and report the answer.
        case get(FetchRequest)
        /// The body is new: parse it, with this base, and report what came of it.
        case parse(baseURL: String)
        /// Nothing changed since the last time.
        case unchanged(FetchRecord)
        /// It is too early to ask, and nothing was asked.
        case postponed(until: WallTime)
        /// It failed; the record says when to try again.
        case failed(FetchFailure, FetchRecord)
    }

    /// Bounds of a fetch.
    public struct Limits: Sendable, Hashable {
        /// Most redirects followed.
        public var redirects = 5
        /// Fetches in a row that a permanent redirect must be seen in before the new address is kept.
        public var movesBelieved = 3
        /// Least interval between two fetches, in milliseconds.
        public var leastInterval: Int64 = 15 * 60_000
        /// Largest interval between two fetches, in milliseconds.
        public var largestInterval: Int64 = 24 * 3_600_000

        /// Makes the default limits.
        public init() {}
    }

    /// What is remembered, as it stands.
    public private(set) var record: FetchRecord

    /// Begins with what was remembered.
    public init(_ record: FetchRecord, reason: Reason, limits: Limits = Limits()) {
        self.record = record
    }

    /// Begins.
    public mutating func start(at now: WallTime) -> Action { .postponed(until: record.due) }

    /// Takes an answer.
    public mutating func take(
        _ answer: FetchAnswer, at now: WallTime, using draw: inout some RandomNumberGenerator
    ) -> Action { .unchanged(record) }

    /// Takes the news that no answer came.
    public mutating func take(
        _ failure: FetchFailure, at now: WallTime, using draw: inout some RandomNumberGenerator
    ) -> Action { .failed(failure, record) }

    /// Takes what the body turned out to be, and gives the record to be kept with it.
    public mutating func take(
        _ feed: ParsedFeed, at now: WallTime, using draw: inout some RandomNumberGenerator
    ) -> FetchRecord { record }
}
