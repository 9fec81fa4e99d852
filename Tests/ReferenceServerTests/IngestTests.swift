import FoundationEssentials
import ReferenceServer
import SyncCore
import SyncPorts
import SyncProtocol
import SyncTestKit
import Testing

@Suite("Reading feeds") struct IngestTests {
    @Test("the same feed twice adds nothing the second time")
    func idempotent() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 3)
        let head = try await server.head()
        let report = try #require(
            try await server.ingest([("all", rss((1...3).map { item("a\($0)") }))]).first)
        #expect(report.entries == 3 && report.added == 0 && report.corrected == 0 && report.joined == 0)
        #expect(try await server.head() == head)
    }

    @Test("numbers articles from the oldest, as a feed lists the newest first")
    func order() async throws {
        let server = try TestServer()
        try await server.ingest([("all", rss([item("new"), item("old")]))])
        let articles = try await server.articles()
        #expect(articles.map(\.guid) == ["old", "new"] && articles.map(\.number) == [1, 2])
        #expect(articles.map(\.id) == ["old", "new"].map { articleID($0) })
    }

    @Test("a changed article becomes a new revision of the same one")
    func correction() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 2)
        let reports = try await server.ingest([("all", rss([item("a1", title: "Corrected")]))])
        #expect(reports.first?.corrected == 1)
        let last = try #require(try await server.articles().last)
        #expect(last.headline == "Corrected" && last.revision == 2 && last.guid == "a1")
        #expect(try await server.articles().filter { $0.guid == "a1" }.map(\.number) == [last.number, last.number])
    }

    @Test("an article of two feeds is one article, and says so in one short line")
    func twoFeeds() async throws {
        let server = try TestServer()
        let reports = try await server.ingest([
            ("all", rss([item("a1"), item("a2")])), ("spotlight", rss([item("a1")])),
        ])
        #expect(reports.map(\.added) == [2, 0] && reports.map(\.joined) == [0, 1])
        guard case .feeds(let number, let feeds) = try #require(try await server.entries().last) else {
            Issue.record("the last line names feeds")
            return
        }
        #expect(number == 2 && feeds.map(\.text) == ["all", "spotlight"])
        #expect(try server.store.library().feeds.map(\.title) == ["The Publication", "Spotlight"])
    }

    @Test("two feeds that word an article differently do not correct each other for ever")
    func noPingPong() async throws {
        let server = try TestServer()
        let feeds = [("all", rss([item("a1")])), ("spotlight", rss([item("a1", title: "Other words")]))]
        try await server.ingest(feeds)
        let head = try await server.head()
        try await server.ingest(feeds)
        #expect(try await server.head() == head && head.count == 2)
    }

    @Test("a newer version in another feed is a correction all the same")
    func newerElsewhere() async throws {
        let server = try TestServer()
        try await server.ingest([("all", rss([item("a1", updated: "2026-01-01T00:00:00Z")]))])
        let reports = try await server.ingest([
            ("changes", rss([item("a1", title: "Corrected", updated: "2026-01-02T00:00:00Z")]))
        ])
        #expect(reports.first?.corrected == 1)
        let last = try #require(try await server.articles().last)
        #expect(last.revision == 2 && last.feeds.map(\.text) == ["all", "changes"])
    }

    @Test("related articles are named by their identity, also those that come later or in another source")
    func related() async throws {
        let server = try TestServer()
        try await server.ingest([
            ("one", rss([item("a1", related: ["a2", "b1", "nowhere"])])), ("two", rss([item("b1"), item("a2")])),
        ])
        let first = try #require(try await server.articles().first)
        let ids = ["a2", "b1"].map { articleID($0) }
        #expect(first.related.map(\.id) == [ids[0], ids[1], nil])
    }

    @Test("an entry that is too large is left out with a warning, and the others go on")
    func tooLarge() async throws {
        let server = try TestServer()
        let huge = String(repeating: "<b>word</b> ", count: 200_000)
        let report = try #require(
            try await server.ingest([
                ("all", rss([item("a1"), item("huge", body: "<![CDATA[\(huge)]]>"), item("a2")]))
            ]).first)
        #expect(report.added == 2 && report.skipped == 1)
        #expect(report.warnings.contains { $0.contains("huge") })
        #expect(try await server.articles().map(\.number) == [1, 2])
    }

    @Test("a source that is no feed fails alone")
    func failure() async throws {
        let server = try TestServer()
        let reports = try await server.ingest([("bad", "hello"), ("all", rss([item("a1")]))])
        #expect(reports.map(\.status) == [.failed, .read])
        #expect(try await server.head().count == 1)
    }

    @Test("a URL is asked only for what changed since last time")
    func conditional() async throws {
        let server = try TestServer()
        let web = OneFeed(rss([item("a1")]))
        let ingest = FeedIngest(
            store: server.store, transport: web, clock: server.clock, random: SeededRandomSource(seed: 3))
        let request = IngestRequest(source: "https://www.pub.example/feeds/all.xml")
        let first = try #require(await ingest.ingest([request]).first)
        #expect(first.publication == "pub.example" && first.feed == "all" && first.added == 1)
        let second = try #require(await ingest.ingest([request]).first)
        #expect(second.status == .notModified)
    }

    /// A site that serves one feed with an `ETag`.
    private struct OneFeed: HTTPTransport {
        let text: String

        init(_ text: String) {
            self.text = text
        }

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            let tag = request.headers.first { $0.name == "If-None-Match" }?.value
            return HTTPResponse(
                status: tag == "\"1\"" ? 304 : 200, headers: [HTTPHeader("ETag", "\"1\"")],
                body: tag == "\"1\"" ? Data() : Data(text.utf8), effectiveURL: request.url)
        }
    }
}
