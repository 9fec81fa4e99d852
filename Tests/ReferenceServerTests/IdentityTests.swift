import ReferenceServer
import SyncCore
import Testing

@Suite("An article that is named otherwise") struct IdentityTests {
    private func item(
        _ guid: String, _ link: String, _ title: String = "A title", categories: [String] = [], date: String = ""
    ) -> String {
        """
        <item><guid isPermaLink="false">\(guid)</guid><link>\(link)</link><title>\(title)</title>
        \(categories.map { "<category>\($0)</category>" }.joined())\(date)<description>Text.</description></item>
        """
    }

    @Test(
        "is the same by its page, whatever changes in scheme, host alias and tracking parameters",
        arguments: ["http://www.pub.example/a", "https://m.pub.example/a/?utm_source=rss", "https://pub.example/a#top"])
    func samePage(link: String) async throws {
        let server = try TestServer()
        try await server.ingest([("all", rss([item("old-1", "https://pub.example/a")]))])
        let head = try await server.head()
        let report = try #require(try await server.ingest([("all", rss([item("new-1", link)]))]).first)
        #expect(report.added == 0 && report.corrected == 0 && report.skipped == 0)
        #expect(try await server.head() == head)
    }

    @Test("keeps id and number when it is corrected under its new name")
    func correction() async throws {
        let server = try TestServer()
        try await server.ingest([("all", rss([item("old-1", "https://pub.example/a")]))])
        let first = try #require(try await server.articles().last)
        try await server.ingest([("all", rss([item("new-1", "http://pub.example/a", "Corrected")]))])
        let second = try #require(try await server.articles().last)
        #expect(second.id == first.id && second.number == first.number && second.revision == 2)
        #expect(second.headline == "Corrected")
    }

    @Test("stays the same when other articles come to share its page later")
    func remembered() async throws {
        let server = try TestServer()
        try await server.ingest([("all", rss([item("old-1", "https://pub.example/a")]))])
        try await server.ingest([("all", rss([item("new-1", "https://pub.example/a")]))])
        // In this feed the page means nothing, as two articles have it; one of them is new.
        let report = try #require(
            try await server.ingest([
                (
                    "all",
                    rss([
                        item("new-2", "https://pub.example/a", "Another"), item("new-1", "https://pub.example/a"),
                    ])
                )
            ]).first)
        #expect(report.added == 1 && report.corrected == 0)
        #expect(try await server.articles().map(\.guid) == ["old-1", "new-2"])
    }

    @Test("is another one beside the one whose page it shares")
    func beside() async throws {
        let server = try TestServer()
        try await server.ingest([("all", rss([item("a", "https://pub.example/a")]))])
        let report = try #require(
            try await server.ingest([
                ("all", rss([item("b", "https://www.pub.example/a", "Other"), item("a", "https://pub.example/a")]))
            ]).first)
        #expect(report.added == 1)
    }

    @Test("is a new one where its names lead to several")
    func ambiguous() async throws {
        let server = try TestServer()
        try await server.ingest([("one", rss([item("a", "https://pub.example/x")]))])
        try await server.ingest([("two", rss([item("https://pub.example/y", "https://pub.example/z", "Z")]))])
        let report = try #require(
            try await server.ingest([("one", rss([item("https://www.pub.example/y", "http://pub.example/x", "N")]))])
                .first)
        #expect(report.added == 1)
    }

    @Test("an advertisement for a subscription is kept as one, and told to replicas")
    func promotion() async throws {
        let server = try TestServer()
        let offer = item(
            "offer", "https://pub.example/subscribe/", "Subscribe now and save 50%", categories: ["Promotion"])
        try await server.ingest([("all", rss([offer, item("a", "https://pub.example/a")]))])
        #expect(try await server.articles().map(\.isPromotion) == [false, true])
    }

    @Test("a date without a time of day is told as one")
    func day() async throws {
        let server = try TestServer()
        let dated = item("a", "https://pub.example/a", date: "<pubDate>Mon, 03 Mar 2025 00:00:00 +0000</pubDate>")
        let daily = item(
            "b", "https://pub.example/b",
            date: "<dc:date xmlns:dc=\"http://purl.org/dc/elements/1.1/\">2025-03-04</dc:date>")
        try await server.ingest([("all", rss([daily, dated]))])
        #expect(try await server.articles().map(\.isDayPrecise) == [false, true])
    }

    @Test("what falls out of its feed stays")
    func stays() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 3)
        let head = try await server.head()
        try await server.ingest([("all", rss([ReferenceServerTests.item("a2")]))])
        #expect(try await server.head() == head)
    }
}
