import Foundation
import Testing

@testable import ReaderSyncCLI

@Suite("What a replica remembers, as config shows and sets it")
struct ReplicaConfigTests {
    private func rows(_ device: Device) async throws -> [String: (value: String, source: String)] {
        let pairs = try await device.done("config", "--json").items().map { item in
            (
                try #require(item["key"] as? String),
                (value: try #require(item["value"] as? String), source: try #require(item["source"] as? String))
            )
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    @Test("what the commands remember is shown as the replica's, and can be set again as it is shown")
    func shown() async throws {
        let device = try await Synced.device()
        var rows = try await rows(device)
        for (key, value) in [
            ("sync.bodies", "all"), ("sync.images", "none"), ("sync.budget", "1GB"), ("retain", "off"),
            ("feeds.retain", "365d"),
        ] {
            #expect(rows[key]?.value == value && rows[key]?.source == "default", "\(key)")
        }
        try await device.run("sync", "--bodies", "unread", "--images", "saved", "--budget", "1500kB")
        try await device.done("retain", "36h")
        try await device.done("feeds", "retain", "forever")
        rows = try await self.rows(device)
        for (key, value) in [
            ("sync.bodies", "unread"), ("sync.images", "saved"), ("sync.budget", "1500kB"), ("retain", "36h"),
            ("feeds.retain", "forever"),
        ] {
            #expect(rows[key]?.value == value && rows[key]?.source == "replica", "\(key)")
            #expect(try await device.done("config", "set", key, value).output == "\(key) = \(value)\n")
        }
        let after = try await self.rows(device)
        #expect(after.mapValues(\.value) == rows.mapValues(\.value))
    }

    @Test("what config sets is what the commands go by, and unset brings the default back")
    func set() async throws {
        let device = try await Synced.device()
        for (key, value) in [("retain", "52w"), ("sync.bodies", "saved"), ("sync.images", "unread")] {
            try await device.done("config", "set", key, value)
        }
        try await device.done("config", "set", "sync.budget", "unlimited")
        #expect(try await device.done("config", "get", "sync.budget").output == "unlimited\n")
        #expect(try await device.done("retain", "--json").json()["days"] as? Int == 364)
        let status = try await device.done("status", "--json").json()
        #expect(status["bodies"] as? String == "saved" && status["images"] as? String == "unread")
        #expect(status["pictureBudget"] is NSNull)
        #expect(try await device.done("config", "unset", "retain").output == "retain = off (default)\n")
        #expect(try await device.done("config", "unset", "retain").output == "retain was not set\n")
        #expect(try await device.done("retain", "--json").json()["days"] is NSNull)
        let file = device.folder.path + "/config/reader-sync/config"
        #expect(!FileManager.default.fileExists(atPath: file), "nothing of it is in the file")
    }

    @Test(
        "a value that makes no sense is refused as by the command, and changes nothing",
        arguments: [("sync.bodies", "al", "all"), ("sync.budget", "much", "500MB"), ("retain", "0d", "90d")])
    func refused(_ key: String, _ value: String, _ word: String) async throws {
        let device = try await Synced.device()
        let outcome = try await device.run("config", "set", key, value)
        #expect(outcome.status == 2 && outcome.errors.contains(word))
        #expect(try await rows(device)[key]?.source == "default")
    }

    @Test("without a replica the defaults are shown, and nothing can be set")
    func noReplica() async throws {
        let device = try Device()
        #expect(try await rows(device)["sync.images"]?.source == "default")
        let outcome = try await device.run("config", "set", "sync.images", "all")
        #expect(outcome.status == 3 && outcome.errors.contains("init"))
        #expect(!FileManager.default.fileExists(atPath: device.replica))
    }

    @Test("a replica that is damaged keeps nobody from seeing the settings of the file")
    func damaged() async throws {
        let device = try await Synced.device()
        try "no database at all, but long enough to be looked at".write(
            toFile: device.replica, atomically: true, encoding: .utf8)
        let outcome = try await device.done("config")
        #expect(outcome.output.contains("list.limit") && !outcome.output.contains("sync.images"))
        #expect(outcome.errors.contains("what the replica remembers cannot be read"))
    }

    @Test("in the file such a key is refused, with where it belongs")
    func inFile() throws {
        let failure = try #require(ConfigFile("sync.bodies = \"all\"", path: "config").problems.first).failure
        #expect(
            failure.message.contains("in the replica") && failure.remedy?.contains("config set sync.bodies") == true)
    }
}
