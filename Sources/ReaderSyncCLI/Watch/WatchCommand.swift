import FeedEngine
import SyncPorts
import SyncCore
import ArgumentParser
import SQLiteReplica
import SystemPorts
import TerminalText

/// `watch`: stays in step, or prints what has systemd do so.
struct WatchCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Stay in step: send marks at once, fetch what is new when it is there.",
        discussion: """
            The same as 'sync --watch'. Waits for news from the server, which costs one request a minute; where the server \
            does not tell, or what is in between lets nobody wait, asks every half minute to every quarter of an hour, sooner \
            after news (--verbose says so). Reads feeds of one's own when their time has come. Survives a lost network, a \
            network's login page, a restarted server, a suspended machine and a clock that is set; Ctrl-C ends it. One watch \
            a replica.

            It prints a line for each sync that did something, with --json a document, with --format the members of that: \
            '{at} {newArticles} new, {received} from other devices, {feeds.newArticles} of feeds'.

            To have systemd run it: reader-sync watch --print-unit > ~/.config/systemd/user/reader-sync.service, then \
            systemctl --user enable --now reader-sync. Or --print-timer, for a sync every quarter of an hour.
            """)

    @OptionGroup var shared: SharedOptions

    @Flag(help: "Print a systemd user unit that watches, and end.")
    var printUnit = false

    @Flag(help: "Print a systemd user timer with its service that syncs what is due every 15 minutes, and end.")
    var printTimer = false

    func validate() throws {
        if printUnit && printTimer { throw ValidationError("give --print-unit or --print-timer, not both") }
    }

    func run(in context: Context) async throws {
        if printUnit || printTimer {
            let unit = SystemdUnit(program: try SystemdUnit.ownPath(), replica: FileText.absolute(context.path))
            let files = printUnit ? [unit.watchService] : [unit.syncService, unit.timer]
            guard !context.output.isForPrograms else {
                let rows = files.map { JSONValue.object(["name": .string($0.name), "text": .string($0.text)]) }
                return context.output.result(.object(["files": .array(rows)]), lines: [])
            }
            // More than one are told apart by their names, as comments that systemd passes over.
            let text = files.map { files.count > 1 ? "# \($0.name)\n\($0.text)" : $0.text }.joined(separator: "\n")
            return context.output.verbatim(text)
        }
        try await Self.watch(context, allowsPrivateAddresses: false)
    }

    /// Watches until Ctrl-C.
    static func watch(_ context: Context, allowsPrivateAddresses: Bool) async throws {
        let replica = try context.open(.writing)
        let (server, ownsFeeds) = (try replica.remote(), try !replica.subscriptions().isEmpty)
        guard server != nil || ownsFeeds else { throw SyncCommand.nothingToSyncWith(context) }
        guard let token = try FileSyncLock(path: context.path + "-watch.lock").acquire() else {
            throw CommandFailure(
                .failure, "alreadyWatching", "another reader-sync watches this replica already",
                remedy: "stop it first, or leave it to that one")
        }
        defer { token.release() }
        let watch = SyncWatch(
            run: SyncRun(
                replica: replica, context: context, server: server, feeds: ownsFeeds ? .due : nil,
                allowsPrivateAddresses: allowsPrivateAddresses))
        context.output.remark(StyledText("watching; Ctrl-C ends it", .dim))
        do {
            try await context.interruptible { try await watch.run() }
        } catch is CancellationError {}
        throw CommandFailure(.interrupted, "interrupted", "stopped watching; nothing is lost")
    }
}
