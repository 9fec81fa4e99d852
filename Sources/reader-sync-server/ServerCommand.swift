import ArgumentParser

/// The program: serves readers' replicas, and administers what it serves.
@main
struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reader-sync-server",
        abstract: "Keeps readers' state and a publisher's catalog for reader-sync.",
        discussion: """
            Everything is in one SQLite file. Commands other than serve work while the server runs.
            Exit codes: 0 done, 1 failed, 2 wrong usage.
            """,
        subcommands: [Serve.self, UserCommand.self, DeviceCommand.self])
}
