import ArgumentParser
import SQLiteReplica
import SyncCore
import TerminalText

struct InitCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make this device's replica.",
        discussion:
            "Everything works without a server too: 'add URL' reads a feed. 'login' connects the replica to a server, now or later."
    )

    @OptionGroup var shared: SharedOptions

    @Option(help: ArgumentHelp("The server to sync with.", valueName: "url"))
    var server: String?

    func run(in context: Context) async throws {
        let url = try server.map { try ServerURL.checked($0) }
        let replica = try context.create(remote: url)
        let status = try replica.status()
        let output = context.output
        output.result(
            .object([
                "path": .string(context.path), "replica": .string(status.replica.description),
                "server": .optional(url),
            ]),
            lines: [StyledText("made a replica at \(context.path)")])
        for words in url.map({ ["login \($0)"] }) ?? ["add URL", "login URL"] {
            output.remark(StyledText("  → ", .dim) + StyledText(context.command(words)))
        }
    }
}
