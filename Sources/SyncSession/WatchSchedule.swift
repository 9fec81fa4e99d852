import SyncCore

/// When to ask next, where nobody tells that there is something: sooner after news, later after none. And when to try again
/// after a failure. All times are milliseconds. Each is moved by a tenth either way by chance, so that devices that lost
/// their server at once do not come back at once.
public struct WatchSchedule: Hashable, Sendable {
    /// The least time between two questions.
    public static let leastInterval: Int64 = 30_000
    /// The first interval.
    public static let firstInterval: Int64 = 60_000
    /// The largest.
    public static let largestInterval: Int64 = 15 * 60_000
    /// The wait after a first failure.
    public static let firstDelay: Int64 = 1_000
    /// The longest wait after failures.
    public static let longestDelay: Int64 = 60_000

    private var interval = Self.firstInterval
    private var failures = 0

    /// A schedule that knows nothing yet.
    public init() {}

    /// Whether the last question failed.
    public var isFailing: Bool { failures > 0 }

    /// The wait after an answer.
    public mutating func afterAnswer(hadNews: Bool, using draw: inout some RandomNumberGenerator) -> Int64 {
        failures = 0
        return nextInterval(hadNews: hadNews, using: &draw)
    }

    /// How long after a question the next one is due, whatever fails in between.
    public mutating func nextInterval(hadNews: Bool, using draw: inout some RandomNumberGenerator) -> Int64 {
        interval = hadNews ? max(Self.leastInterval, interval / 2) : min(Self.largestInterval, interval + interval / 2)
        return Backoff.spread(interval, using: &draw)
    }

    /// The wait after a failure.
    ///
    /// - Parameter retryAfter: what the server asked for.
    public mutating func afterFailure(retryAfter: Int64?, using draw: inout some RandomNumberGenerator) -> Int64 {
        failures = min(failures + 1, 32)
        let delay = Backoff.delay(after: failures, first: Self.firstDelay, most: Self.longestDelay)
        return max(Backoff.spread(delay, using: &draw), min(max(0, retryAfter ?? 0), Self.largestInterval))
    }

    /// The wait after a request that the server was to hold until there is something: none, unless it did not hold it, as a
    /// server out of order does, or a cache in between.
    ///
    /// - Parameters:
    ///   - waited: how long the server held the request, in milliseconds.
    ///   - isNews: whether there was something.
    public mutating func afterWait(_ waited: Int64, isNews: Bool, using draw: inout some RandomNumberGenerator) -> Int64
    {
        guard waited < Self.firstDelay else {
            interval = Self.firstInterval
            return 0
        }
        return isNews ? Self.firstDelay : afterAnswer(hadNews: false, using: &draw)
    }

    /// Notes that an answer came where the wait is the server's.
    public mutating func answered() { failures = 0 }
}
