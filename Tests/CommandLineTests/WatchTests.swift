import Foundation
import Glibc
import Testing

@testable import ReaderSyncCLI

@Suite("Staying in step")
struct WatchTests {
    @Test("what one device marks comes to the other, and what is marked beside the watch goes out")
    func both() async throws {
        let server = try await Server.start()
        let phone = try await Device.loggedIn(to: server, server.tokens[0])
        let laptop = try await Device.loggedIn(to: server, server.tokens[1])
        try await phone.done("sync")
        let watch = try Watch(laptop)
        #expect(try await watch.next()["newArticles"] as? Int == 12)
        let ids = try await phone.articles()
        try await phone.done("save", ids[0])
        try await phone.done("sync")
        #expect(try await watch.next()["received"] as? Int == 1)
        #expect(try await laptop.done("list", "--saved", "--json").items().count == 1)
        try await laptop.done("read", ids[1])
        #expect(try await watch.next()["sent"] as? Int == 1)
        #expect(try await phone.done("sync", "--json").json()["received"] as? Int == 1)
        #expect(await watch.stop() == 130)
    }

    @Test("two watches bring a mark from one device to the other without anybody syncing")
    func twoWatches() async throws {
        let server = try await Server.start()
        let phone = try await Device.loggedIn(to: server, server.tokens[0])
        let laptop = try await Device.loggedIn(to: server, server.tokens[1])
        let (one, other) = (try Watch(phone), try Watch(laptop))
        _ = (try await one.next(), try await other.next())
        try await phone.done("save", try await phone.articles()[3])
        #expect(try await one.next()["sent"] as? Int == 1)
        #expect(try await other.next()["received"] as? Int == 1)
        #expect(await one.stop() == 130)
        #expect(await other.stop() == 130)
    }

    @Test("a server that goes away and comes back is found again, and what was marked meanwhile goes out")
    func restarted() async throws {
        let server = try await Server.start()
        let phone = try await Device.loggedIn(to: server, server.tokens[0])
        let watch = try Watch(phone)
        _ = try await watch.next()
        server.stop()
        try await phone.done("save", try await phone.articles()[0])
        try server.restart()
        #expect(try await watch.next()["sent"] as? Int == 1)
        #expect(await watch.stop() == 130)
    }

    @Test("each sync that did something is a row of --format; a name that it has not ends the watch before it begins")
    func format() async throws {
        let server = try await Server.start()
        let phone = try await Device.loggedIn(to: server, server.tokens[0])
        let wrong = try await phone.run("watch", "--format", "{newArticle}")
        #expect(wrong.status == 2 && wrong.output.isEmpty && wrong.errors.contains("{newArticles}"))
        let watch = try Watch(
            phone, "--format", "{newArticles} new, {sent} sent, [{feeds.newArticles}]", isForPeople: true)
        #expect(await watch.line() == "12 new, 0 sent, []")
        try await phone.done("save", try await phone.articles()[0])
        #expect(await watch.line() == "0 new, 1 sent, []")
        #expect(await watch.stop() == 130)
    }

    @Test("a replica has one watch, and can be synced beside it")
    func one() async throws {
        let server = try await Server.start()
        let phone = try await Device.loggedIn(to: server, server.tokens[0])
        let watch = try Watch(phone)
        _ = try await watch.next()
        let second = try await phone.run("watch", "--json")
        #expect(second.status == 1)
        #expect(try second.error()["code"] as? String == "alreadyWatching")
        #expect(await watch.stop() == 130)
        try await phone.done("sync")
    }

    @Test("Ctrl-C ends a watch that waits for a server that never answers")
    func deaf() async throws {
        let deaf = try DeafServer()
        let device = try Device()
        try await device.done("init", "--server", deaf.url)
        let watch = try Watch(device, environment: ["READER_SYNC_TOKEN": "t"])
        try await deaf.accepted()
        #expect(await watch.stop() == 130)
    }

    @Test("a token that is no longer good ends the watch, with what to do")
    func revoked() async throws {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        let outcome = try await device.run("watch", environment: ["READER_SYNC_TOKEN": "wrong"])
        #expect(outcome.status == 7 && outcome.errors.contains("reader-sync login"))
    }

    @Test("feeds of one's own are read when their time has come, without a server")
    func feeds() async throws {
        let host = try FeedHost()
        host.publish("/feed", feed: host.rss([("a1", "Tide Tables")]))
        let device = try Device()
        let list = "<opml version='2.0'><body><outline text='F' type='rss' xmlUrl='\(host.url)/feed'/></body></opml>"
        try await device.done("feeds", "import", "-", input: list)
        let watch = try Watch(device)
        let feeds = try await watch.next()["feeds"] as? [String: Any]
        #expect(feeds?["newArticles"] as? Int == 1)
        #expect(await watch.stop() == 130)
    }

    @Test("a watch goes with no other way of syncing", arguments: ["--dry-run", "--due", "--fail-on-conflict"])
    func combined(_ flag: String) async throws {
        #expect(try await Device().run("sync", "--watch", flag).status == 2)
    }

    @Test("a unit and a timer are printed, for this program and this replica")
    func units() async throws {
        let device = try Device()
        let unit = try await device.done("watch", "--print-unit").output
        let command = "ExecStart=\"\(Program.client.url.path)\" sync --watch --quiet --replica \"\(device.replica)\""
        #expect(unit.contains(command))
        let here = try await device.done("watch", "--print-unit", environment: ["READER_SYNC_REPLICA": "r.sqlite"])
        #expect(here.output.contains("--replica \"/") && here.output.contains("/r.sqlite\""))
        #expect(unit.contains("RestartPreventExitStatus=2 7 6 8\n"))
        for section in ["[Unit]", "[Service]", "[Install]"] { #expect(unit.contains(section)) }
        let timer = try await device.done("watch", "--print-timer").output
        #expect(timer.contains("Type=oneshot") && timer.contains("OnUnitInactiveSec=15min"))
        #expect(timer.contains("# reader-sync.service") && timer.contains("# reader-sync.timer"))
        try await verify(["reader-sync.service": unit], device)
        let files = try await device.done("watch", "--print-timer", "--json").json()["files"] as? [[String: String]]
        let pairs = (files ?? []).map { ($0["name"] ?? "", $0["text"] ?? "") }
        #expect(pairs.map(\.0) == ["reader-sync.service", "reader-sync.timer"])
        try await verify(Dictionary(uniqueKeysWithValues: pairs), device)
    }

    /// Has systemd look at the files, where it is installed; else holds each line against the form of unit files.
    private func verify(_ files: [String: String], _ device: Device) async throws {
        for (name, text) in files {
            for line in text.split(separator: "\n") where !line.hasPrefix("#") {
                #expect(line.hasPrefix("[") && line.hasSuffix("]") || line.contains("="), "\(name): \(line)")
            }
            try text.write(toFile: device.folder.path + "/" + name, atomically: true, encoding: .utf8)
        }
        let analyze = "/usr/bin/systemd-analyze"
        guard FileManager.default.isExecutableFile(atPath: analyze) else { return }
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        let paths = files.keys.map { device.folder.path + "/" + $0 }
        let child = try Child(
            path: analyze, arguments: ["--user", "verify"] + paths,
            environment: ["PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": device.folder.path],
            streams: [null, null, null])
        #expect(await child.end() == 0)
    }

    @Test("a word of a unit's command line is one word to systemd, whatever is in it")
    func words() {
        #expect(SystemdUnit.word(#"/a b/100%$HOME"\"#) == #""/a b/100%%$$HOME\"\\""#)
    }
}
