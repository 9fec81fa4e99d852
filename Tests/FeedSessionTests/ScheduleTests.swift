import FeedFormats
import FeedSession
import SyncCore
import SyncTestKit
import Testing

@Suite("When a feed is asked again")
struct ScheduleTests {
    private typealias Hours = Fetches

    @Test("half of the usual gap between articles, within the limits, and a tenth of chance")
    func adaptive() {
        for (gap, expected) in [
            (Hours.minute, 15 * Hours.minute), (8 * Hours.hour, 4 * Hours.hour), (90 * Hours.day, Hours.day),
        ] {
            var fetches = Fetches()
            fetches.fetch(answered(200, body: "1"), feed: feed(ages: (0..<12).map { $0 * gap }, at: fetches.now))
            #expect(fetches.record.interval == expected)
            #expect((expected - expected / 10...expected + expected / 10).contains(fetches.delay))
        }
    }

    @Test("a feed that fell silent is asked after a quarter of its silence")
    func silent() {
        var fetches = Fetches()
        let ages = (0..<5).map { 40 * Hours.hour + $0 * Hours.hour }
        fetches.fetch(answered(200, body: "1"), feed: feed(ages: ages, at: fetches.now))
        #expect(fetches.record.interval == 10 * Hours.hour)
    }

    @Test("dates in the future say nothing")
    func future() {
        var fetches = Fetches()
        fetches.fetch(answered(200, body: "1"), feed: feed(ages: [-Hours.day, -2 * Hours.day], at: fetches.now))
        #expect(fetches.record.interval == 30 * Hours.minute)
    }

    @Test("fetches in vain lengthen the interval up to its limit, hasty ones do not")
    func inVain() {
        var fetches = Fetches()
        fetches.fetch(answered(200, ["etag": "1"], body: "1"))
        let first = fetches.record.interval
        for _ in 0..<10 { fetches.fetch(answered(304)) }
        #expect(fetches.record.interval == first)
        for _ in 0..<40 {
            fetches.now = fetches.record.due
            fetches.fetch(answered(304))
        }
        #expect(fetches.record.interval == Hours.day && fetches.delay <= Hours.day)
    }

    @Test("nothing is asked before it is due unless a person wants it")
    func due() {
        var fetches = Fetches()
        fetches.fetch(answered(200, body: "1"))
        #expect(fetches.fetch(reason: .schedule).postponement == fetches.record.due)
        #expect(fetches.fetch(answered(200, body: "1"), reason: .person).isUnchanged)
        fetches.now = fetches.record.due
        #expect(fetches.fetch(answered(200, body: "1"), reason: .schedule).isUnchanged)
    }

    private static let freshAnswers: [(fields: [String: String], delay: Int64)] = [
        (["cache-control": "public, max-age=7200"], Int64(2 * 3_600_000)),
        (["cache-control": "max-age=7200", "age": "3600"], 3_600_000),
        (["expires": "Mon, 01 Jan 2024 05:00:00 GMT", "date": "Mon, 01 Jan 2024 00:00:00 GMT"], 5 * 3_600_000),
        (["cache-control": "max-age=99999999999999999999"], 24 * 3_600_000),
        (["cache-control": "no-cache, max-age=7200"], 30 * 60_000),
        (["cache-control": "max-age=-5"], 30 * 60_000), (["expires": "0"], 30 * 60_000),
    ]

    @Test(
        "freshness and lifetime put the next fetch off, at most to the largest interval",
        arguments: freshAnswers)
    func freshness(_ headers: [String: String], _ expected: Int64) {
        var fetches = Fetches()
        fetches.fetch(answered(200, headers, body: "1"))
        #expect((expected - expected / 10...min(expected + expected / 10, Hours.day)).contains(fetches.delay))
    }

    @Test("a feed's own lifetime is the least interval")
    func lifetime() {
        var fetches = Fetches()
        let hourly = feed(ages: (0..<5).map { $0 * Hours.minute }, at: fetches.now) {
            $0.hints.lifetime = 6 * Hours.hour
        }
        fetches.fetch(answered(200, body: "1"), feed: hourly)
        #expect(fetches.record.interval == 6 * Hours.hour)
    }

