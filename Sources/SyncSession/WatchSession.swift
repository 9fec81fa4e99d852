public import SyncCore

/// How a watch follows its server: waits for news where the server holds a request until there are some; where it cannot
/// wait, asks for all there is from time to time, and tries meanwhile whether it can wait again. Pure: events in, steps out.
///
/// Time is counted from what the steps asked to be waited and the events say was waited, so no clock can jump, and a machine
/// that was suspended is not late.
public struct WatchSession: Hashable, Sendable {
    /// What came of the request that the last step asked for.
    public enum Event: Hashable, Sendable {
        /// A token for all that a sync could bring; `nil`: the server lets nobody wait, as older ones.
        case answered(String?)
        /// No answer, or none of use.
        case failed(RemoteError)
    }

    /// How the syncs went since the last event.
    public enum Syncs: Hashable, Sendable {
        /// None, or none with news.
        case quiet
        /// One brought news.
        case news
        /// The last one failed.
        case failed
    }

    /// What to do next, in this order.
    public struct Step: Hashable, Sendable {
        /// Why news can only be asked for from now on; said once a session.
        public var remark: String?
        /// Whether a sync is due.
        public var syncs = false
        /// How long to let the server be, in milliseconds.
        public var pause: Int64 = 0
        /// The token to wait with; `nil`: the request does not wait.
        public var token: String?

        /// Makes a step; the default asks at once, without waiting.
        public init(remark: String? = nil, syncs: Bool = false, pause: Int64 = 0, token: String? = nil) {
            self.remark = remark
            self.syncs = syncs
            self.pause = pause
            self.token = token
        }
    }

    private var schedule = WatchSchedule()
    private var token: String?
    /// Whether the last request was to be held.
    private var isHeld = false
    /// Milliseconds since the server last said whether there is something.
    private var unheard: Int64 = 0
    /// How many of them make a sync due.
    private var patience = WatchSchedule.firstInterval
    private var hasRemarked = false

    /// A session that knows nothing yet. Its first request does not wait.
    public init() {}

    /// Takes in what came of a request.
    ///
    /// - Parameters:
    ///   - waited: how long it took, in milliseconds.
    ///   - syncs: how the syncs went since the last event.
    public mutating func handle(
        _ event: Event, waited: Int64, syncs: Syncs, using draw: inout some RandomNumberGenerator
    ) -> Step {
        unheard += max(0, waited)
        var step: Step
        switch event {
        case .answered(let answer?): step = took(answer, waited, syncs, using: &draw)
        case .answered(nil): step = mayNotWait(syncs, using: &draw)
        case .failed(let error): step = failed(error, syncs, using: &draw)
        }
        unheard += step.pause
        isHeld = step.token != nil
        return step
    }

    private mutating func took(
        _ answer: String, _ waited: Int64, _ syncs: Syncs, using draw: inout some RandomNumberGenerator
    ) -> Step {
        let isNews = answer != token
        var step = Step(syncs: isNews || schedule.isFailing && syncs == .failed, token: answer)
        // That the server answers at once does not say that it holds a request, or that what is in between lets it.
        if isHeld {
            schedule.answered()
            step.pause = schedule.afterWait(waited, isNews: isNews, using: &draw)
        }
        (token, unheard, patience) = (answer, 0, WatchSchedule.firstInterval)
        return step
    }

    private mutating func mayNotWait(_ syncs: Syncs, using draw: inout some RandomNumberGenerator) -> Step {
        schedule.answered()
        var step = Step(remark: remark("the server does not tell of news"), token: token)
        step.syncs = isOverdue(syncs, using: &draw)
        step.pause = max(WatchSchedule.firstDelay, patience - unheard)
        return step
    }

    private mutating func failed(
        _ error: RemoteError, _ syncs: Syncs, using draw: inout some RandomNumberGenerator
    ) -> Step {
        // Not to wait, after a failure, is to learn at once that the server is there again.
        var step = Step(syncs: isOverdue(syncs, using: &draw))
        if step.syncs { step.remark = remark("the server cannot be waited for: \(error.detail)") }
        let retryAfter = error.retryAfter.map { $0.components.seconds * 1_000 }
        step.pause = schedule.afterFailure(retryAfter: retryAfter, using: &draw)
        return step
    }

    /// Whether it is time for a sync where nobody tells of news; if so, the next is put off.
    private mutating func isOverdue(_ syncs: Syncs, using draw: inout some RandomNumberGenerator) -> Bool {
        guard unheard >= patience else { return false }
        patience = schedule.nextInterval(hadNews: syncs == .news, using: &draw)
        unheard = 0
        return true
    }

    private mutating func remark(_ text: String) -> String? {
        defer { hasRemarked = true }
        return hasRemarked ? nil : text
    }
}
