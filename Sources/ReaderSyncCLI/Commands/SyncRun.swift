import SyncSession
import SyncPorts
import AssetEngine
import CurlTransport
import FeedEngine
import HTTPRemote
import SQLiteReplica
import SyncCore
import SyncEngine
import SystemPorts

/// A sync with the server and with the replica's own feeds.
struct SyncRun: Sendable {
    let replica: Replica
    let context: Context
    /// The server; `nil`: it is not asked.
    var server: String?
    /// Which feeds are read; `nil`: none.
    var feeds: FeedRefresh.Scope?
    /// Whether a pull that turns over many marks is applied unasked.
    var appliesFlips = false
    /// Whether texts and pictures are looked after only if something came: a watch asks often.
    var keepsOnlyAfterNews = false
    /// Whether pictures are fetched from this machine and private networks too.
    var allowsPrivateAddresses = false

    /// Syncs once. What cancelling the task keeps from being done is left to the next sync.
    func once(_ progress: ProgressLine) async throws -> SyncOutcome {
        var outcome = SyncOutcome(server: server)
        if server != nil {
            do {
                let engine = try SyncEngine.over(replica, context)
                var options = ClientSession.Options()
                options.appliesFlips = appliesFlips
                outcome.report = try await engine.sync(options: options, observer: { progress.show($0) })
            } catch let failure as CommandFailure {
                // No token, or no address: the feeds are read all the same.
                outcome.failure = failure
            }
        }
        let bodies = BodyKeeping(replica: replica, context: context, kept: try replica.keptBodies)
        if let feeds, !Task.isCancelled {
            let absent = try replica.absentBodiesOfOwnFeeds(wanted: bodies.kept)
            if absent > 0 { try replica.askAnewForAbsentBodies(wanted: bodies.kept) }
            outcome.feeds = try await FeedRefresh.over(replica, context).refresh(
                feeds, keeping: try replica.retention, observer: { progress.show($0) })
            if absent > 0 {
                outcome.bodies.restored += max(0, absent - (try replica.absentBodiesOfOwnFeeds(wanted: bodies.kept)))
            }
        }
        if !keepsOnlyAfterNews || outcome.hasServerNews || outcome.feedsDidSomething {
            try await keep(bodies, &outcome, progress)
        }
        outcome.isInterrupted = Task.isCancelled
        return outcome
    }

    /// Brings texts and pictures in line with what the reader keeps.
    private func keep(_ bodies: BodyKeeping, _ outcome: inout SyncOutcome, _ progress: ProgressLine) async throws {
        if !Task.isCancelled { outcome.aged = try dropAged(progress) }
        if server != nil, outcome.report?.failure == nil, outcome.failure == nil, !Task.isCancelled {
            try await bodies.restore(&outcome.bodies, progress)
        }
        if !Task.isCancelled {
            do { try FullTextIndex.complete(replica, progress) } catch is CancellationError {}
        }
        // Only what the index has: it is made of the texts.
        if !Task.isCancelled { try bodies.drop(&outcome.bodies, progress) }
        if !Task.isCancelled { outcome.images = try await keepImages(progress) }
    }

    /// Fetches and drops pictures; `nil` if none are kept, and none are left of a time when some were.
    private func keepImages(_ progress: ProgressLine) async throws -> AssetReport? {
        let kept = try replica.keptPictures
        guard try kept != .none || replica.assetTotals().wanted > 0 else { return nil }
        return try await AssetRefresh.over(replica, context, allowsPrivate: allowsPrivateAddresses).run(
            keeping: kept, budget: try replica.pictureBudget, allowsPrivate: allowsPrivateAddresses,
            observer: { progress.show($0) })
    }
}

extension SyncEngine {
    /// An engine over a replica and its server, with this machine's network and clock.
    static func over(_ replica: Replica, _ context: Context) throws -> SyncEngine {
        SyncEngine(
            store: replica, remote: try HTTPRemote.of(replica, context), clock: SystemWallClock(),
            sleeper: SystemSleeper(), random: SystemRandomSource(),
            lock: FileSyncLock(path: context.path + "-sync.lock"),
            executor: DispatchExecutor(label: "reader-sync.replica"))
    }
}

extension HTTPRemote {
    /// The replica's server, with the token that was kept at the login.
    static func of(_ replica: Replica, _ context: Context) throws -> HTTPRemote {
        guard let server = try replica.remote() else { throw SyncCommand.nothingToSyncWith(context) }
        let file = TokenFile(files: context.files, replica: context.path)
        guard let token = try file.token(for: server, environment: Context.environment) else {
            throw CommandFailure(
                .refused, "notLoggedIn", "there is no token for \(server)",
                remedy: "run '\(context.command("login \(server)"))'")
        }
        return try HTTPRemote(baseURL: server, token: token, transport: context.transport, directory: replica)
    }
}
