import ArgumentParser
import CurlTransport
import FeedEngine
import HTTPRemote
import SQLiteReplica
import SyncCore
import SyncEngine
import SyncSession
import SystemPorts
import TerminalText

struct SyncCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Send what you did, and fetch what is new.",
        discussion: """
            Syncs with the server, if there is one, and reads the replica's own feeds, if there are any. Ctrl-C stops at \
            any moment without loss; the next sync goes on. Differences between devices are listed by 'conflicts'. A feed \
            that cannot be read is reported and stops nothing else.
            """)

    @OptionGroup var shared: SharedOptions

    @Flag(
        name: [.customShort("n"), .long],
        help: "Say what would be sent to the server, what would come, what would conflict.")
    var dryRun = false

    @Flag(help: "End with status 5 if conflicts are open afterwards.")
    var failOnConflict = false

    @Flag(help: "Of the replica's own feeds, ask only those whose time has come: for timers.")
    var due = false

    @Option(
        help: ArgumentHelp("Read only this feed of one's own; can be given several times.", valueName: "id"),
        completion: Completions.names(.ownFeed))
    var feed: [String] = []

    func validate() throws {
        if due, !feed.isEmpty { throw ValidationError("give --due or --feed, not both") }
        if dryRun, due || !feed.isEmpty { throw ValidationError("--dry-run is about the server, not about feeds") }
    }

    func run(in context: Context) async throws {
        // Beside the opening of the replica.
        CurlTransport.prepare()
        let replica = try context.open(.writing)
        let server = try replica.remote()
        let named = try feed.map { try FeedName.find($0, in: replica, context).feed }
        let ownsFeeds = try !replica.subscriptions().isEmpty
        if !ownsFeeds { try dropOld(in: replica, context) }
        guard server != nil || ownsFeeds else { throw Self.nothingToSyncWith(context) }
        guard server != nil || !dryRun else {
            throw CommandFailure.usage(
                "--dry-run tells what a sync with a server would do, and this replica has none",
                remedy: "to read its feeds, run '\(context.command("sync"))'")
        }
        if dryRun { return try await preview(replica, context) }
        let progress = ProgressLine(context.output)
        defer { progress.finish() }
        var outcome = SyncOutcome(server: server)
        if server != nil, named.isEmpty {
            do {
                let engine = try engine(replica, context)
                outcome.report = try await Interruption.guarding {
                    try await engine.sync(observer: { progress.show($0) })
                }
            } catch let failure as CommandFailure {
                // No token, or no address: the feeds are read all the same.
                outcome.failure = failure
            }
        }
        if ownsFeeds, outcome.report?.failure?.code != .cancelled {
            let scope: FeedRefresh.Scope = !named.isEmpty ? .named(named) : due ? .due : .all
            let (refresh, keeping) = (FeedRefresh.over(replica, context), try replica.retention)
            outcome.feeds = try await Interruption.guarding {
                try await refresh.refresh(scope, keeping: keeping, observer: { progress.show($0) })
            }
        }
        if !outcome.isInterrupted {
            try await Interruption.guarding { try FullTextIndex.complete(replica, progress) }
        }
        progress.finish()
        try outcome.conclude(replica, context)
        if failOnConflict { try Self.failIfConflicts(replica, context) }
    }

    /// What fell out of feeds that were all removed is old some day too.
    private func dropOld(in replica: Replica, _ context: Context) throws {
        guard !dryRun, let keeping = try replica.retention else { return }
        _ = try replica.retain(since: context.now.advanced(by: -keeping))
    }

    private func preview(_ replica: Replica, _ context: Context) async throws {
        let engine = try engine(replica, context)
        let preview = try await Interruption.guarding { try await engine.preview() }
        let naming = EntityNaming(replica)
        context.output.result(
            SyncRendering.json(preview), lines: SyncRendering.lines(preview, naming: naming))
    }

    private func engine(_ replica: Replica, _ context: Context) throws -> SyncEngine {
        SyncEngine(
            store: replica, remote: try remote(of: replica, context), clock: SystemWallClock(),
            sleeper: SystemSleeper(), random: SystemRandomSource(),
            lock: FileSyncLock(path: context.path + "-sync.lock"),
            executor: DispatchExecutor(label: "reader-sync.replica"))
    }

    private func remote(of replica: Replica, _ context: Context) throws -> HTTPRemote {
        guard let server = try replica.remote() else { throw Self.nothingToSyncWith(context) }
        let file = TokenFile(files: context.files, replica: context.path)
        guard let token = try file.token(for: server, environment: Context.environment) else {
            throw CommandFailure(
                .refused, "notLoggedIn", "there is no token for \(server)",
                remedy: "run '\(context.command("login \(server)"))'")
        }
        return try HTTPRemote(baseURL: server, token: token, transport: context.transport, directory: replica)
    }

    private static func nothingToSyncWith(_ context: Context) -> CommandFailure {
        CommandFailure(
            .notFound, "noServer", "this replica has no server to sync with, and no feeds of its own",
            remedy: "run '\(context.command("login URL"))', or '\(context.command("add URL"))'")
    }

    private static func failIfConflicts(_ replica: Replica, _ context: Context) throws {
        let count = try replica.openConflictCount()
        guard count > 0 else { return }
        throw CommandFailure(
            .conflicts, "conflicts", "\(Plural.of(count, "conflict")) open",
            remedy: "run '\(context.command("conflicts"))'")
    }
}
