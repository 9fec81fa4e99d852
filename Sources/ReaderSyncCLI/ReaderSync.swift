public import ArgumentParser
import Glibc

/// The command `reader-sync`.
public struct ReaderSync: AsyncParsableCommand {
    /// Its name, help and subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "reader-sync",
        abstract: "Read articles offline, and keep what you read, saved and noted in step on all devices.",
        discussion: """
            Start with 'reader-sync add URL' and 'reader-sync list --unread'; or, with a server, with 'reader-sync \
            init', 'reader-sync login URL', 'reader-sync sync'.
            Articles are named by the beginning of their id (4 digits or more) or by their URL.

            EXIT STATUS
            \(ExitStatus.table)
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Set-up and sync",
                subcommands: [
                    InitCommand.self, AddCommand.self, LoginCommand.self, LogoutCommand.self, SyncCommand.self,
                    WatchCommand.self, RetainCommand.self,
                    StatusCommand.self,
                ]),
            CommandGroup(
                name: "Read",
                subcommands: [FeedsCommand.self, ListCommand.self, ShowCommand.self, SearchCommand.self]),
            CommandGroup(
                name: "Mark",
                subcommands: [
                    ReadCommand.self, UnreadCommand.self, SaveCommand.self, UnsaveCommand.self,
                    ProgressCommand.self,
                    TagCommand.self, UntagCommand.self, NoteCommand.self,
                ]),
            CommandGroup(
                name: "Mail and consents", subcommands: [NewslettersCommand.self, ConsentCommand.self]),
            CommandGroup(
                name: "In and out", subcommands: [ExportCommand.self, ImportCommand.self]),
            CommandGroup(
                name: "What happened",
                subcommands: [
                    UndoCommand.self, ConflictsCommand.self, SetAsideCommand.self, LogCommand.self,
                ]),
            CommandGroup(
                name: "The program itself",
                subcommands: [DoctorCommand.self, ConfigCommand.self, CompletionsCommand.self, ManCommand.self]),
        ])

    /// Makes the command; ArgumentParser needs it.
    public init() {}

    /// Runs the process: reads the command line, does what it says, and ends with a status of ``ExitStatus``.
    public static func start() async -> Never {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let status = await perform(arguments)
        // No exit handlers: libcurl may still be loading beside this (see CurlTransport.prepare), and its own would run into
        // that. Nothing is left for them to do: the output goes by write(2), and SQLite's files need no end.
        Glibc._exit(status.rawValue)
    }

    private static func perform(_ arguments: [String]) async -> ExitStatus {
        let output = Output(
            terminal: Terminal(environment: Context.environment), isJSON: arguments.contains("--json"),
            isQuiet: false)
        defer { output.flush() }
        do {
            var command = try parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return .done
        } catch {
            return conclude(error, arguments, output)
        }
    }

    /// Tells the person, and finds the status. ArgumentParser's own errors are recognised by what it makes of them.
    private static func conclude(_ error: any Error, _ arguments: [String], _ output: Output) -> ExitStatus {
        switch exitCode(for: error) {
        case .success where UsageHint.namesNoCommand(arguments):
            // Asked to help with a command that there is not, ArgumentParser helps with what is above it.
            return fail(UsageHint.failure("", arguments), output)
        case .success:
            let message = fullMessage(for: error)
            if arguments.first == Completions.request {
                output.offers(message)
            } else if arguments.isEmpty, let welcome = Welcome.lines() {
                output.lines(welcome)
            } else {
                output.verbatim(message)
            }
            do throws(CommandFailure) { try output.finish() } catch { return fail(error, output) }
            return .done
        case .validationFailure: return fail(UsageHint.failure(message(for: error), arguments), output)
        default: return fail(CommandFailure(error), output)
        }
    }

    private static func fail(_ failure: CommandFailure, _ output: Output) -> ExitStatus {
        output.failure(failure)
        return failure.status
    }
}
