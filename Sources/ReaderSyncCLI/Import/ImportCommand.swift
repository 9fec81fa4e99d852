import ArgumentParser
import SQLiteReplica
import StateImports
import SyncCore
import Synchronization
import SystemPorts
import TerminalText

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take over what you read and saved in another reader.",
        discussion:
            "Feeds are taken over by 'feeds import'; do that first, and 'sync', so that their articles are here.",
        subcommands: [ImportStateCommand.self])
}

struct ImportStateCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "state", abstract: "Mark articles read and saved as another reader has them.",
        discussion: """
            NetNewsWire: DB.sqlite3 of an account. newsboat: cache.db; an article with a flag counts as saved. FreshRSS: \
            the ZIP of its export, or the JSON files in it. Miniflux: the answers of GET /v1/entries. Articles are matched \
            by feed and guid, then by page. Nothing becomes unread, and nothing is let go.
            What matches no article here can be kept with --unmatched, and that file given again after a sync. --dry-run \
            says what would happen.
            """)

    static var words: String { "import state" }

    @OptionGroup var shared: SharedOptions

    @Argument(help: ArgumentHelp("The files; - is standard input.", valueName: "file"), completion: .file())
    var files: [String]

    @Option(help: "Whose files they are: \(ImportSource.names). Default: what they look like.")
    var from: ImportSource?

    @Flag(name: [.customShort("n"), .long], help: "Say what would be marked, and mark nothing.")
    var dryRun = false

    @Option(
        help: ArgumentHelp("Write what matches no article here to this file.", valueName: "file"), completion: .file())
    var unmatched: String?

    @Flag(help: "Overwrite that file if it is there already.")
    var force = false

    func validate() throws {
        if force, unmatched == nil { throw ValidationError("--force is about the file of --unmatched") }
    }

    func run(in context: Context) async throws {
        if let unmatched { try OutputFile.check(unmatched, overwrites: force, isText: true, context) }
        let replica = try context.open(dryRun ? .reading : .writing)
        let (files, from, now) = (files, from, context.now)
        let isDry = dryRun
        let progress = ProgressLine(context.output)
        defer { progress.finish() }
        let (unmatched, overwrites, stage) = (unmatched, force, Stage())
        let outcome = try await context.interruptible(saying: stage.words) {
            let states = try files.map { try ImportFile.read($0, as: from) }
            let outcome = try ImportOutcome(states, in: replica, as: Self.words, at: now, isDry: isDry, progress)
            progress.finish()
            stage.setMarked(outcome, isDry: isDry)
            if let unmatched, !outcome.unmatched.isEmpty {
                let file = try OutputFile(unmatched, overwrites: overwrites, context.output)
                for mark in outcome.unmatched {
                    guard !Task.isCancelled else { throw stage.words }
                    try file.write(Array((JSONText.text(mark.json) + "\n").utf8))
                }
                try file.finish()
            }
            return outcome
        }
        guard unmatched != "-" else { return }
        context.output.result(outcome.json(isDry: dryRun), lines: outcome.lines(isDry: dryRun))
        guard !outcome.unmatched.isEmpty else { return }
        let way =
            unmatched.map { "\(context.command("sync")), then \(context.command("import state \($0)"))" }
            ?? "--unmatched FILE keeps them for another try after '\(context.command("sync"))'"
        context.output.remark(StyledText("  → ", .dim) + StyledText(way))
    }
}

extension ImportStateCommand {
    /// How far an import has come, for whom Ctrl-C stops.
    private final class Stage: Sendable {
        private let state = Mutex(CommandFailure.dismissed)

        var words: CommandFailure { state.withLock { $0 } }

        /// The marks are made, once for all however often the file is given.
        func setMarked(_ outcome: ImportOutcome, isDry: Bool) {
            let isMarked = !isDry && outcome.read + outcome.saved > 0
            state.withLock {
                $0 = CommandFailure(
                    .interrupted, "interrupted",
                    (isMarked ? "stopped; what is here is marked" : "stopped; nothing was changed")
                        + "; what matches nothing was not all written", remedy: "run it again for that")
            }
        }
    }
}

extension ImportSource: ExpressibleByArgument {
    /// All of them, for `--help`.
    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
