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
            and why; a key decides. An opt-in never wins against an opt-out: to opt in again, do so anew.
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
            let terminal = context.output.terminal
            guard terminal.inputIsTerminal, terminal.errorIsTerminal, !context.output.isJSON else {
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
            try Self.edit(conflict, replica, context)
        }
        let now = try replica.conflict(conflict.id)
        context.output.result(
            ConflictRendering.json(now),
            lines: [
                StyledText(
                    "resolved \(conflict.id): "
                        + (now.shown.map { ValueRendering.text($0, of: conflict.key.field) } ?? "nothing"))
            ])
        context.output.remark(StyledText("  → ", .dim) + StyledText(context.command("sync")))
    }

    /// How it ends, unless that is to be written in the editor.
    private var resolution: Resolution? {
        mine ? .mine : theirs ? .theirs : both ? .both : text.map { .text($0) }
    }

    /// Settles it by what the person makes of all texts in the editor. What was written is kept where it cannot be taken.
    static func edit(_ conflict: Conflict, _ replica: Replica, _ context: Context) throws {
        guard conflict.key.field == .note else {
            throw CommandFailure(
                .usage, "notApplicable", "only notes can be edited", remedy: "use --mine or --theirs")
        }
        let marks = ["<<<<<<< this device", "<<<<<<< another device", ">>>>>>>"]
        try Editor.edit(draft(conflict), environment: Context.environment) { edited in
            guard !edited.split(separator: "\n").contains(where: { marks.contains(String($0)) }) else {
                throw CommandFailure.usage("the marks between the texts are still there; nothing was changed")
            }
            let text = String(edited.reversed().drop { $0.isWhitespace }.reversed())
            _ = try replica.resolve(conflict.id, .text(text), expecting: conflict.sides, at: context.now)
        }
    }

    /// All texts, with the marks that people know from version control.
    static func draft(_ conflict: Conflict) -> String {
        var result = ""
        for side in conflict.sides {
            guard case .note(let text, _) = side.change.value else { continue }
            result += (side.isMine ? "<<<<<<< this device" : "<<<<<<< another device") + "\n" + text + "\n"
        }
        return result + ">>>>>>>\n"
    }
}
