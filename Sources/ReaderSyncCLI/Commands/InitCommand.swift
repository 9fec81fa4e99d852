import ArgumentParser
import SQLiteReplica
import SyncCore
import SyncPorts
import SystemPorts

struct InitCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make this device's replica.",
        discussion:
            "Everything works without a server too; 'login' connects the replica to one, now or later.")

    @OptionGroup var shared: SharedOptions

    @Option(help: ArgumentHelp("The server to sync with.", valueName: "url"))
    var server: String?

    func run(in context: Context) async throws {
        let url = try server.map { try ServerURL.checked($0) }
        let folder = context.path.lastIndex(of: "/").map { String(context.path[..<$0]) } ?? ""
        if folder.hasPrefix("/"), let reason = UserFiles.makeFolder(folder) {
            throw CommandFailure.system(reason)
        }
        var draw = RandomDraw(SystemRandomSource())
        let replica = try Replica.create(at: context.path, as: .random(using: &draw), remote: url)
        let status = try replica.status()
        let output = context.output
        output.result(
            .object([
                "path": .string(context.path), "replica": .string(status.replica.description),
                "server": .optional(url),
            ]),
            lines: [StyledText("made a replica at \(context.path)")])
        output.remark(StyledText("  → ", .dim) + StyledText(context.command("login \(url ?? "URL")")))
    }
}
