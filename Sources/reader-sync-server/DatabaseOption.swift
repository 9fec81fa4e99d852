import ArgumentParser
import FoundationEssentials
import ReferenceServer
import SyncCore
import SyncPorts

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
        try SQLiteServerStore(path: path ?? Self.defaultPath(), clock: HostClock(), random: HostRandom())
    }

    private static func defaultPath() throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let folder: String
        if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") {
            folder = data + "/reader-sync"
        } else if let home = environment["HOME"], !home.isEmpty {
            folder = home + "/.local/share/reader-sync"
        } else {
            throw ServerError(.invalid, "neither XDG_DATA_HOME nor HOME is set", remedy: "give --db PATH")
        }
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ServerError(
                .storage, "the folder \(folder) cannot be made: \(error)", remedy: "give --db PATH")
        }
        return folder + "/server.sqlite"
    }
}

/// This machine's clock.
struct HostClock: WallClock {
    func now() -> WallTime {
        WallTime(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    }
}

/// The operating system's randomness, fit for tokens.
struct HostRandom: RandomSource {
    func next() -> UInt64 { SystemRandomNumberGenerator().draw() }
}

extension SystemRandomNumberGenerator {
    fileprivate func draw() -> UInt64 {
        var generator = self
        return generator.next()
    }
}
