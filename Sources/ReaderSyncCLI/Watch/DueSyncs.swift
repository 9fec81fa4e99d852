import SyncCore
import SyncPorts
import SyncSession
import Synchronization
import SystemPorts

/// Which reasons there are to sync, and how the syncs went. Reasons that come while a sync runs are dealt with by one more.
final class DueSyncs: Sendable {
    /// Why a sync is due.
    enum Reason: Int, Sendable, CaseIterable {
        /// The server has news, or can be reached again, or should be asked whether it has.
        case server
        /// Something was marked on this replica.
        case local
        /// The time of a feed has come.
        case feeds
    }

    private struct State {
        var reasons: Set<Reason> = []
        var hadNews = false
        var isFailing = false
        var retries = WatchSchedule()
    }

    /// Yields when there is a reason.
    let signals: AsyncStream<Void>
    /// After how many milliseconds to try again what failed.
    let retries: AsyncStream<Int64>
    private let signal: AsyncStream<Void>.Continuation
    private let retry: AsyncStream<Int64>.Continuation
    private let state = Mutex(State())

    init() {
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (retries, retry) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Adds a reason.
    func add(_ reason: Reason) {
        state.withLock { _ = $0.reasons.insert(reason) }
        signal.yield()
    }

    /// The reasons, which are then dealt with.
    func take() -> Set<Reason> {
        state.withLock { state in
            defer { state.reasons = [] }
            return state.reasons
        }
    }

    /// Whether the last sync with the server failed.
    var isFailing: Bool { state.withLock { $0.isFailing } }

    /// Notes how a sync with the server went.
    func note(_ outcome: SyncOutcome) {
        let delay = state.withLock { state -> Int64? in
            state.hadNews = state.hadNews || outcome.hasServerNews
            state.isFailing = outcome.report?.failure != nil || outcome.failure != nil
            guard state.isFailing else {
                state.retries.answered()
                return nil
            }
            var draw = RandomDraw(SystemRandomSource())
            let seconds = outcome.report?.failure?.retryAfter?.components.seconds
            return state.retries.afterFailure(retryAfter: seconds.map { $0 * 1_000 }, using: &draw)
        }
        if let delay { retry.yield(delay) }
    }

    /// How the syncs with the server went since this was asked last.
    func takeResults() -> WatchSession.Syncs {
        state.withLock { state in
            defer { state.hadNews = false }
            return state.isFailing ? .failed : state.hadNews ? .news : .quiet
        }
    }
}
