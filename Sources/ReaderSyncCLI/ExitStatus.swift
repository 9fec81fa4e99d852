/// What the process says to its caller when it ends. The one table: help, README and tests read it.
public enum ExitStatus: Int32, Sendable, Hashable, CaseIterable {
    /// Done.
    case done = 0
    /// Something that no other number stands for.
    case failure = 1
    /// The command line, or what it asks for, makes no sense.
    case usage = 2
    /// Nothing has the name that was given, or more than one thing has.
    case notFound = 3
    /// The remote cannot be reached, or cannot serve now.
    case offline = 4
    /// Conflicts wait for the reader, and `--fail-on-conflict` was given.
    case conflicts = 5
    /// The replica's file is damaged.
    case damaged = 6
    /// The remote answered, and does not let us in.
    case refused = 7
    /// Other devices would turn over many marks at once, so nothing that came was applied.
    case held = 8
    /// Stopped by Ctrl-C or SIGTERM.
    case interrupted = 130

    /// A line for the table.
    public var meaning: String {
        switch self {
        case .done: "done"
        case .failure: "anything unforeseen, also when another process is syncing this replica"
        case .usage: "wrong arguments, or a value that does not fit"
        case .notFound: "no such replica, article, newsletter ...; or the prefix fits several"
        case .offline: "offline, or the remote cannot be reached; local work is kept"
        case .conflicts: "conflicts are open (only with --fail-on-conflict)"
        case .damaged: "the replica is damaged"
        case .refused: "the remote refuses: no or wrong token, not a server, other version; a feed that is not there"
        case .held: "a sync would turn over many marks at once: nothing of it was applied"
        case .interrupted: "stopped by Ctrl-C; nothing is lost"
        }
    }

    /// All of them, one a line, for `--help`.
    public static var table: String {
        allCases.map { status in
            let number = String(status.rawValue)
            return String(repeating: " ", count: 5 - number.utf8.count) + number + "  " + status.meaning
        }.joined(separator: "\n")
    }
}
