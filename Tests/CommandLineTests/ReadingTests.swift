import Foundation
import Testing

@Suite("Reading and marking at the command line")
struct ReadingTests {
    @Test("the library can be listed, and a page goes on where it ended")
    func paging() async throws {
        let device = try await Synced.device()
        let all = try await device.articles()
        #expect(all.count == 12)
        let first = try await device.done("list", "--json", "--limit", "5").json()
        let next = try #require(first["next"] as? String)
        let rest = try await device.done("list", "--json", "--after", next).items()
        #expect(rest.compactMap { $0["id"] as? String } == Array(all.dropFirst(5)))
    }

    @Test("an unknown article ends with 3; nothing is recorded for the known ones beside it")
    func unknownArticle() async throws {
        let device = try await Synced.device()
        let known = try await device.articles()[0]
        let outcome = try await device.run("save", known, "00000000000000000000000000000000")
        #expect(outcome.status == 3)
        #expect(try await device.done("list", "--saved", "--json").items().isEmpty)
    }

    @Test("too short a prefix is refused, and a URL names an article")
    func references() async throws {
        let device = try await Synced.device()
        let id = try await device.articles()[0]
        #expect(try await device.run("show", "--peek", String(id.prefix(2))).status != 0)
        try await device.done("save", "https://review.example/3")
        let saved = try await device.done("list", "--saved", "--json").items()
        #expect(saved.first?["url"] as? String == "https://review.example/3")
    }

    @Test("show marks read, --peek does not")
    func showMarks() async throws {
        let device = try await Synced.device()
        let ids = try await device.articles()
        try await device.done("show", ids[0], "--peek")
        #expect(try await device.done("list", "--unread", "--json").items().count == 12)
        let shown = try await device.done("show", String(ids[0].prefix(8)), "--json").json()
        #expect(shown["readBy"] as? String == "implicit")
        #expect(try await device.done("list", "--unread", "--json").items().count == 11)
    }

    @Test("read --all marks what is unread now, as one of many")
    func readAll() async throws {
        let device = try await Synced.device()
        let ids = try await device.articles()
        try await device.done("read", ids[0])
        let all = try await device.done("read", "--all", "--json").json()
        #expect(all["recorded"] as? Int == 11)
        let log = try await device.done("log", "--json").items()
        let origins = log.compactMap { ($0["value"] as? [String: Any])?["by"] as? String }
        #expect(origins.filter { $0 == "bulk" }.count == 11)
        #expect(origins.filter { $0 == "explicit" }.count == 1)
    }

    @Test("ids come from standard input as words, as JSON lines, and as a whole list")
    func idsFromInput() async throws {
        let device = try await Synced.device()
        let list = try await device.done("list", "--json").output
        let ids = try await device.articles()
        try await device.done("save", "-", input: ids[0] + "\n\n" + ids[1] + "  a headline\n")
        try await device.done("read", "-", input: "{\"id\":\"\(ids[2])\"}\n{\"id\":\"\(ids[3])\",\"x\":1}\n")
        try await device.done("tag", "later", "-", input: list)
        #expect(try await device.done("list", "--saved", "--json").items().count == 2)
        #expect(try await device.done("list", "--unread", "--json").items().count == 10)
        #expect(try await device.done("list", "--tag", "later", "--json").items().count == 12)
        let bad = try await device.run("save", "-", input: "{\"no\":1}\n")
        #expect(bad.status == 2)
        #expect(bad.errors.contains("line 1"))
    }

    @Test("both orders of tag say the same; untag takes it off")
    func tags() async throws {
        let device = try await Synced.device()
        let ids = try await device.articles()
        try await device.done("tag", "europe", ids[0], ids[1])
        try await device.done("tag", ids[2], "--tag", "europe", "--tag", "asia")
        #expect(try await device.done("list", "--tag", "europe", "--json").items().count == 3)
        try await device.done("untag", "europe", ids[0])
        #expect(try await device.done("list", "--tag", "europe", "--json").items().count == 2)
        #expect(try await device.run("tag", "\u{1B}[31m", ids[0]).status == 2)
    }

    @Test("a note is written, shown, edited and removed")
    func notes() async throws {
        let device = try await Synced.device()
        let id = try await device.articles()[0]
        try await device.done("note", id, "first thought")
        #expect(try await device.done("note", id).output == "first thought\n")
        let editor = device.folder.path + "/editor.sh"
        try "#!/bin/sh\nprintf 'second line\\n' >> \"$1\"\n".write(toFile: editor, atomically: true, encoding: .utf8)
        try await device.done("note", id, "--edit", environment: ["EDITOR": "sh " + editor])
        #expect(try await device.done("note", id).output == "first thought\nsecond line\n")
        try await device.done("note", id, "--file", "-", input: "from a pipe\n")
        #expect(try await device.done("note", id, "--json").json()["note"] as? String == "from a pipe")
        try await device.done("note", id, "--remove")
        #expect(try await device.done("note", id).output.isEmpty)
        #expect(try await device.run("note", id, "--edit", environment: ["EDITOR": "false"]).status == 1)
    }

    @Test("progress takes per cent and keeps basis points")
    func progress() async throws {
        let device = try await Synced.device()
        let id = try await device.articles()[0]
        try await device.done("progress", id, "42.5%")
        #expect(try await device.done("show", id, "--peek", "--json").json()["progress"] as? Int == 4_250)
    }

