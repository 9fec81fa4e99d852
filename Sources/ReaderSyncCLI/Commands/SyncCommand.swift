import ArgumentParser
import CurlTransport
import HTTPRemote
import SQLiteReplica
import SyncCore
import SyncEngine
import SyncSession
import SystemPorts

struct SyncCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Send what you did, and fetch what is new.",
        discussion: """
            Ctrl-C stops at any moment without loss; the next sync goes on. Differences between devices are listed by \
            'conflicts'.
            """)

    @OptionGroup var shared: SharedOptions

    @Flag(
        name: [.customShort("n"), .long],
        help: "Say what would be sent, what would come, what would conflict.")
    var dryRun = false

    @Flag(help: "End with status 5 if conflicts are open afterwards.")
    var failOnConflict = false

    func run(in context: Context) async throws {
        let replica = try context.open(.writing)
        let remote = try remote(of: replica, context)
        let engine = SyncEngine(
            store: replica, remote: remote, clock: SystemWallClock(), sleeper: SystemSleeper(),
            random: SystemRandomSource(), lock: FileSyncLock(path: context.path + "-sync.lock"),
            executor: DispatchExecutor(label: "reader-sync.replica"))
        if dryRun {
            let preview = try await Interruption.guarding { try await engine.preview() }
            let naming = EntityNaming(replica)
            context.output.result(
                SyncRendering.json(preview), lines: SyncRendering.lines(preview, naming: naming))
            return
        }
        let progress = ProgressLine(context.output)
        defer { progress.finish() }
        let report = try await Interruption.guarding {
            let report = try await engine.sync(observer: { progress.show($0) })
            if report.failure == nil { try Self.index(replica, progress) }
            return report
        }
        progress.finish()
        try conclude(report, replica, context)
    }

    private func remote(of replica: Replica, _ context: Context) throws -> HTTPRemote {
        guard let server = try replica.status().remote else {
            throw CommandFailure(
                .notFound, "noServer", "this replica has no server to sync with",
                remedy: "run '\(context.command("login URL"))'")
        }
        let file = TokenFile(files: context.files, replica: context.path)
        guard let token = try file.token(for: server, environment: Context.environment) else {
            throw CommandFailure(
                .refused, "notLoggedIn", "there is no token for \(server)",
                remedy: "run '\(context.command("login \(server)"))'")
        }
        return try HTTPRemote(baseURL: server, token: token, transport: CurlTransport(), directory: replica)
    }

    /// Articles that are put in the full-text index in one transaction: little enough to stop within a second.
    private static let indexBatch = 500

    private static func index(_ replica: Replica, _ progress: ProgressLine) throws {
        var count = 0
        while true {
            try Task.checkCancellation()
            let done = try replica.indexPending(limit: indexBatch)
            guard done > 0 else { return }
            count += done
            progress.showIndexed(count)
        }
    }

    private func conclude(_ report: SyncReport, _ replica: Replica, _ context: Context) throws {
        let output = context.output
        let status = try replica.status()
        if output.isJSON {
            guard case .object(var members) = SyncRendering.json(report) else { return }
            members["openConflicts"] = .count(status.conflicts)
            members["pending"] = .count(status.pending)
            output.json(.object(members))
        } else if report.failure == nil {
            if !output.isQuiet { output.lines(SyncRendering.lines(report)) }
        } else if report != SyncReport() {
            let hasDone = report.state != StateSummary() || report.catalog != CatalogSummary()
            if hasDone {
                output.remark(StyledText("until then: ") + (SyncRendering.lines(report).first ?? ""))
            }
        }
        if let failure = report.failure { throw CommandFailure(failure) }
        if status.conflicts > 0 {
            output.remark(
                StyledText(Plural.of(status.conflicts, "conflict") + " open", .warning)
                    + StyledText(" → ", .dim) + StyledText(context.command("conflicts")))
        }
        if report.state.setAside > 0 { output.remark("  → \(context.command("set-aside"))") }
        if failOnConflict, status.conflicts > 0 {
            throw CommandFailure(
                .conflicts, "conflicts", "\(Plural.of(status.conflicts, "conflict")) open",
                remedy: "run '\(context.command("conflicts"))'")
        }
    }
}
