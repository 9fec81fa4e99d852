import ArgumentParser
import SQLiteReplica
import SyncCore
import TerminalText

struct SetAsideCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-aside", abstract: "See, retry or drop changes that the server did not take.",
        subcommands: [List.self, Retry.self, Drop.self], defaultSubcommand: List.self)

    struct List: ReplicaCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List them, with the reasons (default).")

        @OptionGroup var shared: SharedOptions

        func run(in context: Context) async throws {
            let replica = try context.open(.reading)
            let changes = try replica.setAsideList()
            let output = context.output
            let table = LogRendering.table(changes, naming: EntityNaming(replica))
            output.result(
                .list(changes.map { LogRendering.json($0) }),
                lines: changes.isEmpty ? [] : table.lines(width: output.terminal.width))
            output.remark(
                changes.isEmpty
                    ? "nothing is set aside"
                    : StyledText("  → ", .dim) + StyledText(context.command("set-aside retry|drop PLACE")))
        }
    }

    struct Retry: ReplicaCommand {
        static let configuration = CommandConfiguration(
            commandName: "retry", abstract: "Send a change once more, as a new one.")

        @OptionGroup var shared: SharedOptions

        @Argument(help: "Its place in the list.", completion: Completions.names(.setAside))
        var place: Int64

        func run(in context: Context) async throws {
            let summary = try context.open(.writing).retry(setAside: place, at: context.now)
            context.output.result(
                .object(["recorded": .count(summary.recorded), "unchanged": .count(summary.unchanged)]),
                lines: ["it goes out with the next sync"])
        }
    }

    struct Drop: ReplicaCommand {
        static let configuration = CommandConfiguration(
            commandName: "drop", abstract: "Let a change go; the log keeps it.")

        @OptionGroup var shared: SharedOptions

        @Argument(help: "Its place in the list.", completion: Completions.names(.setAside))
        var place: Int64

        func run(in context: Context) async throws {
            try context.open(.writing).drop(setAside: place)
            context.output.result(.object(["dropped": .count(place)]), lines: ["dropped"])
        }
    }
}
