public import FeedFormats
public import SyncCore

/// One fetch of one feed as a state machine: which address to ask with which validators, which redirects to follow,
/// what to remember, when to come back. Knows no clock, network or chance: they are handed in.
///
/// ```
/// start -> get -> take(answer) -> get ...          a redirect, at most `redirects` times
///                              -> parse -> take(feed) or take(failure)
///                              -> unchanged | failed
///              -> take(failure) -> failed
/// ```
///
/// ``FetchSession+Schedule.swift`` says when to come back, ``FetchSession+Redirect.swift`` which redirects are followed
/// and which are believed. A document that cannot be read leaves the validators of the last one that could: when the
/// publisher takes the damage back, a cheap answer says so; until then it is read, and reported, each time anew.
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
        /// Longest that a server may ask to be left alone for, in milliseconds.
        public var longestPause: Int64 = 7 * 24 * 3_600_000

        /// Makes the default limits.
        public init() {}
    }

    /// What is remembered, as it stands.
    public internal(set) var record: FetchRecord

    let reason: Reason
    let limits: Limits
    var stage = Stage.new
    /// Where the fetch has been led so far.
    var route: FetchRoute

    /// How far a fetch has come.
    enum Stage {
        /// Nothing was asked.
        case new
        /// An address was asked, and its answer is due.
        case asking
        /// A body is being read; the answer it came with.
        case reading(FetchAnswer)
        /// Over.
        case done
    }

    /// Begins with what was remembered.
    public init(_ record: FetchRecord, reason: Reason, limits: Limits = Limits()) {
        self.record = record
        self.reason = reason
        self.limits = limits
        route = FetchRoute(from: record.url)
    }

    /// Begins.
    public mutating func start(at now: WallTime) -> Action {
        guard case .new = stage else { return finish(.unchanged(record)) }
        if record.isGone, reason != .named {
            guard reason == .person else { return finish(.postponed(until: WallTime(milliseconds: .max))) }
            return finish(.failed(.gone(), record))
        }
        if let until = postponement(at: now) { return finish(.postponed(until: until)) }
        guard let url = FetchRoute.webAddress(record.url) else {
            return finish(
                .failed(
                    FetchFailure(
                        .forbidden, "\(FetchFailure.shown(record.url)) is no http or https address",
                        remedy: "remove the feed and add it by its address"), record))
        }
        route = FetchRoute(from: url)
        return ask()
    }

    /// Takes an answer.
    public mutating func take(
        _ answer: FetchAnswer, at now: WallTime, using draw: inout some RandomNumberGenerator
    ) -> Action {
        guard case .asking = stage else { return finish(.unchanged(record)) }
        switch answer.status {
        case 200, 203:
            guard answer.bodyDigest != record.bodyDigest else { return unchanged(answer, at: now, using: &draw) }
            stage = .reading(answer)
            return .parse(baseURL: route.current)
        case 304 where record.etag != nil || record.lastModified != nil:
            return unchanged(answer, at: now, using: &draw)
        case 301, 302, 303, 307, 308:
            if let failure = route.follow(answer, limit: limits.redirects) {
                return fail(failure, at: now, using: &draw)
            }
            return ask()
        case 410 where route.isPermanent:
            record.isGone = true
            return fail(.gone(), at: now, using: &draw)
        default:
            return refused(answer, at: now, using: &draw)
        }
    }

    /// Takes the news that no answer came, or that the body could not be read. A fetch that was cancelled leaves the
    /// record as it was.
    public mutating func take(
        _ failure: FetchFailure, at now: WallTime, using draw: inout some RandomNumberGenerator
    ) -> Action {
        switch stage {
        case .asking, .reading: fail(failure, at: now, using: &draw)
        case .new, .done: finish(.failed(failure, record))
        }
    }

    /// Takes what the body turned out to be, and gives the record to be kept with it.
    public mutating func take(
        _ feed: ParsedFeed, at now: WallTime, using draw: inout some RandomNumberGenerator
    ) -> FetchRecord {
        guard case .reading(let answer) = stage else { return record }
        stage = .done
        // Of a document that is cut nothing may say later that it is unchanged: its rest would never come.
        record.bodyDigest = feed.isCut ? nil : answer.bodyDigest
        record.etag = feed.isCut ? nil : answer.validator("etag")
        record.lastModified = feed.isCut ? nil : answer.validator("last-modified")
        record.changed = now
        settle(at: now)
        record.interval = interval(after: feed, at: now)
        schedule(answer, skipping: feed.hints, at: now, using: &draw)
        if feed.isCut { comeBackSoon(at: now) }
        return record
    }
}

extension FetchSession {
    private mutating func ask() -> Action {
        stage = .asking
        return .get(FetchRequest(url: route.current, etag: record.etag, lastModified: record.lastModified))
    }

    private mutating func finish(_ action: Action) -> Action {
        stage = .done
        return action
    }

    private mutating func unchanged(
        _ answer: FetchAnswer, at now: WallTime, using draw: inout some RandomNumberGenerator
    ) -> Action {
        // A server may give its validators anew with either answer (RFC 9111 §4.3.4).
        record.etag = answer.validator("etag") ?? (answer.status == 304 ? record.etag : nil)
        record.lastModified = answer.validator("last-modified") ?? (answer.status == 304 ? record.lastModified : nil)
        record.interval = intervalAfterNothing(at: now)
        settle(at: now)
        schedule(answer, skipping: nil, at: now, using: &draw)
        return finish(.unchanged(record))
    }

    /// What every good end of a fetch means.
    private mutating func settle(at now: WallTime) {
        record.checked = now
        record.failures = 0
        record.problem = nil
        record.pausedUntil = nil
        record.isGone = false
        believe(route.permanentTarget)
    }

    private mutating func fail(
        _ failure: FetchFailure, at now: WallTime, using draw: inout some RandomNumberGenerator
    ) -> Action {
        guard failure.code != .cancelled else { return finish(.failed(failure, record)) }
        record.checked = now
        record.failures = min(max(0, record.failures), 1_000) + 1
        record.problem = failure.detail
        record.pausedUntil = nil
        record.due = now.advanced(by: delayAfterFailure(using: &draw))
        return finish(.failed(failure, record))
    }

    private mutating func refused(
        _ answer: FetchAnswer, at now: WallTime, using draw: inout some RandomNumberGenerator
    ) -> Action {
        let isBusy = answer.status == 429 || answer.status == 503
        let pause = isBusy ? answer.retryAfter(at: now).map { min($0, limits.longestPause) } : nil
        let action = fail(.refused(by: route.redirected, status: answer.status, pause: pause), at: now, using: &draw)
        guard let pause, pause > 0, case .failed(let failure, _) = action else { return action }
        let until = now.advanced(by: pause)
        record.pausedUntil = until
        record.due = max(record.due, until)
        return .failed(failure, record)
    }
}
