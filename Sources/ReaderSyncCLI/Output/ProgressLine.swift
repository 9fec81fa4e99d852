import FeedEngine
import SyncCore
import SyncSession
import Synchronization

/// The line that shows how long work goes on: on a terminal only, and only once it has become long.
final class ProgressLine: Sendable {
    /// How far a piece of work has come.
    struct Work: Sendable, Hashable {
        /// What is being done, as a participle: `syncing`.
        var doing: String
        /// How much is done, 0 and up.
        var done: Int
        /// How much there is; `nil` if nobody knows.
        var total: Int?
        /// What is counted, in the plural.
        var noun: String
        /// Whether `done` and `total` are bytes, and said as such.
        var isBytes = false
        /// More facts, without those that are empty.
        var facts: [String] = []
    }

    private struct State {
        var shown: ContinuousClock.Instant?
        var isFinished = false
        var doing = ""
        var rate = WorkRate()
    }

    private let output: Output
    private let started = ContinuousClock.now
    private let isShown: Bool
    private let state = Mutex(State())

    init(_ output: Output) {
        self.output = output
        isShown = output.terminal.errorIsTerminal && !output.isQuiet && !output.isVerbose && !output.isJSON
    }

    /// Shows how far work has come, with its rate and the time that is left. To be called as often as there is news: most
    /// of it is not shown.
    func show(_ work: @autoclosure () -> Work) {
        guard isShown else { return }
        let now = ContinuousClock.now
        state.withLock { state in
            let work = work()
            if state.doing != work.doing { (state.doing, state.rate) = (work.doing, WorkRate()) }
            state.rate.note(work.done, at: now)
            guard !state.isFinished, now - started > .seconds(1),
                state.shown.map({ now - $0 > .milliseconds(100) }) ?? true
            else { return }
            state.shown = now
            output.transient(Self.text(work, state.rate, at: now))
        }
    }

    /// Shows what a sync did so far.
    func show(_ report: SyncReport) {
        show(Self.work(report))
    }

    /// Shows how far the reading of feeds came.
    func show(_ report: FeedRefreshReport) {
        show(
            Work(
                doing: "reading feeds", done: report.done, total: report.total, noun: "feeds",
                facts: [
                    Plural.articles(report.catalog.added),
                    report.failures.isEmpty ? "" : "\(report.failures.count) failed",
                ]))
    }

    /// Clears the line.
    func finish() {
        state.withLock { state in
            if state.shown != nil, !state.isFinished { output.transient("") }
            state.isFinished = true
        }
    }

    private static func work(_ report: SyncReport) -> Work {
        let changes = report.state.acknowledged + report.state.received
        let requests = Plural.of(report.requests, "request")
        let articles = report.catalog.added + report.catalog.corrected
        guard articles > 0 || report.missingEntries > 0 else {
            return Work(doing: "syncing", done: changes, noun: "changes", facts: [requests])
        }
        let (total, isTooMany) = articles.addingReportingOverflow(report.missingEntries)
        return Work(
            doing: "fetching articles", done: articles, total: isTooMany ? nil : total, noun: "articles",
            facts: [changes > 0 ? Plural.changes(changes) : "", requests])
    }

    /// The line.
    static func text(_ work: Work, _ rate: WorkRate, at now: ContinuousClock.Instant) -> String {
        let amount = { (count: Int) in work.isBytes ? ByteCount.text(Int64(count)) : String(count) }
        var facts = [
            amount(work.done) + (work.total.map { " of " + amount($0) } ?? "") + (work.isBytes ? "" : " " + work.noun)
        ]
        if let speed = rate.perSecond(work.done, at: now) {
            facts.append((work.isBytes ? ByteCount.text(Int64(speed)) : WorkRate.text(perSecond: speed)) + "/s")
        }
        if let total = work.total, let left = rate.secondsLeft(work.done, of: total, at: now) {
            facts.append(WorkRate.text(seconds: left) + " left")
        }
        return work.doing + ": " + (facts + work.facts.filter { !$0.isEmpty }).joined(separator: ", ")
    }
}
