import Foundation
import Glibc
import Testing

@Suite("Syncing real devices with a real server")
struct SyncTests {
    @Test("two devices that went apart see the conflict, resolve it, and hold the same bytes")
    func twoDevices() async throws {
        let server = try await Server.start()
        let phone = try await Device.loggedIn(to: server, server.tokens[0])
        let laptop = try await Device.loggedIn(to: server, server.tokens[1])
        try await phone.done("sync")
        try await phone.done("newsletters", "subscribe", "daily", "--confirm-age")
        try await phone.done("sync")
        try await laptop.done("sync")
        let ids = try await phone.articles()

        try await phone.done("note", ids[0], "the phone's thought")
        try await phone.done("read", ids[1])
        try await phone.done("newsletters", "unsubscribe", "daily")
        try await laptop.done("note", ids[0], "the laptop's thought")
        try await laptop.done("save", ids[1])
        try await laptop.done("newsletters", "unsubscribe", "daily")
        try await laptop.done("newsletters", "subscribe", "daily")
        try await phone.done("sync")
        let second = try await laptop.run("sync", "--fail-on-conflict")
        #expect(second.status == 5)
        #expect(second.errors.contains("reader-sync conflicts"))

        let open = try await laptop.done("conflicts", "--json").items()
        #expect(Set(open.compactMap { $0["field"] as? String }) == ["note", "subscribed"])
        let newsletter = try #require(try await laptop.done("newsletters", "--json").items().first)
        #expect(newsletter["subscribed"] as? Bool == false, "unsubscribing wins until the reader decides")
        for conflict in open {
            let id = try #require(conflict["id"] as? String)
            let choice = conflict["field"] as? String == "note" ? "--both" : "--theirs"
            try await laptop.done("conflicts", "resolve", id, choice)
        }
        try await laptop.done("sync")
        try await phone.done("sync", "--fail-on-conflict")
        try await laptop.done("sync", "--fail-on-conflict")
        #expect(try await phone.exported() == laptop.exported())
        let note = try await phone.done("note", ids[0]).output
        #expect(note.contains("the phone's thought") && note.contains("the laptop's thought"))
        let all = try await phone.done("conflicts", "list", "--all", "--json").items()
        #expect(all.contains { $0["field"] as? String == "note" && $0["state"] as? String == "resolved" })
    }

    @Test("a dry run says what would go and come, and changes nothing on either side")
    func dryRun() async throws {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        try await device.done("sync")
        try await device.done("save", try await device.articles()[0])
        let preview = try await device.done("sync", "--dry-run", "--json").json()
        #expect((preview["outgoing"] as? [Any])?.count == 1)
        #expect(try await device.done("sync", "--dry-run").output.contains("would send 1 change"))
        #expect(try await device.done("status", "--json").json()["pending"] as? Int == 1)
        let sync = try await device.done("sync", "--json").json()
        #expect(sync["sent"] as? Int == 1)
    }

    @Test("a dry run names the conflict that would arise, and opens none")
    func dryRunConflict() async throws {
        let server = try await Server.start()
        let phone = try await Device.loggedIn(to: server, server.tokens[0])
        let laptop = try await Device.loggedIn(to: server, server.tokens[1])
        try await phone.done("sync")
        try await laptop.done("sync")
        let id = try await phone.articles()[0]
        try await phone.done("note", id, "one")
        try await laptop.done("note", id, "two")
        try await phone.done("sync")
        let preview = try await laptop.done("sync", "--dry-run", "--json").json()
        let differences = try #require(preview["differences"] as? [[String: Any]])
        #expect(differences.map { $0["kind"] as? String } == ["open"])
        #expect(differences.map { $0["name"] as? String } == [id])
        #expect(try await laptop.done("conflicts", "--json").items().isEmpty)
    }

    @Test("a policy settles a conflict without asking; none can be set that lets an opt-in win")
    func policy() async throws {
        let server = try await Server.start()
        let phone = try await Device.loggedIn(to: server, server.tokens[0])
        let laptop = try await Device.loggedIn(to: server, server.tokens[1])
        try await phone.done("sync")
        try await laptop.done("sync")
        let id = try await phone.articles()[0]
        #expect(try await laptop.run("conflicts", "policy", "subscribed", "mine").status == 2)
        try await laptop.done("conflicts", "policy", "note", "theirs")
        try await laptop.done("note", id, "the laptop's")
        try await phone.done("note", id, "the phone's")
        try await phone.done("sync")
        try await laptop.done("sync", "--fail-on-conflict")
        #expect(try await laptop.done("note", id).output == "the phone's\n")
        try await phone.done("sync")
        #expect(try await phone.exported() == laptop.exported())
    }

