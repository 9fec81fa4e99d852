import Foundation  // Process
import Testing

/// Commands that read feeds, over real HTTP on the loopback.
@Suite("reader-sync-server and its feeds") struct FeedCommandTests {
    private static let allow = "--allow-private-addresses"

    private func rss(_ items: [(guid: String, title: String)]) -> String {
        """
        <rss version="2.0"><channel><title>T\u{9B}31m</title><link>https://pub.example/</link>
        \(items.map { "<item><guid>https://pub.example/\($0.guid)</guid><title>\($0.title)</title></item>" }.joined())
        </channel></rss>
        """
    }

    @Test("a feed on a private address is refused, and the message names the option that allows it")
    func refused() async throws {
        let program = try Program()
        try await FeedSite.run { site in
            site.publish("/all.xml", rss([("1", "One")]))
            let refused = try program("ingest", site.url("/all.xml"))
            #expect(refused.status == 1 && refused.output.isEmpty && refused.talk.contains(Self.allow))
            #expect(site.requests.isEmpty)
            let allowed = try program("ingest", Self.allow, site.url("/all.xml"))
            #expect(allowed.status == 0 && allowed.output.contains("1 entries: 1 new"))
        }
    }

    @Test("feeds of a list are read and known from then on; what is not due is not asked")
    func list() async throws {
        let program = try Program()
        try await FeedSite.run { site in
            site.publish("/one.xml", rss([("1", "One")]))
            site.answer("/two.xml", FeedSite.Answer(status: 410))
            let outlines = ["/one.xml", "/two.xml"].map { "<outline text=\"\($0)\" xmlUrl=\"\(site.url($0))\"/>" }
            let list = try program.write(
                "feeds.opml", "<opml version=\"2.0\"><body>\(outlines.joined())</body></opml>")
            let read = try program("ingest", "--opml", list, Self.allow)
            #expect(read.status == 1 && read.output.contains("1 new") && read.talk.contains("gone for good"))
            let due = try program("ingest", "--due", Self.allow)
            #expect(due.status == 0 && due.talk.contains("nothing is due"))
            #expect(site.count("/one.xml") == 1)
            let all = try program("ingest", "--all", Self.allow)
            #expect(all.status == 0 && site.count("/one.xml") == 2 && site.count("/two.xml") == 1)
            let table = try program("feeds").output.split(separator: "\n")
            #expect(table.count == 3 && table[0].hasPrefix("FEED"))
            #expect(table.contains { $0.contains("pub.example/one") && $0.contains("  good  ") })
            #expect(table.contains { $0.contains("gone for good") && $0.contains("/two.xml") })
        }
    }

    @Test("asks for sources or for one of the scopes, not for both")
    func usage() throws {
        let program = try Program()
        for arguments in [
            ["--due", "--all"], ["--due", "x.xml"], ["--all", "--feed", "a"], ["--due", "--publication", "p"],
        ] {
            #expect(try program.run(["ingest"] + arguments).status == 2, "\(arguments)")
        }
        #expect(try program("ingest", "--opml", try program.write("x.opml", "<html/>")).status == 1)
        #expect(try program("feeds", "forget", "none").status == 1)
        #expect(try program("feeds", "add", "ftp://pub.example/").status == 1)
    }

    @Test("nothing from a feed can move a terminal's cursor, in text or in JSON")
    func controls() async throws {
        let program = try Program()
        try await FeedSite.run { site in
            // However the control character travels.
            for path in ["/a%C2%9B2J.xml", "/a2J.xml", "/a%9B2J.xml"] {
                site.answer(path, FeedSite.Answer(status: 500))
            }
            let path = "/a%C2%9B2J.xml"
            site.publish("/all.xml", rss([("1", "One\u{1B}[31m")]))
            let runs = [
                try program("feeds", "add", site.url("/a\u{9B}2J.xml"), site.url(path)),
                try program("ingest", Self.allow, site.url("/all.xml"), "/no\u{1B}[2Jfile.xml"),
                try program("ingest", "--due", "--json", Self.allow), try program("feeds"),
                try program("feeds", "--json"), try program("feeds", "forget", site.url("/a\u{9B}2J.xml")),
            ]
            for run in runs {
                let scalars = (run.output + run.talk).unicodeScalars
                #expect(scalars.allSatisfy { ($0.value >= 0x20 || $0 == "\n") && !(0x7F..<0xA0).contains($0.value) })
            }
        }
    }

    @Test("Ctrl-C ends an ingest at once, and what is not whole is as it was", .timeLimit(.minutes(1)))
    func interruption() async throws {
        let program = try Program()
        try await FeedSite.run { site in
            site.publish("/one.xml", rss([("1", "One")]))
            // The other one never answers.
            let process = program.process(["ingest", Self.allow, site.url("/one.xml"), site.url("/slow.xml")])
            let talk = Pipe()
            process.standardError = talk
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            defer { if process.isRunning { process.terminate() } }
            var awaited: Set = ["/one.xml", "/slow.xml"]
            for await path in site.arrivals {
                awaited.remove(path)
                if awaited.isEmpty { break }
            }
            process.interrupt()
            // Not ended by the signal, it would wait a minute for the answer, which is the limit of this test.
            process.waitUntilExit()
            #expect(process.terminationStatus == 130)
            let said = String(decoding: talk.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            #expect(said.contains("interrupted: "))
            let again = try program("ingest", Self.allow, site.url("/one.xml"))
            #expect(again.status == 0 && (again.output.contains("1 new") || again.output.contains("not changed")))
        }
    }

    @Test("a server with --ingest reads what is due, also what is added while it runs, and stops when asked to")
    func serving() async throws {
        let program = try Program()
        try await FeedSite.run { site in
            for (name, guid) in [("/one.xml", "1"), ("/two.xml", "2")] { site.publish(name, rss([(guid, "T")])) }
            site.answer("/broken.xml", FeedSite.Answer(status: 500))
            #expect(try program("feeds", "add", site.url("/one.xml"), site.url("/broken.xml")).status == 0)
            let server = program.process(["serve", "--port", "0", "--ingest", Self.allow])
            let (output, talk) = (Pipe(), Pipe())
            server.standardOutput = output
            server.standardError = talk
            try server.run()
            defer { if server.isRunning { server.terminate() } }
            try await program.waits(for: "pub.example/one", while: server)
            #expect(try program("feeds", "add", site.url("/two.xml")).status == 0)
            try await program.waits(for: "pub.example/two", while: server)
            #expect(try program("ingest", Self.allow, site.url("/two.xml")).output.contains("not changed"))
            server.terminate()
            server.waitUntilExit()
            #expect(server.terminationReason == .exit && server.terminationStatus == 0)
            let log = String(decoding: talk.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            #expect(log.contains("a feed could not be read") && log.contains("code=refused"))
            #expect(log.components(separatedBy: "a feed could not be read").count == 2)
        }
    }
}

extension Program {
    /// Returns once `feeds` lists a text, or the server has ended.
    fileprivate func waits(for text: String, while server: Process) async throws {
        while server.isRunning, try !self("feeds").output.contains(text) { await Task.yield() }
        #expect(server.isRunning)
    }
}
