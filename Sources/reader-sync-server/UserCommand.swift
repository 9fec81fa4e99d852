import ArgumentParser
import ReferenceServer
import SystemPorts

/// `user`: readers.
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Add and list readers.", subcommands: [Add.self, List.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a reader.")

        @OptionGroup var database: DatabaseOption
        @Argument(help: "The reader's name.") var name: String

        func run() throws {
            try database.open().addReader(name, at: SystemWallClock().now())
            Output.talk("added '\(name)'; `device token \(name)` makes a token for a device")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the readers.")

        @OptionGroup var database: DatabaseOption
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let readers = try database.open().readers()
            if json { return try Output.json(readers) }
            for reader in readers {
                Output.line("\(reader.name)\t\(reader.devices) devices\t\(reader.sequence) changes")
            }
        }
    }
}
