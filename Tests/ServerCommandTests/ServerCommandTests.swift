import Foundation  // Process
import Testing

@Suite("reader-sync-server") struct ServerCommandTests {
    @Test("needs no set-up, keeps its file for this user alone, and prints a token once")
    func firstSteps() throws {
        let program = try Program()
        #expect(try program("user", "add", "anna").status == 0)
        let made = try program("device", "token", "anna", "--name", "laptop")
        #expect(made.status == 0 && made.output.hasPrefix("rs_") && made.output.count == 3 + 64 + 1)
        let file = program.folder.path + "/reader-sync/server.sqlite"
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let list = try program("device", "list", "--json")
        #expect(list.output.contains("\"name\" : \"laptop\"") && !list.output.contains(made.output.dropLast()))
    }

    @Test("says what is wrong, and with which code: 1 for failure, 2 for usage, 0 for help")
    func codes() throws {
        let program = try Program()
        let missing = try program("device", "token", "nobody")
        #expect(missing.status == 1 && missing.output.isEmpty && missing.talk.contains("no reader 'nobody'"))
        #expect(try program("ingest").status == 2)
        #expect(try program("serve", "--port", "70000").status == 2)
        #expect(try program("fly").status == 2)
        #expect(try program("newsletter", "add", "b", "--title", "B", "--cadence", "every day").status == 2)
        let help = try program("--help")
        #expect(help.status == 0 && help.output.contains("serve") && help.talk.isEmpty)
        #expect(try program("user", "list", "--db", "/nowhere/x.sqlite").status == 1)
    }

    @Test("reads a feed from a file and says what it did, as text and as JSON")
    func ingest() throws {
        let program = try Program()
        let feed = try program.write(
            "all.xml",
            """
            <rss version="2.0"><channel><title>T</title><link>https://pub.example/</link>
            <item><guid>https://pub.example/1</guid><title>One</title></item></channel></rss>
            """)
        let first = try program("ingest", feed)
        #expect(first.status == 0 && first.output.contains("pub.example/all, 1 entries: 1 new"))
        let again = try program("ingest", feed, "--json")
        #expect(again.output.contains("\"added\" : 0") && again.output.contains("\"status\" : \"read\""))
        let mixed = try program("ingest", feed, program.folder.path + "/none.xml")
        #expect(mixed.status == 1 && mixed.talk.contains("none.xml") && mixed.output.contains("nothing new"))
    }

    @Test("imports newsletters and wordings from a file, and again without a change")
    func importing() throws {
        let program = try Program()
        let file = try program.write(
            "letters.json",
            """
            {"newsletters": [{"id": "brief", "title": "Brief", "description": "D", "cadences": ["daily"]}],
             "consents": [{"id": "brandOffers", "wordingVersion": "9", "policyVersion": "p", "termsVersion": "t",
             "polarity": "opt-in", "wording": "Yes."}]}
            """)
        for _ in 0..<2 { #expect(try program("newsletter", "import", file).status == 0) }
        #expect(try program("newsletter", "list").output == "brief\tBrief\tdaily\n")
        #expect(try program("consent", "list").output.contains("brandOffers\t9\tYes."))
        #expect(try program("newsletter", "import", try program.write("bad.json", "{}")).status == 1)
    }

    @Test("ends a newsletter once, and offers it again")
    func newsletters() throws {
        let program = try Program()
        let add = ["newsletter", "add", "brief", "--title", "Brief", "--cadence", "daily"]
        #expect(try program.run(add).status == 0)
        let ended = try program("newsletter", "remove", "brief")
        #expect(ended.status == 0 && ended.talk == "no longer on offer: brief\n")
        #expect(try program("newsletter", "list").output.isEmpty)
        let again = try program("newsletter", "remove", "brief")
        #expect(again.status == 1 && again.talk.contains("no newsletter 'brief'"))
        #expect(try program("newsletter", "remove", "no id").status == 2)
        #expect(try program.run(add).status == 0)
        #expect(try program("newsletter", "list").output == "brief\tBrief\tdaily\n")
    }

    @Test("withdraws articles by address, guid and id, all or none, and says so as text and as JSON")
    func withdrawing() throws {
        let program = try Program()
        let items = (1...3).map {
            "<item><guid isPermaLink=\"false\">post-\($0)</guid><link>https://pub.example/\($0)</link><title>No. \($0)</title></item>"
        }
        let feed = try program.write(
            "all.xml",
            "<rss version=\"2.0\"><channel><title>T</title><link>https://pub.example/</link>\(items.joined())</channel></rss>"
        )
        #expect(try program("ingest", feed).status == 0)
        let none = try program("withdraw", "https://pub.example/1", "post-9")
        #expect(none.status == 1 && none.output.isEmpty && none.talk.contains("there is no article 'post-9'"))
        let first = try program("withdraw", "https://pub.example/1", "post-2")
        let lines = first.output.split(separator: "\n")
        #expect(first.status == 0 && lines.count == 2)
        #expect(lines.allSatisfy { $0.hasPrefix("withdrawn: pub.example ") } && lines.last?.hasSuffix("No. 2") == true)
        let json = try program("withdraw", "post-1", "--json").output
        #expect(json.contains("\"new\" : false") && json.contains("\"headline\" : \"No. 1\""))
        let id = try #require(json.split(separator: "\"").first { $0.count == 32 })
        #expect(try program("withdraw", String(id)).output.hasPrefix("withdrawn already, at "))
        #expect(try program("withdraw").status == 2)
        #expect(try program("withdraw", "--help").output.contains("<article>"))
    }

    @Test("serves on a free port, is administered meanwhile, and stops when asked to")
    func serving() throws {
        let program = try Program()
        let server = program.process(["serve", "--port", "0"])
        let output = Pipe()
        server.standardOutput = output
        try server.run()
        defer { if server.isRunning { server.terminate() } }
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        #expect(line.hasPrefix("listening on http://127.0.0.1:") && line.hasSuffix("\n"))
        #expect(try program("user", "add", "anna").status == 0)
        #expect(try program("backup", "copy.sqlite").status == 0)
        #expect(try program("compact", "--keep-days", "1", "--json").output.contains("\"entries\" : 0"))
        server.terminate()
        server.waitUntilExit()
        #expect(server.terminationReason == .exit && server.terminationStatus == 0)
    }
}
