import FeedFormats
public import SyncCore

// When to come back. All times are whole milliseconds.
//
// The interval of a feed is half of the usual gap between its articles: the median of the gaps between the newest eleven
// dates that are not in the future. A feed that fell silent for longer than that is asked after a quarter of its silence.
// Where dates say nothing, the interval halves when a fetch brings something. A fetch that brings nothing lengthens it by
// a quarter, unless it came long before it was due: whoever refreshes by hand ten times in a minute slows nothing down.
// The feed's own lifetime (`ttl`, `sy:updatePeriod`) is its lower bound, and all of it lies within the limits.
//
// The next fetch is due after the interval or the answer's freshness (RFC 9111 §4.2), whichever is longer, with a tenth
// of chance either way so that feeds do not stay in step. `skipHours` and `skipDays` move it on while the limits allow.

extension FetchSession {
    private static let firstInterval: Int64 = 3_600_000
    private static let day: Int64 = 24 * 3_600_000

    private var least: Int64 { max(1, limits.leastInterval) }
    private var largest: Int64 { max(least, limits.largestInterval) }
    private var knownInterval: Int64 {
        min(max(record.interval > 0 ? record.interval : Self.firstInterval, least), largest)
    }

    /// Whether a feed is asked now by who asks those whose time has come.
    public static func isDue(_ record: FetchRecord, at now: WallTime, limits: Limits = Limits()) -> Bool {
        !record.isGone && FetchSession(record, reason: .schedule, limits: limits).postponement(at: now) == nil
    }

    /// Until when nothing may be asked; `nil`: it may now. An instant that lies further ahead than could have been set,
    /// or a last fetch in the future, comes of a clock that was wrong, and holds nobody up.
    func postponement(at now: WallTime) -> WallTime? {
        guard reason != .named else { return nil }
        if let until = record.pausedUntil, until > now, until <= now.advanced(by: limits.longestPause) { return until }
        guard reason == .schedule, record.due > now else { return nil }
        let clockWentBack = record.checked.map { $0 > now.advanced(by: least) } ?? false
        return clockWentBack || record.due > now.advanced(by: max(largest, Self.day)) ? nil : record.due
    }

    /// The interval of a feed that has something new.
    func interval(after feed: ParsedFeed, at now: WallTime) -> Int64 {
        let wanted = Self.wanted(feed.entries, at: now) ?? knownInterval / 2
        return min(max(wanted, feed.hints.lifetime ?? 0, least), largest)
    }

    private static func wanted(_ entries: [ParsedEntry], at now: WallTime) -> Int64? {
        let dates = Set(entries.lazy.compactMap { $0.published ?? $0.updated }.filter { $0 <= now.milliseconds })
        let newest = dates.sorted(by: >).prefix(11)
        guard let last = newest.first, newest.count > 1 else { return nil }
        let gaps = zip(newest, newest.dropFirst()).map { $0.subtractingReportingOverflow($1).partialValue }.sorted()
        let usual = max(0, gaps[gaps.count / 2])
        let (silence, overflow) = now.milliseconds.subtractingReportingOverflow(last)
        return max(usual / 2, overflow || silence <= usual ? 0 : silence / 4)
    }

    /// The interval of a feed that has nothing new.
    func intervalAfterNothing(at now: WallTime) -> Int64 {
        let known = knownInterval
        let wasEarly = record.checked.map { now < $0.advanced(by: known / 2) } ?? false
        return wasEarly ? known : min(known + known / 4, largest)
    }

    /// Sets when the next fetch is due, after an answer that was of use.
    mutating func schedule(
        _ answer: FetchAnswer, skipping hints: FeedHints?, at now: WallTime,
        using draw: inout some RandomNumberGenerator
    ) {
        let delay = spread(max(knownInterval, min(answer.freshness(at: now) ?? 0, largest)), using: &draw)
        let due = now.advanced(by: delay)
        record.due = min(hints.map { Self.skipping($0, from: due) } ?? due, now.advanced(by: largest))
    }

    /// Brings the next fetch forward, to four of the least intervals at most, whatever the answer says of its freshness.
    mutating func comeBackSoon(at now: WallTime) {
        let (soon, overflow) = least.multipliedReportingOverflow(by: 4)
        record.due = min(record.due, now.advanced(by: overflow ? largest : soon))
    }

    /// The time until the next try: the interval after the first failure, then twice as long each time, at most a day.
    func delayAfterFailure(using draw: inout some RandomNumberGenerator) -> Int64 {
        let most = max(least, min(Self.day, largest))
        let delay = Backoff.delay(after: record.failures, first: min(knownInterval, most), most: most)
        return min(spread(delay, using: &draw), most)
    }

    /// A delay by chance from nine to eleven tenths of this one, within the limits.
    private func spread(_ delay: Int64, using draw: inout some RandomNumberGenerator) -> Int64 {
        let tenth = delay / 10
        let range = max(least, delay - tenth)...min(largest, delay + tenth)
        return Int64.random(in: range, using: &draw)
    }

    /// The first instant from `due` on that lies in no hour or day that the publisher wants skipped; `due` if all do.
    private static func skipping(_ hints: FeedHints, from due: WallTime) -> WallTime {
        guard !hints.skippedHours.isEmpty || !hints.skippedDays.isEmpty else { return due }
        let hour: Int64 = 3_600_000
        var instant = due.milliseconds
        for _ in 0..<(7 * 24) {
            let hours = instant.quotient(flooredBy: hour)
            let days = hours.quotient(flooredBy: 24)
            // 1970-01-01 was a Thursday, the fourth day of a week that begins with 0.
            let weekday = Int(days + 3 - (days + 3).quotient(flooredBy: 7) * 7)
            let isSkipped =
                hints.skippedHours.contains(Int(hours - days * 24)) || hints.skippedDays.contains(weekday)
            guard isSkipped else { return WallTime(milliseconds: instant) }
            guard instant < .max - hour else { return due }
            instant = (hours + 1) * hour
        }
        return due
    }
}
