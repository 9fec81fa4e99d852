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

        @Flag(help: "Also what was settled by rule, merged, or resolved: with the rule, and with what lost.")
        var all = false

        func run(in context: Context) async throws {
            let replica = try context.open(.reading)
            let conflicts = try replica.conflicts(includeSettled: all, limit: try paging.checked(context))
            let (output, naming) = (context.output, EntityNaming(replica))
            output.result(
                .list(conflicts.map { ConflictRendering.json($0, naming.devices) }),
                lines: lines(conflicts, naming, width: output.terminal.width))
            if conflicts.isEmpty {
                output.remark(all ? "no differences so far" : "no conflicts are open")
            } else if let open = conflicts.first(where: { $0.state == .open }) {
                let ways = open.key.field == .note ? "--mine|--theirs|--both|--edit" : "--mine|--theirs"
                let words = output.terminal.inputIsTerminal ? "resolve" : "resolve \(open.id) \(ways)"
                output.remark(StyledText("  → ", .dim) + StyledText(context.command("conflicts " + words)))
            }
        }

        private func lines(_ conflicts: [Conflict], _ naming: EntityNaming, width: Int?) -> [StyledText] {
            if conflicts.isEmpty { return [] }
            if all { return ConflictRendering.journal(conflicts, naming: naming, width: width) }
            return ConflictRendering.table(conflicts, naming: naming).lines(width: width)
        }
    }

    struct Show: ReplicaCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show what each device said, what is shown now, and why.")

        @OptionGroup var shared: SharedOptions

        @Argument(help: "The conflict's id, or its beginning.", completion: Completions.names(.openConflict))
        var id: String

        func run(in context: Context) async throws {
            let replica = try context.open(.reading)
            let conflict = try replica.conflict(id)
            let naming = EntityNaming(replica)
            context.output.result(
                ConflictRendering.json(conflict, naming.devices),
                lines: ConflictRendering.lines(conflict, naming: naming))
        }
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

    @Argument(
        help: "read, saved, progress, tag, note, subscribed, frequency, consent.",
        completion: .list(RemoteCapabilities.FieldKind.allCases.map(\.rawValue)))
    var field: String?

    @Argument(help: "auto, ask, mine or theirs.", completion: .list(ConflictPolicy.allCases.map(\.rawValue)))
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
