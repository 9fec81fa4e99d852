import Glibc
import SQLiteReplica
import SyncCore
import SystemPorts

/// What a command has around it: files, settings, clock, output, environment.
struct Context: Sendable {
    /// Prints.
    let output: Output
    /// The replica's file.
    let path: String
    /// Where the person's files are.
    let files: UserFiles
    /// The command's words, such as `newsletters subscribe`: what `undo` and `log` call it.
    let words: String
    /// What the configuration file says.
    let settings: Settings
    /// Whether it is the replica of who names none.
    let isStandingPath: Bool

    /// - Parameter toleratesBadSettings: whether lines of the configuration file that make no sense are passed over.
    /// - Throws: ``CommandFailure`` if the configuration file, or `--format`, makes no sense.
    init(_ options: SharedOptions, words: String = "", toleratesBadSettings: Bool = false) throws {
        self.words = words
        files = UserFiles(environment: Self.environment)
        settings = try Settings(files, toleratesBadLines: toleratesBadSettings)
        output = try Output(options, settings: settings)
        if !toleratesBadSettings {
            for problem in settings.problems { output.warn(problem.warning) }
        }
        // Whoever starts an editor asks the environment, here and in the programs that this one starts.
        if let editor = settings.text(.editor), Self.environment("EDITOR")?.isEmpty ?? true {
            setenv("EDITOR", editor, 1)
        }
        let place = ReplicaPath(option: options.replica, files: files, settings: settings)
        (path, isStandingPath) = (place.path, !place.isTyped)
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
    /// - Parameter words: what is said in the second case, as it is then.
    func interruptible<Result: Sendable>(
        saying words: @autoclosure @escaping @Sendable () -> CommandFailure = .interrupted,
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let output = output
        return try await Interruption.guarding(overrun: { output.failure(words()) }, work)
    }

    /// Opens the replica.
    func open(_ access: Replica.Access) throws -> Replica {
        do throws(ReplicaError) { return try Replica(opening: path, for: access) } catch { throw failure(error) }
    }

    /// Why the replica cannot be opened, with what to do about this one.
    func failure(_ error: ReplicaError) -> CommandFailure {
        if error.code == .damaged, let foreign { return foreign }
        var failure = CommandFailure(error)
        if error.code == .noReplica { failure.remedy = firstStep }
        if error.code == .damaged {
            failure.remedy = "run '\(command("doctor --rebuild"))'; it keeps what was not sent"
        }
        return failure
    }

    /// What to say where the path is that of something else than a replica, be it a damaged one; `nil` if not.
    var foreign: CommandFailure? {
        ReplicaMark.objection(to: path, isStandingPath: isStandingPath).map {
            .usage($0, remedy: "name the replica's own file; if it was one, move it away, then '\(command("init"))'")
        }
    }

    /// What somebody types who has no replica yet.
    var firstStep: String {
        "to read a feed: '\(command("add URL"))'; with a server: '\(command("init"))', then '\(command("login URL"))'"
    }
}

/// Which replica a command is about: the option, then `READER_SYNC_REPLICA`, then the configuration file, then the file in
/// the XDG data folder.
struct ReplicaPath: Sendable, Hashable {
    /// The file.
    let path: String
    /// Whether it must be typed to be meant.
    let isTyped: Bool

    init(option: String?, files: UserFiles, settings: Settings) {
        let standing =
            Context.environment("READER_SYNC_REPLICA").flatMap { $0.isEmpty ? nil : $0 }
            ?? settings.replica(home: Context.environment("HOME")) ?? files.data + "/replica.sqlite"
        path = option ?? standing
        isTyped = path != standing
    }

    /// Asks for the files and the settings too.
    init(option: String?) throws {
        let files = UserFiles(environment: Context.environment)
        self.init(option: option, files: files, settings: try Settings(files))
    }
}
