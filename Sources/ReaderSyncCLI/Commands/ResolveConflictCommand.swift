import ArgumentParser
import SQLiteReplica
import SyncCore
import TerminalText

struct ResolveConflictCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Settle conflicts; they are settled on all devices with the next syncs.",
        discussion: """
            Without an id it walks through the open ones at the terminal: what each device said, when, what is shown now \
            and why; a key decides. The editor gets all texts with git's marks between them; if it ends with an error (vi: \
            ':cq'), the conflict stays open. An opt-in never wins against an opt-out: to opt in again, do so anew.
            """)

    @OptionGroup var shared: SharedOptions

    @Argument(
        help: "The conflict's id, or its beginning. Default: all that are open.",
        completion: Completions.names(.openConflict))
    var id: String?

    @Flag(help: "Take what this device said.")
    var mine = false

    @Flag(help: "Take what the other device said.")
    var theirs = false

    @Flag(help: "Take both texts, this device's first. Notes only.")
    var both = false

    @Flag(help: "Write the text in $VISUAL or $EDITOR, from all of them. Notes only.")
    var edit = false

    @Option(help: "Take this text. Notes only.")
    var text: String?

    private var choices: Int { [mine, theirs, both, edit, text != nil].filter { $0 }.count }

    func validate() throws {
        if choices > 1 { throw ValidationError("give one of --mine, --theirs, --both, --edit and --text") }
        if id == nil, choices > 0 { throw ValidationError("name the conflict that is to be settled so") }
    }

    func run(in context: Context) async throws {
        if choices == 0 {
            guard Self.canAsk(context) else {
                throw CommandFailure.usage(
                    "without a terminal to ask at, name a conflict and say how it ends",
                    remedy: "'\(context.command("conflicts resolve ID --mine|--theirs|--both|--edit|--text TEXT"))'")
            }
            return try ConflictWalk(replica: try context.open(.writing), context: context).run(only: id)
        }
        let replica = try context.open(.writing)
        let conflict = try replica.conflict(id ?? "")
        if let resolution {
            _ = try replica.resolve(conflict.id, resolution, at: context.now)
        } else {
            var written: String?
            do {
                try Self.edit(conflict, replica, context, written: &written)
            } catch let failure where CommandFailure(failure).status == .usage && written != nil && Self.canAsk(context)
            {
                // What the person wrote is not lost: it is there again with the key for the editor.
                context.output.failure(CommandFailure(failure))
                return try ConflictWalk(replica: replica, context: context).run(only: conflict.id, written: written)
            }
        }
        let (now, devices) = (try replica.conflict(conflict.id), try replica.deviceNames())
        context.output.result(
            ConflictRendering.json(now, devices),
            lines: [
                StyledText(
                    "resolved \(conflict.id): "
                        + (now.shown.map { ValueRendering.text($0, of: conflict.key.field) } ?? "nothing"))
            ])
        context.output.remark(StyledText("  → ", .dim) + StyledText(context.command("sync")))
    }

    /// Whether a person is there to be asked.
    private static func canAsk(_ context: Context) -> Bool {
        let terminal = context.output.terminal
        return terminal.inputIsTerminal && terminal.errorIsTerminal && !context.output.isJSON
    }

    /// How it ends, unless that is to be written in the editor.
    private var resolution: Resolution? {
        mine ? .mine : theirs ? .theirs : both ? .both : text.map { .text($0) }
    }

    /// Settles it by what the person makes of all texts in the editor.
    ///
    /// - Parameter written: what was written before and could not be taken; is edited in the place of the texts, and is there
    ///   afterwards if it cannot be taken again.
    static func edit(
        _ conflict: Conflict, _ replica: Replica, _ context: Context, written: inout String?
    ) throws {
        guard conflict.key.field == .note else {
            throw CommandFailure(
                .usage, "notApplicable", "only notes can be edited", remedy: "use --mine or --theirs")
        }
        let draft = ConflictDraft(conflict, try replica.deviceNames())
        let edited = try Editor.edit(written ?? draft.text, environment: Context.environment)
        written = edited == draft.text ? nil : edited
        _ = try replica.resolve(
            conflict.id, .text(try draft.note(from: edited)), expecting: conflict.sides, at: context.now)
        written = nil
    }
}
