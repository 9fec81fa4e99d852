import ArgumentParser
import SQLiteReplica
import SyncCore
import TerminalText

struct UndoCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take back what you did here, also what was synced already.",
        discussion: """
            Without a number it takes back the newest command that is not taken back yet. Each field gets the value that it \
            had before, by a change like any other, so that it holds on all devices. A command that took another back is \
            taken back by its number. A field that was set again since, here or on another device, is left alone; so is a \
            whole command of which nothing else is left. A conflict whose resolution is taken back is open again on this \
            device. How far you read in the reader is stepped over. To take back a consent is to withdraw it, a subscription \
            to unsubscribe; an opt-out is not taken back so: opt in anew.
            """)

    @OptionGroup var shared: SharedOptions

    @Argument(help: "The command's number: see 'undo --list' and 'log'.")
    var number: Int64?

    @Option(help: "Take back the newest commands, so many.")
    var last: Int?

    @Flag(help: "Also where the field was set again since, here or on another device.")
    var force = false

    @Flag(help: "List the commands that changed something here.")
    var list = false

    func validate() throws {
        if number != nil, last != nil { throw ValidationError("give a number or --last, not both") }
        if list, number != nil || last != nil || force { throw ValidationError("--list takes nothing back") }
        if let last, !(1...1_000).contains(last) { throw ValidationError("--last is 1 to 1000, not \(last)") }
    }

    func run(in context: Context) async throws {
        let output = context.output
        guard !list else {
            let batches = try context.open(.reading).batches(limit: 50)
            let table = BatchRendering.table(batches)
            output.result(
                .list(batches.map { BatchRendering.json($0) }),
                lines: batches.isEmpty ? [] : table.lines(width: output.terminal.width))
            if batches.isEmpty { output.remark("no command changed anything here yet") }
            return
        }
        let replica = try context.open(.writing)
        let target: UndoTarget = number.map { .batch($0) } ?? .last(last ?? 1)
        let summary = try replica.undo(target, isForced: force, at: context.now)
        output.result(
            BatchRendering.json(summary), lines: output.isQuiet ? [] : BatchRendering.lines(summary))
        if let by = summary.undone.first?.undoneBy, !summary.tookOptInBack {
            output.remark(
                StyledText("  → ", .dim) + StyledText(context.command("undo \(by)"))
                    + StyledText(" does it again", .dim))
        }
    }
}
