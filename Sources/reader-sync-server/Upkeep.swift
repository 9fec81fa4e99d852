import ArgumentParser
import ReferenceServer
import SystemPorts

/// `backup`: a copy of the database.
struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a copy of the database as it is now.",
        discussion: """
            The server may go on meanwhile. To restore, stop the server and put the copy in the database's place \
            (without the old -wal and -shm files); replicas notice, and offer again what the copy lacks.
            """)

    @OptionGroup var database: DatabaseOption
    @Argument(help: "The copy's name; no such file may exist.") var file: String

    func run() throws {
        try database.open().backUp(to: file)
        Output.talk("wrote \(file)")
    }
}

/// `compact`: shortens the logs.
struct Compact: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take old entries out of readers' logs.",
        discussion: """
            Readers' state stays. A device that has not synced for longer takes a snapshot when it comes back.
            """)

    @OptionGroup var database: DatabaseOption
    @Option(help: "Entries younger than this many days stay.") var keepDays = 90
    @Flag(help: "Print a report as JSON.") var json = false

    func validate() throws {
        guard (0...36_500).contains(keepDays) else { throw ValidationError("--keep-days is 0 to 36500") }
    }

    func run() throws {
        let report = try database.open().compact(
            keeping: .seconds(keepDays * 86_400), now: SystemWallClock().now())
        if json { return try Output.json(report) }
        Output.line("took \(report.entries) entries out of the logs of \(report.readers) readers")
    }
}
