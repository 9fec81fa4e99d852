import Foundation
import Testing

/// A device: a home folder of its own, and `reader-sync` in it.
struct Device: Sendable {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A device with a copy of another's files.
    init(copying other: Device) throws {
        folder = try TemporaryFolder()
        for name in try FileManager.default.contentsOfDirectory(atPath: other.folder.path) {
            try FileManager.default.copyItem(atPath: other.folder.path + "/" + name, toPath: folder.path + "/" + name)
        }
    }

    /// Where the replica is.
    var replica: String { folder.path + "/data/reader-sync/replica.sqlite" }

    var environment: [String: String] {
        [
            "HOME": folder.path, "XDG_DATA_HOME": folder.path + "/data", "XDG_CONFIG_HOME": folder.path + "/config",
        ]
    }

    /// Runs a command.
    @discardableResult
    func run(
        _ arguments: String..., environment extra: [String: String] = [:], input: String = ""
    ) async throws -> Outcome {
        try await CommandLineTests.run(
            .client, arguments, in: folder.path, environment: environment.merging(extra) { $1 }, input: input)
    }

    /// Runs a command that must succeed.
    @discardableResult
    func done(
        _ arguments: String..., environment extra: [String: String] = [:], input: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Outcome {
        let outcome = try await CommandLineTests.run(
            .client, arguments, in: folder.path, environment: environment.merging(extra) { $1 }, input: input)
        #expect(
            outcome.status == 0, "\(arguments.joined(separator: " ")): \(outcome.errors)",
            sourceLocation: sourceLocation)
        return outcome
    }

    /// The ids of the articles it holds, newest first.
    func articles() async throws -> [String] {
        try await done("list", "--json").items().map { try #require($0["id"] as? String) }
    }

    /// Everything the reader said, as it is compared between devices.
    func exported() async throws -> String {
        try await done("export", "--state", "--json").output
    }

    /// Makes a replica and logs in.
    static func loggedIn(to server: Server, _ token: String) async throws -> Device {
        try await loggedIn(at: server.url, token)
    }

    /// The same, at an address that leads to the server.
    static func loggedIn(at url: String, _ token: String) async throws -> Device {
        let device = try Device()
        try await device.done("init")
        try await device.done("login", url, environment: ["READER_SYNC_TOKEN": token])
        return device
    }
}