    @Test("hours and days to be skipped are, unless all are")
    func skipped() {
        // The clock of these tests stands at 16:00 on a Monday, UTC.
        var fetches = Fetches()
        var hints = ParsedFeed(format: .rss)
        hints.hints.skippedHours = Set(0..<24).subtracting([20])
        fetches.fetch(answered(200, body: "1"), feed: hints)
        #expect(fetches.record.due.milliseconds / Hours.hour % 24 == 20)
        hints.hints.skippedHours = []
        hints.hints.skippedDays = [0]
        fetches.fetch(answered(200, body: "2"), feed: hints)
        #expect(fetches.record.due.milliseconds % Hours.day == 0)
        hints.hints.skippedDays = Set(0..<7)
        fetches.fetch(answered(200, body: "3"), feed: hints)
        #expect(fetches.delay <= Hours.hour)
    }

    @Test("failures put a feed off twice as long each time, at most a day")
    func backoff() {
        var fetches = Fetches()
        var delays: [Int64] = []
        for _ in 0..<12 {
            fetches.fetch(answered(500))
            delays.append(fetches.delay)
        }
        for (index, delay) in delays.enumerated() {
            let expected = min(Hours.hour << min(index, 10), Hours.day)
            #expect((expected * 9 / 10...min(expected * 11 / 10, Hours.day)).contains(delay), "failure \(index + 1)")
        }
        #expect(fetches.record.failures == 12)
        fetches.fetch(answered(200, body: "1"))
        #expect(fetches.record.failures == 0)
    }

    private static let pauses: [(status: Int, value: String, pause: Int64)] = [
        (429, "3600", Int64(3_600_000)), (503, "Mon, 24 Nov 2025 17:00:00 GMT", 3_600_000),
        (429, "99999999999", 7 * 24 * 3_600_000),
    ]

    @Test(
        "Retry-After of 429 and 503 holds for everybody but who names the feed, at most a week",
        arguments: pauses)
    func retryAfter(_ status: Int, _ value: String, _ pause: Int64) throws {
        var fetches = Fetches()
        fetches.fetch(answered(status, ["retry-after": value]))
        #expect(fetches.record.pausedUntil == fetches.now.advanced(by: pause))
        #expect(fetches.record.due >= fetches.now.advanced(by: pause))
        #expect(
            fetches.fetch(reason: .schedule).postponement != nil && fetches.fetch(reason: .person).postponement != nil)
        #expect(fetches.fetch(answered(200, body: "1"), reason: .named).isParsed && fetches.record.pausedUntil == nil)
    }

    @Test(
        "Retry-After that means nothing, or lies behind, is no pause",
        arguments: ["soon", "-5", "0", "Mon, 01 Jan 2024 00:00:00 GMT"])
    func noPause(_ value: String) {
        var fetches = Fetches()
        fetches.fetch(answered(503, ["retry-after": value]))
        #expect(fetches.record.pausedUntil == nil)
    }

    @Test("a clock that went back stops no feed")
    func clock() {
        var fetches = Fetches()
        fetches.fetch(answered(429, ["retry-after": "99999999"]))
        #expect(!FetchSession.isDue(fetches.record, at: fetches.now))
        fetches.now = fetches.now.advanced(by: -365 * Hours.day)
        #expect(FetchSession.isDue(fetches.record, at: fetches.now))
        #expect(fetches.fetch(answered(200, body: "1"), reason: .schedule).isParsed)
        fetches.now = fetches.now.advanced(by: -Hours.hour)
        #expect(fetches.fetch(answered(200, body: "1"), reason: .schedule).isUnchanged)
    }

    @Test(
        "from any record and any answers, a fetch ends, and the next one is due within the limits", arguments: 0..<60)
    func laws(_ seed: UInt64) {
        var fetches = Fetches()
        fetches.random = SeededRandom(seed: seed)
        var chance = SeededRandom(seed: seed &+ 1_000_000)
        fetches.record = RecordChance.record(&chance)
        for step in 0..<60 {
            let before = fetches.record
            fetches.now = fetches.now.advanced(by: Int64.random(in: -Hours.day...2 * Hours.day, using: &chance))
            let reason = [FetchSession.Reason.schedule, .person, .named].randomElement(using: &chance) ?? .named
            let read = Bool.random(using: &chance) ? RecordChance.feed(at: fetches.now, &chance) : nil
            let answers = (0..<8).map { _ in RecordChance.answer(&chance) }
            let action = fetches.fetch(
                answers[0], answers[1], answers[2], answers[3], answers[4], answers[5], answers[6], answers[7],
                reason: reason, feed: read)
            #expect(fetches.asked.count <= fetches.limits.redirects + 1)
            #expect(fetches.record.failures >= 0 || fetches.asked.isEmpty)
            guard !fetches.asked.isEmpty else {
                #expect(fetches.record == before)
                continue
            }
            let largest = fetches.record.pausedUntil == nil ? Hours.day : fetches.limits.longestPause
            #expect((fetches.limits.leastInterval...largest).contains(fetches.delay), "step \(step): \(action)")
            #expect((action.failure == nil) == (fetches.record.problem == nil))
            #expect(fetches.record.url.hasPrefix("http"))
        }
    }
}

