import ReferenceServer
import SyncCore
import SyncPorts
import SyncProtocol
import SyncTestKit
import Testing

@Suite("What a publisher says without a fetch") struct PublishingTests {
    private func reading(_ feed: String, _ headlines: [String: String], of publication: String = "pub") -> FeedReading {
        var reading = FeedReading(
            publication: Publication(id: name(publication), number: 0, title: "The Publication"),
            feed: Feed(id: name(feed), publication: name(publication), title: "Feed \(feed)"))
        reading.articles = headlines.sorted { $0.key < $1.key }.map { guid, headline in
            var article = Article(
                id: ArticleID(publication: publication, guid: guid), publication: name(publication), number: 0,
                guid: guid, headline: headline, revision: 0, contentHash: Digest128(hashing: headline.utf8))
            article.url = guid
            return FeedArticle(article: article, aliases: [ArticleAlias.key(of: guid)].compactMap(\.self))
        }
        return reading
    }

    private func publish(_ readings: FeedReading..., to server: TestServer, seed: UInt64 = 5) throws -> [IngestReport] {
        var draw = RandomDraw(SeededRandomSource(seed: seed))
        return try server.store.publish(readings, at: server.clock.now(), using: &draw)
    }

    private let one = "https://pub.example/1"
    private let two = "https://pub.example/2"

    @Test("goes into the history as an ingest would put it: new, corrected, known from another feed, or not at all")
    func writes() async throws {
        let server = try TestServer()
        let first = try publish(
            reading("news", [one: "One", two: "Two"]), reading("world", [one: "One"]), to: server)
        #expect(first.map(\.added) == [2, 0] && first.map(\.joined) == [0, 1])
        #expect(first.map(\.publication) == ["pub", "pub"] && first.map(\.feed) == ["news", "world"])
        let second = try publish(reading("news", [one: "One, corrected", two: "Two"]), to: server)
        #expect(second.map(\.corrected) == [1])
        let head = try await server.head()
        #expect(try publish(reading("news", [one: "One, corrected", two: "Two"]), to: server).map(\.corrected) == [0])
        #expect(try await server.head() == head)
        let articles = try await server.articles()
        #expect(articles.map(\.headline) == ["One", "Two", "One, corrected"])
        #expect(articles.map(\.revision) == [1, 1, 2])
        #expect(articles.last?.feeds == [name("news"), name("world")])
    }

    @Test("is seen by readers with the next sync, and is fetched from nowhere")
    func isSeen() async throws {
        let server = try TestServer()
        let before = try #require(try await server.sync().library)
        _ = try publish(reading("news", [one: "One"]), to: server)
        let answer = try await server.sync(library: before.version)
        #expect(answer.heads.map(\.count) == [1])
        #expect(answer.library?.feeds.map(\.title) == ["Feed news"])
        #expect(try server.store.feedSources().isEmpty)
    }

    @Test("is written as a whole or not at all")
    func allOrNone() async throws {
        let server = try TestServer()
        // The feed's id is another publication's, and so is the longer one that is tried instead.
        _ = try publish(
            reading("news", [one: "One"], of: "other"), reading("pub.news", [one: "One"], of: "third"), to: server)
        let heads = try await server.heads()
        #expect(throws: ServerError.self) {
            try publish(reading("fine", [one: "One"]), reading("news", [two: "Two"]), to: server)
        }
        #expect(try await server.heads() == heads)
    }

    @Test("names the history of a new publication by chance, and goes on with the one it has")
    func generation() async throws {
        let (one, other) = (try TestServer(), try TestServer())
        _ = try publish(reading("news", [self.one: "One"]), to: one, seed: 1)
        _ = try publish(reading("news", [self.one: "One"]), to: other, seed: 2)
        let generation = try await one.head().generation
        #expect(try await other.head().generation != generation)
        _ = try publish(reading("news", [two: "Two"]), to: one, seed: 3)
        #expect(try await one.head().generation == generation)
    }
}
