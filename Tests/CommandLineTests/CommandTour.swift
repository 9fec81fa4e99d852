import Foundation
import Testing

/// A run of every command that takes `--json`, with something in every list. `run` holds each output against its schema.
enum CommandTour {
    /// Takes the tour.
    ///
    /// - Returns: the schema files of the commands that were run and succeeded.
    static func taken() async throws -> Set<String> {
        let tour = Tour()
        let host = try FeedHost()
        try await withServer(tour)
        try await withFeeds(tour, host)
        return await tour.files
    }

    /// What was run so far.
    private actor Tour {
        var files: Set<String> = []

        /// Runs a command that must succeed.
        @discardableResult
        func run(
            _ device: Device, _ arguments: String..., environment: [String: String] = [:], input: String = ""
        ) async throws -> Outcome {
            try await run(device, arguments, environment: environment, input: input)
        }

        /// Runs a command that must succeed.
        @discardableResult
        func run(
            _ device: Device, _ arguments: [String], environment: [String: String] = [:], input: String = ""
        ) async throws -> Outcome {
            let outcome = try await CommandLineTests.run(
                .client, arguments + ["--json"], in: device.folder.path,
                environment: device.environment.merging(environment) { $1 }, input: input)
            #expect(outcome.status == 0, "\(arguments.joined(separator: " ")): \(outcome.errors)")
            #expect(!outcome.output.isEmpty, "\(arguments.joined(separator: " ")) printed no document")
            let isDone = outcome.status == 0 && !outcome.output.isEmpty
            if isDone, let file = CommandSchemas.file(for: arguments) { files.insert(file) }
            return outcome
        }
    }

    private static func withServer(_ tour: Tour) async throws {
        let server = try await Server.start()
        let (phone, laptop) = (try Device(), try await Device.loggedIn(to: server, server.tokens[1]))
        try await tour.run(phone, "init")
        try await tour.run(phone, "login", server.url, environment: ["READER_SYNC_TOKEN": server.tokens[0]])
        try await tour.run(phone, "sync")
        try await laptop.done("sync")
        let ids = try await phone.articles()
        try await reading(tour, phone, ids)
        try await mail(tour, phone)
        try await differences(tour, server, phone, laptop, ids)
        try await tour.run(phone, "retain", "3650d")
        try await tour.run(phone, "watch", "--print-unit")
        try await tour.run(phone, "watch", "--print-timer")
        try await tour.run(phone, "status")
        try await tour.run(phone, "feeds")
        try await tour.run(phone, "log")
        try await tour.run(phone, "log", "--limit", "1")
        try await tour.run(phone, "export", "--state")
        try await tour.run(phone, "doctor")
        try await tour.run(phone, "logout")
        for words in [
            ["set", "list.limit", "7"], ["get", "list.limit"], [], ["unset", "list.limit"], ["path"],
            ["set", "retain", "90d"], ["get", "retain"], ["unset", "retain"],
        ] {
            try await tour.run(phone, ["config"] + words)
        }
    }

    private static func reading(_ tour: Tour, _ device: Device, _ ids: [String]) async throws {
        try await tour.run(device, "list", "--limit", "3")
        try await tour.run(device, "search", "lighthouses")
        try await tour.run(device, "show", ids[0])
        try await tour.run(device, "show", ids[0], "--revisions")
        try await tour.run(device, "show", ids[0], "--changes")
        try await tour.run(device, "read", ids[1])
        try await tour.run(device, "read", "--all", "--since", "2026-11-10")
        try await tour.run(device, "unread", ids[1])
        try await tour.run(device, "save", ids[1], ids[2])
        try await tour.run(device, "unsave", ids[2])
        try await tour.run(device, "undo")
        try await tour.run(device, "undo", "--list")
        try await tour.run(device, "progress", ids[1], "42%")
        try await tour.run(device, "tag", "europe", ids[1])
        try await tour.run(device, "untag", "europe", ids[1])
        try await tour.run(device, "tag", "asia", ids[3])
        try await tour.run(device, "note", ids[3], "a thought")
        try await tour.run(device, "note", ids[3])
        try await tour.run(device, "show", ids[3], "--peek")
        try await tour.run(device, "list", "--tag", "asia")
        try await tour.run(device, "sync", "--dry-run")
    }

