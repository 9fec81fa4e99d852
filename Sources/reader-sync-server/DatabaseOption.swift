import ArgumentParser
import Glibc
import ReferenceServer
import SystemPorts

/// Which database a command works on.
struct DatabaseOption: ParsableArguments {
    @Option(
        name: .customLong("db"),
        help: ArgumentHelp(
            "The database; made if there is none. Default: $XDG_DATA_HOME/reader-sync/server.sqlite.",
            valueName: "path"))
    var path: String?

    /// Opens the store, and makes the folder of the default path if need be.
    func open() throws -> SQLiteServerStore {
        // Reading habits are nobody else's business.
        umask(0o077)
        return try SQLiteServerStore(
            path: path ?? Self.defaultPath(), clock: SystemWallClock(), random: SystemRandomSource())
    }

    private static func defaultPath() throws -> String {
        let environment: (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
        let folder = UserFiles(environment: environment).data
        if let failure = UserFiles.makeFolder(folder) {
            throw ServerError(.storage, "the folder cannot be made: \(failure)", remedy: "give --db PATH")
        }
        return folder + "/server.sqlite"
    }
}
