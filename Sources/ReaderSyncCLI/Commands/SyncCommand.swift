import ArgumentParser
import CurlTransport
import FeedEngine
import SQLiteReplica
import SyncCore
import SyncEngine
import TerminalText

struct SyncCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Send what you did, and fetch what is new.",
        discussion: """
            Syncs with the server, if there is one, and reads the replica's own feeds, if there are any. Ctrl-C stops at \
            any moment without loss; the next sync goes on. Differences between devices are listed by 'conflicts'. A feed \
            that cannot be read is reported and stops nothing else. What would turn over more than a quarter of your marks, \
            and more than 500, is not applied but shown: it may be a mishap of another device.
            """)

    @OptionGroup var shared: SharedOptions

    @OptionGroup(title: "What is kept for reading without a network")
    var keeping: KeepingOptions

    @Flag(
        name: [.customShort("n"), .long],
        help: "Say what would be sent to the server, what would come, what would conflict.")
    var dryRun = false

    @Flag(help: "Apply what other devices did, however many of your marks it turns over.")
    var applyFlips = false

    @Flag(help: "End with status 5 if conflicts are open afterwards.")
    var failOnConflict = false

    @Flag(help: "Of the replica's own feeds, ask only those whose time has come: for timers.")
    var due = false

    @Flag(help: "Stay in step until Ctrl-C: see 'watch'.")
    var watch = false

    @Option(
        help: ArgumentHelp("Read only this feed of one's own; can be given several times.", valueName: "id"),
        completion: Completions.names(.ownFeed))
    var feed: [String] = []

    func validate() throws {
        if watch, dryRun || due || failOnConflict || !feed.isEmpty {
            throw ValidationError("--watch goes with none of --dry-run, --due, --feed, --fail-on-conflict")
        }
        if due, !feed.isEmpty { throw ValidationError("give --due or --feed, not both") }
        if dryRun, due || !feed.isEmpty { throw ValidationError("--dry-run is about the server, not about feeds") }
    }

    func run(in context: Context) async throws {
        // Beside the opening of the replica.
        CurlTransport.prepare()
        let replica = try context.open(.writing)
        if watch {
            try keeping.remember(in: replica)
            return try await WatchCommand.watch(
                context, allowsPrivateAddresses: keeping.allowPrivateAddresses)
        }
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
        try keeping.remember(in: replica)
        let run = SyncRun(
            replica: replica, context: context, server: named.isEmpty ? server : nil,
            feeds: !ownsFeeds ? nil : !named.isEmpty ? .named(named) : due ? .due : .all,
            appliesFlips: applyFlips, allowsPrivateAddresses: keeping.allowPrivateAddresses)
        let progress = ProgressLine(context.output)
        defer { progress.finish() }
        let outcome = try await context.interruptible { try await run.once(progress) }
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
        let engine = try SyncEngine.over(replica, context)
        let preview = try await context.interruptible { try await engine.preview() }
        let naming = EntityNaming(replica)
        context.output.result(
            SyncRendering.json(preview, naming.devices), lines: SyncRendering.lines(preview, naming: naming))
        if preview.state.flips.isHeld {
            context.output.remark(
                StyledText("  → ", .dim) + StyledText(context.command("sync --apply-flips"))
                    + StyledText(" applies it all the same", .dim))
        }
    }

    static func nothingToSyncWith(_ context: Context) -> CommandFailure {
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