    @Test("search finds words of texts")
    func search() async throws {
        let device = try await Synced.device()
        #expect(try await device.done("search", "patience", "--json").items().count == 1)
        #expect(try await device.done("search", "lighthouses", "--json").items().count == 12)
        #expect(try await device.done("search", "nowhere", "--json").items().isEmpty)
    }

    @Test("no byte of any output commands the terminal, whatever headlines and notes hold")
    func hostileText() async throws {
        let device = try await Synced.device()
        let id = try await device.articles()[0]
        try await device.done("note", id, "bell \u{7} title \u{1B}]0;owned\u{7} red \u{1B}[31m \u{202E}turned")
        for command in [["list"], ["show", id, "--peek"], ["note", id], ["search", "alert"], ["log"], ["feeds"]] {
            for form in [command, command + ["--json"]] {
                let outcome = try await run(.client, form, in: device.folder.path, environment: device.environment)
                let bad = outcome.output.unicodeScalars.filter { scalar in
                    scalar != "\n"
                        && (scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || scalar == "\u{202E}")
                }
                #expect(outcome.status == 0)
                #expect(bad.isEmpty, "\(form): \(bad)")
            }
        }
        #expect(try await device.done("note", id).output == "bell  title  red  turned\n")
    }

    @Test(
        "every command that prints prints one JSON document with --json",
        arguments: [
            ["list"], ["feeds"], ["status"], ["log"], ["conflicts"], ["conflicts", "list", "--all"],
            ["conflicts", "policy"], ["consent"], ["newsletters"], ["search", "grain"], ["set-aside"],
            ["export", "--state"], ["read", "--all"], ["save", "https://review.example/1"],
            ["show", "https://review.example/2"], ["show", "https://review.example/2", "--revisions"],
            ["newsletters", "subscribe", "daily", "--confirm-age", "--frequency", "weekly"],
            ["newsletters", "unsubscribe", "daily"], ["newsletters", "frequency", "daily", "weekly"],
            ["consent", "grant", "brandOffers", "--yes"], ["consent", "withdraw", "brandOffers"],
            ["conflicts", "policy", "note", "ask"], ["note", "https://review.example/1"],
            ["progress", "https://review.example/1", "10%"], ["logout"],
        ])
    func jsonEverywhere(_ command: [String]) async throws {
        let device = try await Synced.device()
        let outcome = try await run(
            .client, command + ["--json"], in: device.folder.path, environment: device.environment)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.isEmpty)
        #expect(try !outcome.json().isEmpty)
    }

    @Test("an unknown feed, newsletter, field and consent end with 3")
    func unknownNames() async throws {
        let device = try await Synced.device()
        for command in [
            ["list", "--feed", "al"], ["newsletters", "subscribe", "dialy", "--confirm-age"],
            ["conflicts", "policy", "nothing", "ask"], ["consent", "grant", "offers", "--yes"],
            ["conflicts", "show", "abcdef12"],
        ] {
            let outcome = try await run(.client, command, in: device.folder.path, environment: device.environment)
            #expect(outcome.status == 3, "\(command): \(outcome.errors)")
        }
        let near = try await device.run("newsletters", "subscribe", "dialy", "--confirm-age", "--json")
        #expect(try near.error()["candidates"] as? [String] == ["daily"])
    }

    @Test("a subscription needs the age to be confirmed once, and a cadence that is offered")
    func subscription() async throws {
        let device = try await Synced.device()
        #expect(try await device.run("newsletters", "subscribe", "daily").status == 2)
        #expect(
            try await device.run("newsletters", "subscribe", "daily", "--confirm-age", "--frequency", "hourly").status
                == 2)
        try await device.done("newsletters", "subscribe", "daily", "--confirm-age")
        let item = try #require(try await device.done("newsletters", "--json").items().first)
        #expect(item["subscribed"] as? Bool == true)
        #expect(item["pending"] as? Bool == true)
    }

    @Test("a consent is not given without a person or --yes; its wording is shown and recorded")
    func consent() async throws {
        let device = try await Synced.device()
        let refused = try await device.run("consent", "grant", "brandOffers")
        #expect(refused.status == 2)
        #expect(refused.errors.contains("May we write to you about offers?"))
        #expect(try await device.run("consent", "grant", "brandOffers", "--json").status == 2)
        try await device.done("consent", "grant", "brandOffers", "--yes")
        let item = try #require(
            try await device.done("consent", "--json").items().first { $0["purpose"] as? String == "brandOffers" })
        #expect(item["given"] as? Bool == true)
        #expect((item["terms"] as? [String: Any])?["wordingVersion"] as? String == "3")
    }

    @Test("two processes that mark at the same time both get it done")
    func twoAtOnce() async throws {
        let device = try await Synced.device()
        let ids = try await device.articles()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in ids {
                group.addTask { try await device.done("save", id) }
                group.addTask { try await device.done("read", id) }
            }
            try await group.waitForAll()
        }
        #expect(try await device.done("list", "--saved", "--json").items().count == 12)
        #expect(try await device.done("list", "--unread", "--json").items().isEmpty)
        #expect(try await device.done("status", "--json").json()["pending"] as? Int == 24)
    }
}
