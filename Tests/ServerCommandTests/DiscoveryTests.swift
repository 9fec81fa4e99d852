import Foundation  // JSONSerialization
import Testing

/// Pages in place of feeds, and what scripts read of it, over real HTTP on the loopback.
@Suite("reader-sync-server and pages that name feeds") struct DiscoveryTests {
    private static let allow = "--allow-private-addresses"

    private func publish(_ names: [String], on site: FeedSite) {
        for name in names {
            site.publish(
                "/\(name).xml",
                """
                <rss version="2.0"><channel><title>T</title><link>https://pub.example/</link>
                <item><guid>https://pub.example/\(name)</guid><title>One</title></item></channel></rss>
                """)
        }
        let links = names.map { "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/\($0).xml\">" }
        site.answer(
            "/page",
            FeedSite.Answer(
                headers: ["Content-Type": "text/html"],
                body: "<!doctype html><html><head><title>P</title>\(links.joined())</head></html>"))
    }

    private func object(_ run: Run) throws -> [String: Any] {
        let list = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]]
        return try #require(list?.first)
    }

    @Test("a page that names one feed stands for it, and the feed is kept under its own address")
    func one() async throws {
        let program = try Program()
        try await FeedSite.run { site in
            publish(["one"], on: site)
            let read = try program("ingest", Self.allow, site.url("/page"))
            #expect(read.status == 0 && read.output.contains("pub.example/one, 1 entries: 1 new"), "\(read)")
            let feeds = try program("feeds").output
            #expect(feeds.contains(site.url("/one.xml")) && !feeds.contains("/page"))
            // Named again, it is the feed that is known.
            let again = try program("ingest", Self.allow, site.url("/page"))
            #expect(again.status == 0 && again.output.contains("nothing new"))
            #expect(try program("feeds").output.split(separator: "\n").count == 2)
        }
    }

    @Test("of a page that names several the feeds are listed, and the advice names this program")
    func several() async throws {
        let program = try Program()
        try await FeedSite.run { site in
            publish(["one", "two"], on: site)
            let run = try program("ingest", Self.allow, site.url("/page"))
            #expect(run.status == 1 && run.talk.contains("reader-sync-server ingest CANDIDATE"), "\(run)")
            for name in ["one", "two"] { #expect(run.talk.contains(site.url("/\(name).xml"))) }
            let json = try object(try program("ingest", Self.allow, "--json", site.url("/page")))
            #expect(json["candidates"] as? [String] == [site.url("/one.xml"), site.url("/two.xml")])
            let added = try program("feeds", "add", Self.allow, site.url("/page"))
            #expect(added.status == 1 && added.talk.contains("reader-sync-server feeds add CANDIDATE"))
            #expect(try program("feeds").output.isEmpty)
        }
    }

    @Test("a page without feeds fails with advice that this program can follow")
    func none() async throws {
        let program = try Program()
        try await FeedSite.run { site in
            publish([], on: site)
            site.answerOthers(FeedSite.Answer(status: 404))
            let run = try program("ingest", Self.allow, site.url("/page"))
            #expect(run.status == 1 && run.talk.contains("names none") && !run.talk.contains("reader-sync add"))
        }
    }

    @Test("a page that is added is its feed; what cannot be read is added as it is")
    func add() async throws {
        let program = try Program()
        try await FeedSite.run { site in
            publish(["one"], on: site)
            site.answer("/away.xml", FeedSite.Answer(status: 503))
            let run = try program("feeds", "add", Self.allow, site.url("/page"), site.url("/away.xml"))
            #expect(run.status == 0 && run.talk.contains("2 added") && run.talk.contains("added as it is"), "\(run)")
            let feeds = try program("feeds").output
            #expect(feeds.contains(site.url("/one.xml")) && feeds.contains("/away.xml") && !feeds.contains("/page"))
            #expect(try program("ingest", "--due", Self.allow).output.contains("1 new"))
        }
    }

    @Test("another publication than the feed's own is remarked on, its own is not")
    func publication() async throws {
        let program = try Program()
        try await FeedSite.run { site in
            publish(["one", "two"], on: site)
            let other = try program("ingest", Self.allow, "--publication", "mine", site.url("/one.xml"))
            #expect(other.status == 0 && other.talk.contains("under 'pub.example', not 'mine'"))
            let own = try program("ingest", Self.allow, "--publication", "pub.example", site.url("/two.xml"))
            #expect(own.status == 0 && own.talk.isEmpty)
        }
    }

    @Test("instants in JSON are RFC 3339 in UTC with milliseconds")
    func instants() async throws {
        let program = try Program()
        try await FeedSite.run { site in
            publish(["one"], on: site)
            let report = try object(try program("ingest", Self.allow, "--json", site.url("/one.xml")))
            let source = try object(try program("feeds", "--json"))
            let format = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/
            for value in [report["due"], source["due"], source["checked"], source["changed"]] {
                let text = try #require(value as? String)
                #expect(text.wholeMatch(of: format) != nil)
            }
            #expect(report["due"] as? String == source["due"] as? String)
        }
    }

    @Test("the JSON of a refused private address names the option that allows it")
    func refused() async throws {
        let program = try Program()
        try await FeedSite.run { site in
            publish(["one"], on: site)
            let report = try object(try program("ingest", "--json", site.url("/one.xml")))
            #expect(report["status"] as? String == "failed")
            #expect((report["remedy"] as? String)?.contains(Self.allow) == true)
        }
    }
}
