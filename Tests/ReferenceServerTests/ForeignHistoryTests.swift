import ReferenceServer
import SyncCore
import SyncProtocol
import Testing

@Suite("A replica with another history") struct ForeignHistoryTests {
    private let saved = change(1, .article(.number(publication: 1, article: 2)), .saved, .flag(true))

    /// Runs that no history of the server ends with: of another hash, another generation, a lost part.
    private func foreign(_ head: CatalogHead) -> [CatalogHead] {
        var runs = [head, head, head, head]
        runs[0].hash = Digest128(high: 1, low: 1)
        runs[1].generation = "other"
        runs[2].count += 1
        runs[3].publication = name("gone")
        return runs
    }

    @Test("may not name articles by number in a push, and nothing of it is applied")
    func push() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 3)
        for run in foreign(try await server.head()) {
            let code = await server.problem { try await server.sync(push: [saved], catalog: [run]) }
            #expect(code == .catalogChanged)
        }
        #expect(try await server.log().isEmpty)
        let byID = change(1, article("a1"), .saved, .flag(true))
        let run = try #require(foreign(try await server.head()).first)
        #expect(try await server.sync(push: [byID], catalog: [run]).own == [1])
    }

    @Test("is told what the numbers in the answer mean, though it did not ask")
    func answer() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 3)
        try await server.sync(push: [saved])
        let head = try await server.head()
        for run in foreign(head) {
            let articles = try await server.sync(by: 0xb2, catalog: [run]).articles
            #expect(articles?.map(\.number) == [2])
        }
        #expect(try await server.sync(by: 0xb2, catalog: [head]).articles == nil)
    }

    @Test("is no replica that is only behind: it may use numbers")
    func behind() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 3)
        let head = try await server.head()
        try await server.ingest([("more", rss([item("b1")]))])
        #expect(try await server.sync(push: [saved], catalog: [head]).own == [1])
    }
}
