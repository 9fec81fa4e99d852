import AssetEngine
import FeedEngine
import HTTPRemote
import SQLiteReplica
import SyncCore
import SyncEngine
import SyncPorts
import SyncSession
import Synchronization
import SystemPorts
import TerminalText

/// Keeps a replica in step until it is told to stop: syncs when the server tells of news, when something was marked here, and
/// reads feeds when their time has come.
struct SyncWatch: Sendable {
    /// Why a sync is due.
    private enum Reason: Int, Sendable, CaseIterable {
        /// The server has news, or can be reached again, or should be asked whether it has.
        case server
        /// Something was marked on this replica.
        case local
        /// The time of a feed has come.
        case feeds
    }

    /// How often the file is asked whether another process wrote to it.
    private static let localTick = Duration.milliseconds(300)
    /// How long to wait while another process syncs.
    private static let lockWait = Duration.seconds(1)
    /// The least time between two rounds of feeds.
    private static let feedPause: Int64 = 30_000
    /// The longest time that passes before the feeds' times are looked at again.
    private static let feedLook: Int64 = 5 * 60_000

    let run: SyncRun
    let sleeper = SystemSleeper()
    private let due = DueReasons()

    init(run: SyncRun) { self.run = run }

    /// Which reasons there are; those that come while a sync runs are dealt with by one more.
    private final class DueReasons: Sendable {
        private let reasons = Mutex<Set<Reason>>([])
        private let news = Mutex(false)
        let signals: AsyncStream<Void>
        private let signal: AsyncStream<Void>.Continuation

        init() {
            (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        }

        func add(_ reason: Reason) {
            reasons.withLock { _ = $0.insert(reason) }
            signal.yield()
        }

        /// Notes that a sync brought something from the server.
        func noteNews() { news.withLock { $0 = true } }

        /// Whether one did since this was asked last.
        func takeNews() -> Bool {
            news.withLock { hadNews in
                defer { hadNews = false }
                return hadNews
            }
        }

        func take() -> Set<Reason> {
            reasons.withLock { reasons in
                defer { reasons = [] }
                return reasons
            }
        }
    }

    /// Runs until the task is cancelled.
    ///
    /// - Throws: ``CommandFailure`` if no sync can succeed before a person does something.
    func run() async throws {
        if run.server != nil { due.add(.server) }
        if run.feeds != nil { due.add(.feeds) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            if run.server != nil {
                group.addTask { try await followServer() }
                group.addTask { try await followFile() }
            }
            if run.feeds != nil { group.addTask { try await followFeeds() } }
            group.addTask { try await syncWhenDue() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    // MARK: Syncing

    private func syncWhenDue() async throws {
        let talk = WatchTalk(run.context, replica: run.replica)
        var isFirst = true
        for await _ in due.signals {
            let reasons = due.take()
            guard !reasons.isEmpty else { continue }
            var piece = run
            if !reasons.contains(.feeds) { piece.feeds = nil }
            if reasons == [.feeds] { piece.server = nil }
            piece.keepsOnlyAfterNews = !isFirst && !reasons.contains(.local)
            do {
                let progress = ProgressLine(run.context.output)
                defer { progress.finish() }
                let outcome = try await piece.once(progress)
                if Task.isCancelled { return }
                progress.finish()
                isFirst = false
                if outcome.hasServerNews { due.noteNews() }
                try talk.tell(outcome, at: run.context.now)
            } catch let error as SyncEngineError where error.code == .alreadySyncing {
                try await again(reasons)
            } catch let error as FeedEngineError where error.code == .alreadySyncing {
                try await again(reasons)
            } catch let error as AssetError where error.code == .alreadySyncing {
                try await again(reasons)
            }
        }
    }

    private func again(_ reasons: Set<Reason>) async throws {
        try await sleeper.sleep(for: Self.lockWait)
        for reason in reasons { due.add(reason) }
    }

    // MARK: Reasons

    private func followServer() async throws {
        let remote = try HTTPRemote.of(run.replica, run.context)
        var (schedule, draw) = (WatchSchedule(), RandomDraw(SystemRandomSource()))
        var token: String?
        while !Task.isCancelled {
            do throws(RemoteError) {
                let (wasFailing, asked) = (schedule.isFailing, ContinuousClock.now)
                // After a failure not to wait is to learn at once that the server is there again.
                guard let now = try await remote.watch(after: wasFailing ? nil : token) else {
                    // A server that lets nobody wait is asked from time to time.
                    due.add(.server)
                    try await pause(schedule.afterAnswer(hadNews: due.takeNews(), using: &draw))
                    continue
                }
                schedule.answered()
                let (isNews, isFirst) = (now != token, token == nil)
                if isNews || wasFailing { due.add(.server) }
                token = now
                guard !isFirst, !wasFailing else { continue }
                let waited = Int64((ContinuousClock.now - asked) / .milliseconds(1))
                try await pause(schedule.afterWait(waited, isNews: isNews, using: &draw))
            } catch {
                guard error.code != .cancelled, !Task.isCancelled else { return }
                if [.unauthorized, .versionMismatch].contains(error.code) { throw CommandFailure(error) }
                let retryAfter = error.retryAfter.map { $0.components.seconds * 1_000 }
                try await pause(schedule.afterFailure(retryAfter: retryAfter, using: &draw))
            }
        }
    }

    private func pause(_ milliseconds: Int64) async throws(RemoteError) {
        do {
            try await sleeper.sleep(for: .milliseconds(milliseconds))
        } catch {
            throw RemoteError(.cancelled, "stopped")
        }
    }

    /// Sends at once what other processes mark: a list in another window, a script.
    private func followFile() async throws {
        let replica = try Replica(opening: run.replica.path, for: .reading)
        var stamp: Int64?
        while !Task.isCancelled {
            let now = try replica.writeStamp()
            if now != stamp, try replica.pendingCount() > 0 { due.add(.local) }
            stamp = now
            try await sleeper.sleep(for: Self.localTick)
        }
    }

    private func followFeeds() async throws {
        while !Task.isCancelled {
            let now = run.context.now
            let next = try run.replica.subscriptions().filter { !$0.fetch.isGone }.map(\.fetch.due.milliseconds).min()
            let wait = (next ?? .max).subtractingReportingOverflow(now.milliseconds)
            let delay = max(Self.feedPause, min(wait.overflow ? .max : wait.partialValue, Self.feedLook))
            try await sleeper.sleep(for: .milliseconds(delay))
            if let next, next <= run.context.now.milliseconds { due.add(.feeds) }
        }
    }
}