/// Records, answers and feeds by chance, nonsense among them.
enum RecordChance {
    static func record(_ chance: inout SeededRandom) -> FetchRecord {
        var record = FetchRecord(url: "https://example.com/feed")
        let numbers: [Int64] = [.min, -1, 0, 1, 1_764_000_000_000, 1_764_000_500_000, .max]
        func number(_ chance: inout SeededRandom) -> Int64 { numbers.randomElement(using: &chance) ?? 0 }
        record.due = WallTime(milliseconds: number(&chance))
        record.checked = WallTime(milliseconds: number(&chance))
        record.pausedUntil = Bool.random(using: &chance) ? WallTime(milliseconds: number(&chance)) : nil
        record.interval = number(&chance)
        record.failures = [Int.min, -1, 0, 3, .max].randomElement(using: &chance) ?? 0
        record.isGone = UInt8.random(in: 0..<8, using: &chance) == 0
        record.move = FetchRecord.Move(
            url: "https://example.com/1", count: [Int.min, 0, 2, .max].randomElement(using: &chance) ?? 0)
        return record
    }

    static func answer(_ chance: inout SeededRandom) -> FetchAnswer {
        let status = [200, 200, 301, 302, 304, 307, 308, 404, 410, 429, 500, 503].randomElement(using: &chance) ?? 200
        var headers: [String: String] = [:]
        let texts = ["", "0", "-1", "x", "3600", "99999999999999999999", "Mon, 01 Jan 2024 00:00:00 GMT", "\"e\""]
        for name in ["retry-after", "expires", "date", "age", "etag", "last-modified"]
        where Bool.random(using: &chance) { headers[name] = texts.randomElement(using: &chance) }
        let places = ["/1", "/2", "/3", "https://example.com/feed", "http://other.net/", "ftp://x/", "::", ""]
        headers["location"] = places.randomElement(using: &chance)
        headers["cache-control"] = "max-age=" + (texts.randomElement(using: &chance) ?? "")
        return answered(status, headers, body: "\(UInt8.random(in: 0..<4, using: &chance))")
    }

    static func feed(at now: WallTime, _ chance: inout SeededRandom) -> ParsedFeed {
        var feed = ParsedFeed(format: .rss)
        let count = Int.random(in: 0..<5, using: &chance)
        feed.entries = (0..<count).map { number in
            entry("\(number)") {
                $0.published = [.min, .max, 0, now.milliseconds, now.milliseconds - 5].randomElement(using: &chance)
            }
        }
        feed.hints.lifetime = [nil, -5, 0, 3_600_000, .max].randomElement(using: &chance) ?? nil
        if Bool.random(using: &chance) {
            feed.hints.skippedHours = Set((0..<30).filter { _ in Bool.random(using: &chance) })
        }
        if Bool.random(using: &chance) {
            feed.hints.skippedDays = Set((0..<9).filter { _ in Bool.random(using: &chance) })
        }
        return feed
    }
}