    @Test("a change that the server does not take is set aside with the reason, and the rest goes on")
    func setAside() async throws {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        try await device.done("sync")
        try await device.done("consent", "grant", "brandOffers", "--yes")
        try await device.done("save", try await device.articles()[0])
        try await server.administer(
            "consent", "publish", "brandOffers", "--version", "4", "--text", "May we write to you daily?",
            "--policy", "2026-01", "--terms", "2025-06")
        let sync = try await device.done("sync", "--json").json()
        #expect(sync["sent"] as? Int == 1)
        #expect(sync["setAside"] as? Int == 1)
        let aside = try #require(try await device.done("set-aside", "--json").items().first)
        #expect(aside["reason"] as? String == "wordingOutdated")
        let place = String(try #require(aside["place"] as? Int))
        try await device.done("set-aside", "drop", place)
        #expect(try await device.done("set-aside", "--json").items().isEmpty)
        #expect(try await device.run("set-aside", "drop", "999999").status == 3)
        let log = try await device.done("log", "--json").items()
        #expect(log.contains { $0["state"] as? String == "dropped" })
    }

    @Test("a newsletter that ends is shown to its subscriber, who can unsubscribe; nobody can subscribe any more")
    func endedNewsletter() async throws {
        let server = try await Server.start()
        let phone = try await Device.loggedIn(to: server, server.tokens[0])
        let laptop = try await Device.loggedIn(to: server, server.tokens[1])
        try await laptop.done("sync")
        try await phone.done("sync")
        try await phone.done("newsletters", "subscribe", "daily", "--confirm-age")
        try await phone.done("sync")
        try await laptop.done("newsletters", "subscribe", "daily", "--confirm-age")
        try await server.administer("newsletter", "remove", "daily")
        let refused = try await laptop.done("sync", "--json").json()
        #expect(refused["setAside"] as? Int == 1)
        let aside = try #require(try await laptop.done("set-aside", "--json").items().first)
        #expect(aside["reason"] as? String == "unknownEntity")

        try await phone.done("sync")
        #expect(try await phone.done("newsletters").output == "daily  Daily Brief  subscribed, no longer offered\n")
        let item = try #require(try await phone.done("newsletters", "--json").items().first)
        #expect(item["offered"] as? Bool == false && item["subscribed"] as? Bool == true)
        for command in [["subscribe", "daily"], ["frequency", "daily", "weekly"]] {
            let outcome = try await run(
                .client, ["newsletters"] + command, in: phone.folder.path, environment: phone.environment)
            #expect(outcome.status == 3 && outcome.errors.contains("newsletters unsubscribe daily"))
        }
        try await phone.done("newsletters", "unsubscribe", "daily")
        let sync = try await phone.done("sync", "--json").json()
        #expect(sync["sent"] as? Int == 1 && sync["setAside"] as? Int == 0)
        #expect(try await phone.done("newsletters", "--json").items().isEmpty)
    }

    @Test("an article that its publisher withdraws is listed no more, and what was noted on it stays")
    func withdrawn() async throws {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        try await device.done("sync")
        let ids = try await device.articles()
        try await device.done("note", ids[0], "mine")
        try await server.administer("withdraw", ids[0])
        try await device.done("sync")
        #expect(try await device.articles() == Array(ids.dropFirst()))
        #expect(try await device.done("note", ids[0]).output == "mine\n")
    }

    @Test("a sync with nothing new is one request and says so")
    func nothingNew() async throws {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        try await device.done("sync")
        #expect(try await device.done("sync").output == "nothing new\n")
        #expect(try await device.done("sync", "--json").json()["requests"] as? Int == 1)
        #expect(try await device.done("sync", "--quiet").output.isEmpty)
    }

    @Test("a server that is down ends with 4, and what was marked stays for the next sync")
    func serverDown() async throws {
        let device = try await Synced.device()
        let id = try await device.articles()[0]
        try await device.done("save", id)
        // The copied device has no token of its own: tokens are kept by the replica's place.
        let environment = ["READER_SYNC_TOKEN": "any-token-at-all"]
        let outcome = try await device.run("sync", environment: environment)
        #expect(outcome.status == 4)
        #expect(outcome.errors.contains("your changes are kept"))
        #expect(try await device.done("status", "--json").json()["pending"] as? Int == 1)
        let json = try await device.run("sync", "--json", environment: environment)
        #expect(json.status == 4)
        #expect(try json.error()["code"] as? String == "offline")
        #expect(try json.json()["complete"] as? Bool == false)
    }

    @Test("a wrong token ends with 7 at login and at sync, and is neither kept nor printed")
    func wrongToken() async throws {
        let server = try await Server.start()
        let device = try Device()
        try await device.done("init", "--server", server.url)
        let login = try await device.run("login", environment: ["READER_SYNC_TOKEN": "wrong-secret-token"])
        #expect(login.status == 7)
        #expect(!login.errors.contains("wrong-secret-token"))
        #expect(try await device.done("status", "--json").json()["loggedIn"] as? Bool == false)
        let sync = try await device.run("sync", environment: ["READER_SYNC_TOKEN": "wrong-secret-token"])
        #expect(sync.status == 7)
        #expect(sync.errors.contains("reader-sync login"))
    }

    @Test("a wrong address ends with 7 where something else answers, and with 4 where nothing does")
    func wrongAddress() async throws {
        let server = try await Server.start()
        let device = try Device()
        try await device.done("init")
        let environment = ["READER_SYNC_TOKEN": server.tokens[0]]
        #expect(try await device.run("login", server.url + "/elsewhere", environment: environment).status == 7)
        #expect(try await device.run("login", "http://127.0.0.1:9", environment: environment).status == 4)
        #expect(try await device.run("login", "no-address", environment: environment).status == 2)
    }

    @Test("a token is kept in a file for this user alone, and not in the replica")
    func tokenFile() async throws {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        let tokens = device.folder.path + "/config/reader-sync/tokens"
        let files = try FileManager.default.contentsOfDirectory(atPath: tokens)
        #expect(files.count == 1)
        let attributes = try FileManager.default.attributesOfItem(atPath: tokens + "/" + files[0])
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let replica = try Data(contentsOf: URL(filePath: device.replica))
        #expect(replica.range(of: Data(server.tokens[0].utf8)) == nil)
        try await device.done("logout")
        #expect(try await device.run("sync").status == 7)
    }

    @Test("a token comes from a file or from standard input too")
    func tokenSources() async throws {
        let server = try await Server.start()
        let device = try Device()
        try await device.done("init")
        try await device.done("login", server.url, input: server.tokens[0] + "\n")
        let file = device.folder.path + "/token"
        try (server.tokens[1] + "\n").write(toFile: file, atomically: true, encoding: .utf8)
        try await device.done("login", server.url, "--token-file", file)
        try await device.done("sync")
        #expect(try await device.run("login", server.url, input: "\n").status == 2)
    }

    @Test("a token is sent to no other server than the one it was given for")
    func tokenStaysHome() async throws {
        let (server, other) = (try await Server.start(), try await Server.start())
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        try await device.done("sync")
        let refused = try await device.run("login", other.url, environment: ["READER_SYNC_TOKEN": other.tokens[0]])
        #expect(refused.status == 2)
        #expect(refused.errors.contains("--move"))
        try await device.done("login", other.url, "--move", environment: ["READER_SYNC_TOKEN": other.tokens[0]])
        try await device.done("sync")
    }

    @Test("of two syncs at once one does the work, and the other, if it comes in between, says why it does not")
    func twiceAtOnce() async throws {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        let outcomes = try await withThrowingTaskGroup(of: Outcome.self, returning: [Outcome].self) { group in
            for _ in 0..<4 { group.addTask { try await device.run("sync") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.contains { $0.status == 0 })
        for outcome in outcomes where outcome.status != 0 {
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("another reader-sync is syncing"))
        }
        #expect(try await device.articles().count == 12)
    }

    @Test("a held sync lock is answered with 1 and a clear message")
    func lockHeld() async throws {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        let lock = try #require(FileHandle.lock(device.replica + "-sync.lock"))
        let outcome = try await device.run("sync")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("another reader-sync is syncing"))
        try lock.close()
        try await device.done("sync")
    }

    @Test("Ctrl-C in a sync ends it with 130, and the next one goes on")
    func interrupted() async throws {
        let deaf = try DeafServer()
        let device = try Device()
        let moved = device.folder.path + "/waiting.sqlite"
        try await device.done("init", "--server", deaf.url, "--replica", moved)
        let errors = try CleanPipe()
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        let child = try Program.client.start(
            ["sync", "--replica", moved], device.environment.merging(["READER_SYNC_TOKEN": "t"]) { $1 },
            input: null, output: null, errors: errors.writing)
        close(errors.writing)
        // The request has arrived, so the signals are looked after.
        try await deaf.accepted()
        kill(child.id, SIGINT)
        #expect(await child.end() == 130)
        let text = CleanPipe.text(errors.reading)
        close(errors.reading)
        #expect(text == "stopped; nothing is lost; sync again to go on\n")
    }
}
