import ArgumentParser
import TerminalText

/// What every command takes.
struct SharedOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The replica's file. Default: $READER_SYNC_REPLICA, then replica.sqlite in the XDG data folder.",
            valueName: "path"),
        completion: .file())
    var replica: String?

    @Flag(name: .long, help: "Print one JSON document; errors go to standard error as JSON too.")
    var json = false

    @Flag(name: .shortAndLong, help: "Leave out remarks; results and errors are still printed.")
    var quiet = false
}

/// A command that works with a replica.
protocol ReplicaCommand: AsyncParsableCommand {
    var shared: SharedOptions { get }

    /// Its words, such as `newsletters subscribe`.
    static var words: String { get }

    /// Does the work.
    mutating func run(in context: Context) async throws
}

extension ReplicaCommand {
    static var words: String { configuration.commandName ?? "" }

    mutating func run() async throws {
        let context = Context(shared, words: Self.words)
        defer { context.output.flush() }
        try await run(in: context)
    }
}
