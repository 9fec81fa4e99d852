/// How fast long work goes on, and how long the rest will take: by what was done in the last seconds, since downloads and
/// disks do not keep the pace of their first moment.
struct WorkRate: Sendable, Hashable {
    private struct Sample: Hashable {
        var instant: ContinuousClock.Instant
        var done: Int
    }

    /// A sample is kept this often.
    private static let step = Duration.milliseconds(500)
    /// So many are looked at: the last ten seconds.
    private static let most = 20

    private var samples: [Sample] = []

    /// Takes note of how much is done. Less than before begins anew: other work.
    mutating func note(_ done: Int, at now: ContinuousClock.Instant) {
        if let last = samples.last, done < last.done { samples = [] }
        if let last = samples.last, now - last.instant < Self.step { return }
        if samples.count == Self.most { samples.removeFirst() }
        samples.append(Sample(instant: now, done: done))
    }

    /// What is done in a second; `nil` until that can be told.
    func perSecond(_ done: Int, at now: ContinuousClock.Instant) -> Double? {
        guard let first = samples.first, now - first.instant >= Self.step, done > first.done else { return nil }
        return Double(done - first.done) / ((now - first.instant) / .seconds(1))
    }

    /// Seconds until `total` is done; `nil` until that can be told.
    func secondsLeft(_ done: Int, of total: Int, at now: ContinuousClock.Instant) -> Int? {
        guard let rate = perSecond(done, at: now), rate > 0, total >= done else { return nil }
        let seconds = (Double(total - done) / rate).rounded(.up)
        // Beyond a hundred days the work has stalled.
        return seconds < 8_640_000 ? Int(seconds) : nil
    }

    /// A time as people say it, one unit: `40 s`, `3 min`, `2 h`, `4 d`.
    static func text(seconds: Int) -> String {
        switch seconds {
        case ..<90: "\(max(0, seconds)) s"
        case ..<5_400: "\((seconds + 30) / 60) min"
        case ..<172_800: "\((seconds + 1_800) / 3_600) h"
        default: "\((seconds + 43_200) / 86_400) d"
        }
    }

    /// A rate as people say it: `0.4`, `3.5`, `120`.
    static func text(perSecond rate: Double) -> String {
        guard rate < 10 else { return String(Int(min(rate, 1e15).rounded())) }
        let tenths = Int((rate * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
