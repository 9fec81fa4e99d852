import FeedFormats
import FeedSession
import SyncCore
import SyncTestKit
import Testing

/// A feed that is fetched again and again: its record, its clock, and what the last fetch came to.
struct Fetches {
    static let minute: Int64 = 60_000
    static let hour: Int64 = 3_600_000
    static let day: Int64 = 24 * hour

    var record: FetchRecord
    var now = WallTime(milliseconds: 1_764_000_000_000)
    var limits = FetchSession.Limits()
    var random = SeededRandom(seed: 7)
    /// What was asked for by the last fetch.
    var asked: [FetchRequest] = []

    init(_ url: String = "https://example.com/feed") {
        record = FetchRecord(url: url)
    }

    /// One fetch, with these answers in order; a body is read as `feed`, or cannot be read if that is `nil`.
    @discardableResult
    mutating func fetch(
        _ answers: FetchAnswer..., reason: FetchSession.Reason = .named, feed: ParsedFeed? = ParsedFeed(format: .rss)
    ) -> FetchSession.Action {
        var session = FetchSession(record, reason: reason, limits: limits)
        var left = answers[...]
        asked = []
        var action = session.start(at: now)
        while true {
            switch action {
            case .get(let request):
                asked.append(request)
                if let answer = left.popFirst() {
                    action = session.take(answer, at: now, using: &random)
                } else {
                    action = session.take(FetchFailure(.unreachable, "nobody"), at: now, using: &random)
                }
            case .parse:
                if let feed {
                    record = session.take(feed, at: now, using: &random)
                    return action
                }
                action = session.take(FetchFailure(.unreadable, "no feed"), at: now, using: &random)
            case .unchanged(let kept), .failed(_, let kept):
                record = kept
                return action
            case .postponed: return action
            }
        }
    }

    var delay: Int64 { record.due.milliseconds - now.milliseconds }
}

/// An answer; the digest stands for the body.
func answered(_ status: Int, _ headers: [String: String] = [:], body: String = "") -> FetchAnswer {
    FetchAnswer(status: status, headers: headers, bodyDigest: Digest128(hashing: body.utf8))
}

/// A redirect.
func moved(_ status: Int, _ location: String) -> FetchAnswer { answered(status, ["location": location]) }

extension FetchSession.Action {
    var failure: FetchFailure? { if case .failed(let failure, _) = self { failure } else { nil } }
    var isUnchanged: Bool { if case .unchanged = self { true } else { false } }
    var isParsed: Bool { if case .parse = self { true } else { false } }
    var postponement: WallTime? { if case .postponed(let until) = self { until } else { nil } }
}

/// A feed with entries of these ages in milliseconds.
func feed(ages: [Int64], at now: WallTime, _ change: (inout ParsedFeed) -> Void = { _ in }) -> ParsedFeed {
    var feed = ParsedFeed(format: .rss)
    feed.entries = ages.map { age in entry("\(age)") { $0.published = now.milliseconds - age } }
    change(&feed)
    return feed
}
