import AssetEngine
import FeedEngine
import FeedSession
import HTTPRemote
import SQLiteReplica
import SyncCore
import SyncEngine
import SyncPorts
import SyncSession
import SystemPorts
import TerminalText

/// Keeps a replica in step until it is told to stop: syncs when the server tells of news, when something was marked here, and
/// reads feeds when their time has come.
struct SyncWatch: Sendable {
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
    private let due = DueSyncs()
    private let talk: WatchTalk

    init(run: SyncRun) {
        self.run = run
        talk = WatchTalk(run.context, replica: run.replica)
    }

    /// Runs until the task is cancelled.
    ///
    /// - Throws: ``CommandFailure`` if no sync can succeed before a person does something.
    func run() async throws {
        if let template = run.context.output.template { try talk.check(template) }
        if run.server != nil { due.add(.server) }
        if run.feeds != nil { due.add(.feeds) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            if run.server != nil {
                group.addTask { try await followServer() }
                group.addTask { try await followFile() }
                group.addTask { try await retryFailed() }
            }
            if run.feeds != nil { group.addTask { try await followFeeds() } }
            group.addTask { try await syncWhenDue() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    // MARK: Syncing

    private func syncWhenDue() async throws {
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
                if piece.server != nil { due.note(outcome) }
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

    private func again(_ reasons: Set<DueSyncs.Reason>) async throws {
        // Nothing tells when the other process gives the lock of the file back.
        try await sleeper.sleep(for: Self.lockWait)
        for reason in reasons { due.add(reason) }
    }

    // MARK: Reasons

    private func followServer() async throws {
        let output = run.context.output
        let watch = NewsWatch(
            source: try HTTPRemote.of(run.replica, run.context), sleeper: sleeper, random: SystemRandomSource())
        let syncing = NewsWatch.Syncing(due: { due.add(.server) }, results: { due.takeResults() }) { reason in
            if output.isVerbose { output.remark(StyledText("\(reason); asking from time to time", .dim)) }
        }
        do throws(RemoteError) { try await watch.run(syncing) } catch { throw CommandFailure(error) }
    }

    /// Syncs again after a sync that failed, though the server may be heard of: it turned that one away, and what was
    /// marked waits.
    private func retryFailed() async throws {
        for await delay in due.retries {
            // The backoff, or what the server asked for.
            try await sleeper.sleep(for: .milliseconds(delay))
            if due.isFailing { due.add(.server) }
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
            // SQLite tells no other process that a file was written: it can only be asked.
            try await sleeper.sleep(for: Self.localTick)
        }
    }

    private func followFeeds() async throws {
        while !Task.isCancelled {
            // Until the feeds' own time has come: their publishers say how often they may be asked.
            try await sleeper.sleep(for: .milliseconds(try millisecondsToFeeds()))
            try noteDueFeeds()
        }
    }

    /// Until the first feed is due, or their times are to be looked at again. (Apart from the loop above: in one function with
    /// it, the optimiser of Swift 6.3.1 crashes.)
    private func millisecondsToFeeds() throws -> Int64 {
        let now = run.context.now
        let next = try run.replica.subscriptions().filter { !$0.fetch.isGone }.map(\.fetch.due.milliseconds).min()
        let wait = (next ?? .max).subtractingReportingOverflow(now.milliseconds)
        return max(Self.feedPause, min(wait.overflow ? .max : wait.partialValue, Self.feedLook))
    }

    private func noteDueFeeds() throws {
        let isDue = try run.replica.subscriptions().contains { FetchSession.isDue($0.fetch, at: run.context.now) }
        if isDue { due.add(.feeds) }
    }
}
