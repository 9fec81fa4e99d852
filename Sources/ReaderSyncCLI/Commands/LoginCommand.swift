import ArgumentParser
import HTTPRemote
import SQLiteReplica
import SyncCore
import TerminalText

struct LoginCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Connect the replica to a server, with a device's token.",
        discussion: """
            The token comes from the server's operator ('reader-sync-server device token'). It is taken from --token, \
            --token-file, $READER_SYNC_TOKEN, or standard input (typed unseen on a terminal), in this order. --token \
            can be read by other users of this machine while the command runs. The token is kept in a file of its own \
            that only you can read, never in the replica.
            """)

    @OptionGroup var shared: SharedOptions

    @Argument(help: ArgumentHelp("The server. Default: the one that the replica knows.", valueName: "url"))
    var url: String?

    @Option(help: "The token.")
    var token: String?

    @Option(help: ArgumentHelp("A file with the token.", valueName: "file"), completion: .file())
    var tokenFile: String?

    @Flag(help: "Take a replica that already synced with another server to this one, with all its marks.")
    var move = false

    func validate() throws {
        if token != nil && tokenFile != nil {
            throw ValidationError("give --token or --token-file, not both")
        }
    }

    func run(in context: Context) async throws {
        let replica = try context.open(.writing)
        let status = try replica.status()
        guard let server = try url.map({ try ServerURL.checked($0) }) ?? status.remote else {
            throw CommandFailure.usage("which server?", remedy: "run '\(context.command("login URL"))'")
        }
        if let known = status.remote, known != server, status.cursor != .origin, !move {
            throw CommandFailure.usage(
                "this replica syncs with \(known); its marks and notes would go to \(server)",
                remedy:
                    "if that is meant, add --move; for another account, make another replica with --replica")
        }
        let output = context.output
        if ServerURL.isInTheClear(server) {
            output.warn("\(server) is not encrypted: the token and all you read can be seen on the way")
        }
        let token = try TokenFile.checked(try givenToken(output))
        let remote = try HTTPRemote(
            baseURL: server, token: token, transport: context.transport, directory: replica)
        _ = try await remote.hello()
        _ = try await remote.snapshotPage(after: nil)
        try TokenFile(files: context.files, replica: context.path).store(token, for: server)
        if status.remote != server { try replica.setRemote(server) }
        output.result(
            .object(["server": .string(server), "loggedIn": .bool(true)]),
            lines: [StyledText("logged in to \(server)")])
        output.remark(StyledText("  → ", .dim) + StyledText(context.command("sync")))
    }

    private func givenToken(_ output: Output) throws -> String {
        if let token { return token }
        if let tokenFile { return try FileText.read(tokenFile, limit: TokenFile.maximumBytes + 2) }
        if let token = Context.environment("READER_SYNC_TOKEN"), !token.isEmpty { return token }
        return try Question.secret("token", output: output)
    }
}

struct LogoutCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout", abstract: "Forget the server's token; the replica stays.")

    @OptionGroup var shared: SharedOptions

    func run(in context: Context) async throws {
        _ = try context.open(.reading)
        let wasThere = try TokenFile(files: context.files, replica: context.path).remove()
        context.output.result(
            .object(["loggedIn": .bool(false), "wasLoggedIn": .bool(wasThere)]),
            lines: [StyledText(wasThere ? "logged out; the replica stays as it is" : "no token was kept")])
    }
}
