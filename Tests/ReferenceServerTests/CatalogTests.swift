import FoundationEssentials
import ReferenceServer
import SyncCore
import SyncProtocol
import Testing

@Suite("The catalog") struct CatalogTests {
    private func get(_ server: TestServer, _ route: String, tag: String? = nil) async -> ServerResponse {
        let parts = route.split(separator: "?", maxSplits: 1).map(String.init)
        var headers = ["authorization": "Bearer " + server.token]
        headers["if-none-match"] = tag
        return await server.server.respond(
            to: ServerRequest(
                method: "GET", path: parts[0], query: parts.count > 1 ? parts[1] : "", headers: headers))
    }

    private func tile(_ head: CatalogHead, _ index: UInt64) -> String {
        Route.tile(publication: head.publication.text, generation: head.generation, index: index)
    }

    private func tail(_ head: CatalogHead, _ from: UInt64) -> String {
        Route.tail(publication: head.publication.text, generation: head.generation, from: from)
    }

    @Test("is verified by its hashes from the head back to the beginning")
    func chain() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 300)
        let head = try await server.head()
        #expect(head.count == 300)
        var expected = head.hash
        let pieces = [tail(head, 256), tile(head, 1), tile(head, 0)]
        for piece in pieces {
            let page = try CatalogLines.page(from: await get(server, piece).body)
            #expect(page.hashes.last == expected)
            expected = try #require(page.hashes.first)
        }
        #expect(expected == .zero)
    }

    @Test("gives closed tiles that may be kept for ever, and says so again without a body")
    func immutable() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 130)
        let head = try await server.head()
        let first = await get(server, tile(head, 0))
        #expect(first.status == 200)
        #expect(first.headers["cache-control"] == "public, max-age=31536000, immutable")
        #expect(first.headers["content-type"] == Route.lines)
        let tag = try #require(first.headers["etag"])
        try await server.ingest([("more", rss([item("b1"), item("a3", title: "Corrected")]))])
        #expect(await get(server, tile(head, 0)) == first)
        for held in [tag, "W/" + tag, "\"x\", " + tag, tag.dropLast() + "-gzip\""] {
            let again = await get(server, tile(head, 0), tag: held)
            #expect(again.status == 304 && again.body.isEmpty)
        }
        #expect(await get(server, tile(head, 0), tag: "\"x\"").status == 200)
    }

    @Test("has no tile that is still open, nothing beyond its end, and nothing of another history")
    func beyond() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 130)
        let head = try await server.head()
        var other = head
        other.generation = "0000000000000000"
        for route in [tile(head, 1), tail(head, 131), tile(other, 0), tail(other, 0)] {
            let response = await get(server, route)
            #expect(response.status == 409)
            #expect(try WireCodec.decode(Problem.self, from: response.body).code == .catalogChanged)
        }
        #expect(await get(server, "/v1/publications/none/x/tiles/0").status == 404)
        #expect(await get(server, tail(head, 0).replacing("from=0", with: "from=x")).status == 400)
        let end = try CatalogLines.page(from: await get(server, tail(head, 130)).body)
        #expect(end.entries.isEmpty && end.hashes == [head.hash])
    }

    @Test("comes inline where little is new and what the replica holds is ours")
    func inline() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 5)
        let held = try await server.head()
        try await server.ingest([("all", rss([item("a1", title: "Corrected"), item("b1")]))])
        let answer = try await server.sync(catalog: [held])
        let page = try CatalogLines.page(from: try #require(answer.tails.first))
        #expect(answer.heads.count == 1 && page.from == 5 && page.entries.count == 2)
        #expect(page.hashes.first == held.hash && page.hashes.last == answer.heads.first?.hash)
        let nothing = try await server.sync(catalog: answer.heads)
        #expect(nothing.heads.isEmpty && nothing.tails.isEmpty)
        var foreign = held
        foreign.hash = .zero
        let reported = try await server.sync(catalog: [foreign])
        #expect(reported.heads == answer.heads && reported.tails.isEmpty)
        foreign = held
        foreign.generation = "0000000000000000"
        #expect(try await server.sync(catalog: [foreign]).tails.isEmpty)
    }

    @Test("does not come inline where much is new")
    func tooMuch() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 5)
        let held = try await server.head()
        try await server.ingest([("all", rss((1...33).map { item("b\($0)") }))])
        let many = try await server.sync(catalog: [held])
        #expect(many.heads.count == 1 && many.tails.isEmpty)
        let recent = try #require(many.heads.first)
        let long = String(repeating: "word ", count: 60_000)
        try await server.ingest([("all", rss([item("c1", body: long)]))])
        let heavy = try await server.sync(catalog: [recent])
        #expect(heavy.heads.count == 1 && heavy.tails.isEmpty)
    }
}
