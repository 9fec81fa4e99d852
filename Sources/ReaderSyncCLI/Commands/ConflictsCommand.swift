import ArgumentParser
import SQLiteReplica
import SyncCore
import TerminalText

struct ConflictsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts", abstract: "See and settle differences between your devices.",
        discussion: "A value that lost is never gone: 'conflicts list --all' has it.",
        subcommands: [List.self, Show.self, ResolveConflictCommand.self, PolicyCommand.self],
        defaultSubcommand: List.self)

    struct List: ReplicaCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List what waits for you (default).")

        @OptionGroup var shared: SharedOptions
        @OptionGroup var paging: PagingOptions

        @Flag(help: "Also what was settled by rule, merged, or resolved.")
        var all = false

        func run(in context: Context) async throws {
            let replica = try context.open(.reading)
            let conflicts = try replica.conflicts(includeSettled: all, limit: try paging.checked())
            let output = context.output
            let table = ConflictRendering.table(conflicts, naming: EntityNaming(replica))
            output.result(
                .list(conflicts.map { ConflictRendering.json($0) }),
                lines: conflicts.isEmpty ? [] : table.lines(width: output.terminal.width))
            if conflicts.isEmpty {
                output.remark(all ? "no differences so far" : "no conflicts are open")
            } else if let open = conflicts.first(where: { $0.state == .open }) {
                let ways = open.key.field == .note ? "--mine|--theirs|--both|--edit" : "--mine|--theirs"
                output.remark(
                    StyledText("  → ", .dim) + StyledText(context.command("conflicts resolve \(open.id) \(ways)")))
            }
        }
    }

    struct Show: ReplicaCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show what each device said, what is shown now, and why.")

        @OptionGroup var shared: SharedOptions

        @Argument(help: "The conflict's id, or its beginning.")
        var id: String

        func run(in context: Context) async throws {
            let replica = try context.open(.reading)
            let conflict = try replica.conflict(id)
            context.output.result(
                ConflictRendering.json(conflict),
                lines: ConflictRendering.lines(conflict, naming: EntityNaming(replica)))
        }
    }
}

struct ResolveConflictCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Settle a conflict; it is settled on all devices with the next syncs.")

    @OptionGroup var shared: SharedOptions

    @Argument(help: "The conflict's id, or its beginning.")
    var id: String

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

    func validate() throws {
        if [mine, theirs, both, edit, text != nil].filter({ $0 }).count != 1 {
            throw ValidationError("give one of --mine, --theirs, --both, --edit and --text")
        }
    }

    func run(in context: Context) async throws {
        let replica = try context.open(.writing)
        let conflict = try replica.conflict(id)
        _ = try replica.resolve(conflict.id, try resolution(of: conflict), at: context.now)
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

    private func resolution(of conflict: Conflict) throws -> Resolution {
        if mine { return .mine }
        if theirs { return .theirs }
        if both { return .both }
        if let text { return .text(text) }
        guard conflict.key.field == .note else {
            throw CommandFailure(
                .usage, "notApplicable", "only notes can be edited", remedy: "use --mine or --theirs")
        }
        let edited = try Editor.edit(Self.draft(conflict), environment: Context.environment)
        return .text(String(edited.reversed().drop { $0.isWhitespace }.reversed()))
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

struct PolicyCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Show or choose what happens to differences of a field.",
        discussion: """
            auto: the field's rule settles it, or asks. ask: always ask. mine, theirs: take this device's or the \
            other's, which consents and subscriptions do not allow.
            """)

    @OptionGroup var shared: SharedOptions

    @Argument(help: "read, saved, progress, tag, note, subscribed, frequency, consent.")
    var field: String?

    @Argument(help: "auto, ask, mine or theirs.")
    var policy: String?

    func run(in context: Context) async throws {
        guard let field else { return try show(context) }
        guard let kind = RemoteCapabilities.FieldKind(rawValue: field) else {
            let known = RemoteCapabilities.FieldKind.allCases.map(\.rawValue)
            throw CommandFailure(
                .notFound, "notFound", "there is no field '\(field)'",
                candidates: Spelling.nearest(to: field, among: known))
        }
        guard let policy, let choice = ConflictPolicy(rawValue: policy) else {
            throw CommandFailure.usage("say what happens: auto, ask, mine or theirs")
        }
        let replica = try context.open(.writing)
        try replica.setPolicy(choice, for: kind)
        context.output.result(
            .object([field: .string(choice.rawValue)]), lines: [StyledText("\(field): \(choice.rawValue)")])
    }

    private func show(_ context: Context) throws {
        let policies = try context.open(.reading).policies()
        let rows = RemoteCapabilities.FieldKind.allCases.map { ($0.rawValue, policies[$0] ?? .auto) }
        var members: [String: JSONValue] = [:]
        for (field, policy) in rows { members[field] = .string(policy.rawValue) }
        context.output.result(
            .object(members), lines: rows.map { StyledText($0.0).padded(to: 14) + StyledText($0.1.rawValue) })
    }
}
