import Glibc
import SQLiteReplica
import SyncCore
import SystemPorts

/// What a command has around it: files, clock, output, environment.
struct Context: Sendable {
    /// Prints.
    let output: Output
    /// The replica's file.
    let path: String
    /// Where the person's files are.
    let files: UserFiles
    /// The command's words, such as `newsletters subscribe`: what `undo` and `log` call it.
    let words: String
    private let isDefaultPath: Bool

    init(_ options: SharedOptions, words: String = "") {
        self.words = words
        output = Output(
            terminal: Terminal(environment: Self.environment), isJSON: options.json, isQuiet: options.quiet)
        files = UserFiles(environment: Self.environment)
        let named =
            options.replica ?? Self.environment("READER_SYNC_REPLICA").flatMap { $0.isEmpty ? nil : $0 }
        path = named ?? files.data + "/replica.sqlite"
        isDefaultPath = named == nil
    }

    /// Looks up an environment variable.
    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// The instant now.
    var now: WallTime { SystemWallClock().now() }

    /// Runs long work that Ctrl-C ends within a second: by cancelling its task, and where that takes longer, as a
    /// transaction may, by ending the process. SQLite undoes what was not committed.
    ///
    /// - Parameter words: what is said in the second case.
    func interruptible<Result: Sendable>(
        saying words: CommandFailure = .interrupted, _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let output = output
        return try await Interruption.guarding(overrun: { output.failure(words) }, work)
    }

    /// Opens the replica.
    func open(_ access: Replica.Access) throws -> Replica {
        do throws(ReplicaError) {
            return try Replica(opening: path, for: access)
        } catch {
            guard error.code == .noReplica else { throw error }
            throw CommandFailure(
                .notFound, error.code.rawValue, "there is no replica at \(path)",
                remedy: "run '\(command("init"))' to make one")
        }
    }

    /// A command as the person would type it for this replica.
    func command(_ words: String) -> String {
        isDefaultPath || Self.environment("READER_SYNC_REPLICA") == path
            ? "reader-sync " + words : "reader-sync \(words) --replica \(path)"
    }
}
