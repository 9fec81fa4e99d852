import SystemPorts
import ArgumentParser
import Glibc

/// The program: serves readers' replicas, and administers what it serves.
@main
struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reader-sync-server",
        abstract: "Keeps readers' state and a publisher's catalog for reader-sync.",
        discussion: """
            Everything is in one SQLite file. Commands other than serve work while the server runs.
            Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C.
            """,
        subcommands: [
            Serve.self, Ingest.self, FeedsCommand.self, Withdraw.self, UserCommand.self, DeviceCommand.self,
            NewsletterCommand.self, ConsentCommand.self, Backup.self, Compact.self,
        ])
}

extension ServerCommand {
    /// Runs the command that the arguments name. ArgumentParser's code for wrong usage is 64; ours is 2.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            if let failure = Output.failure {
                Output.talk("Error: \(failure)")
                Glibc.exit(1)
            }
        } catch {
            let code = exitCode(for: error)
            if code == .success { exit(withError: error) }
            let message = fullMessage(for: error)
            if !message.isEmpty { Output.talk(message) }
            Glibc.exit(code == .validationFailure ? 2 : code.rawValue == Interruption.exitStatus ? code.rawValue : 1)
        }
    }
}