    private static func mail(_ tour: Tour, _ device: Device) async throws {
        try await tour.run(device, "newsletters", "subscribe", "daily", "--confirm-age")
        try await tour.run(device, "newsletters", "frequency", "daily", "weekly")
        try await tour.run(device, "newsletters")
        try await tour.run(device, "newsletters", "unsubscribe", "daily")
        try await tour.run(device, "consent")
        try await tour.run(device, "consent", "grant", "brandOffers", "--yes")
        try await tour.run(device, "consent")
        try await tour.run(device, "consent", "withdraw", "brandOffers")
        try await tour.run(device, "consent", "history")
        try await tour.run(device, "consent", "grant", "brandOffers", "--yes")
    }

    private static func differences(
        _ tour: Tour, _ server: Server, _ phone: Device, _ laptop: Device, _ ids: [String]
    ) async throws {
        try await phone.done("note", ids[0], "the phone's thought")
        try await laptop.done("note", ids[0], "the laptop's thought")
        try await laptop.done("progress", ids[1], "50%")
        try await laptop.done("sync")
        // The consent that waits to be sent is for a wording that is no longer in force, so it is set aside.
        try await server.administer(
            "consent", "publish", "brandOffers", "--version", "4", "--text", "May we write to you daily?", "--policy",
            "2026-01", "--terms", "2025-06")
        try await tour.run(phone, "sync", "--dry-run")
        try await tour.run(phone, "sync")
        let open = try await tour.run(phone, "conflicts").items()
        let id = try #require(open.first?["id"] as? String)
        try await tour.run(phone, "conflicts", "show", id)
        try await tour.run(phone, "conflicts", "resolve", id, "--both")
        try await tour.run(phone, "conflicts", "list", "--all")
        try await tour.run(phone, "conflicts", "policy")
        try await tour.run(phone, "conflicts", "policy", "note", "theirs")
        let aside = try await tour.run(phone, "set-aside").items()
        let place = String(try #require(aside.first?["place"] as? Int))
        try await tour.run(phone, "set-aside", "retry", place)
        try await tour.run(phone, "sync")
        let again = try #require(try await tour.run(phone, "set-aside").items().first?["place"] as? Int)
        try await tour.run(phone, "set-aside", "drop", String(again))
    }

    private static func withFeeds(_ tour: Tour, _ host: FeedHost) async throws {
        let device = try Device()
        host.publish("/feed", feed: host.rss([("a1", "Tide Tables"), ("a2", "Pilot Boats")]))
        try await tour.run(device, "add", host.url + "/feed")
        try await tour.run(device, "add", host.url + "/feed", "--tag", "Sea")
        try await tour.run(device, "feeds", "check", host.url + "/feed")
        let feed = try #require(try await tour.run(device, "feeds").items().first?["id"] as? String)
        try await tour.run(device, "feeds", "edit", feed, "--title", "Mine")
        try await tour.run(device, "feeds", "retain", "90d")
        for (option, name) in [("--epub", "a.epub"), ("--html", "a.html"), ("--jsonl", "a.jsonl")] {
            try await tour.run(device, "export", "--all", option, device.folder.path + "/" + name)
        }
        let mark = #"{"url":"http://harbour.example/a1","read":true}"#
        try await tour.run(device, "import", "state", "-", "--dry-run", input: mark)
        try await tour.run(device, "import", "state", "-", input: mark)
        let list = try await device.done("feeds", "export").output
        try await tour.run(device, "feeds", "export")
        try await tour.run(device, "feeds", "export", "--output", device.folder.path + "/feeds.opml")
        try await tour.run(device, "feeds", "import", "-", input: list)
        host.publish("/feed", feed: host.rss([("a1", "Tide Tables, Corrected"), ("a3", "New Pier")]))
        try await tour.run(device, "sync")
        let corrected = try await device.articles()
        for id in corrected { try await tour.run(device, "show", id, "--changes") }
        for id in corrected { try await tour.run(device, "show", id, "--revisions") }
        host.publish("/feed", .init(body: "", status: "500 Internal Server Error"))
        _ = try await run(
            .client, ["sync", "--json"], in: device.folder.path, environment: device.environment)
        try await tour.run(device, "feeds")
        try await tour.run(device, "feeds", "remove", feed)
    }
}
