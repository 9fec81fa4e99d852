import ArgumentParser
import TerminalText

/// What every command takes.
struct SharedOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The replica's file. Default: $READER_SYNC_REPLICA, then the configuration, then replica.sqlite in the XDG data folder.",
            valueName: "path"),
        completion: .file())
    var replica: String?

    @Flag(name: .long, help: "Print one JSON document; errors go to standard error as JSON too.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Print this for each row, with the members of its JSON in braces: '{id} {headline}\\n'.",
            valueName: "template"))
    var format: String?

    @Option(help: ArgumentHelp("Use colours: auto, always or never. Default: auto.", valueName: "when"))
    var color: ColourChoice?

    @Flag(name: .shortAndLong, help: "Leave out remarks; results and errors are still printed.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say on standard error what is asked of the network.")
    var verbose = false

    func validate() throws {
        if json, format != nil { throw ValidationError("give --json or --format, not both") }
        if quiet, verbose { throw ValidationError("give --quiet or --verbose, not both") }
        guard let format else { return }
        do throws(CommandFailure) { _ = try RowTemplate(format) } catch {
            throw ValidationError([error.message, error.remedy].compactMap { $0 }.joined(separator: "; "))
        }
    }
}

/// When colours are used.
enum ColourChoice: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// On a terminal, unless `NO_COLOR` or `TERM=dumb` says no.
    case auto
    case always
    case never
}

/// A command that works with a replica.
protocol ReplicaCommand: AsyncParsableCommand {
    var shared: SharedOptions { get }

    /// Its words, such as `newsletters subscribe`.
    static var words: String { get }

    /// Whether it works while lines of the configuration file make no sense.
    static var toleratesBadSettings: Bool { get }

    /// Does the work.
    mutating func run(in context: Context) async throws
}

extension ReplicaCommand {
    static var words: String { configuration.commandName ?? "" }
    static var toleratesBadSettings: Bool { false }

    mutating func run() async throws {
        let context = try Context(shared, words: Self.words, toleratesBadSettings: Self.toleratesBadSettings)
        defer { context.output.flush() }
        do {
            try await run(in: context)
            try context.output.finish()
        } catch { throw context.addressed(CommandFailure(error)) }
    }
}
