import FeedEngine
import SyncCore
import SyncSession
import Synchronization

/// The line that shows how a long sync goes on: on a terminal only, and only once it has become long.
final class ProgressLine: Sendable {
    private struct State {
        var shown: ContinuousClock.Instant?
        var isFinished = false
        var report = SyncReport()
    }

    private let output: Output
    private let started = ContinuousClock.now
    private let isShown: Bool
    private let state = Mutex(State())

    init(_ output: Output) {
        self.output = output
        isShown = output.terminal.errorIsTerminal && !output.isQuiet && !output.isVerbose && !output.isJSON
    }

    /// Shows what a sync did so far.
    func show(_ report: SyncReport) {
        show { state in
            state.report = report
            let seconds = Self.seconds(since: self.started)
            let articles = report.catalog.added + report.catalog.corrected
            let entries = report.state.acknowledged + report.state.received
            return "syncing: \(Plural.changes(entries)), \(Plural.articles(articles)) "
                + "(\(Int(Double(articles) / seconds))/s), \(Plural.of(report.requests, "request"))"
        }
    }

    /// Shows how far the reading of feeds came.
    func show(_ report: FeedRefreshReport) {
        show { _ in
            let failed = report.failures.isEmpty ? "" : ", \(report.failures.count) failed"
            return "reading feeds: \(report.done) of \(report.total), \(Plural.articles(report.catalog.added))\(failed)"
        }
    }

    /// Shows how many articles were put in the full-text index.
    func showIndexed(_ count: Int) {
        show { _ in "indexing: \(Plural.articles(count))" }
    }

    /// Shows how many articles were written.
    func showExported(_ count: Int, of total: Int) {
        show { _ in
            let rate = Double(count) / Self.seconds(since: self.started)
            let rest = rate > 0 ? ", \(Int((Double(total - count) / rate).rounded(.up))) s left" : ""
            return "writing: \(count) of \(Plural.articles(total)) (\(Int(rate))/s\(rest))"
        }
    }

    /// Clears the line.
    func finish() {
        state.withLock { state in
            if state.shown != nil, !state.isFinished { output.transient("") }
            state.isFinished = true
        }
    }

    private func show(_ text: (inout State) -> String) {
        guard isShown else { return }
        let now = ContinuousClock.now
        state.withLock { state in
            let line = text(&state)
            guard !state.isFinished, now - started > .seconds(1),
                state.shown.map({ now - $0 > .milliseconds(100) }) ?? true
            else { return }
            state.shown = now
            output.transient(line)
        }
    }

    private static func seconds(since start: ContinuousClock.Instant) -> Double {
        let passed = (ContinuousClock.now - start).components
        return max(0.001, Double(passed.seconds) + Double(passed.attoseconds) / 1e18)
    }
}
