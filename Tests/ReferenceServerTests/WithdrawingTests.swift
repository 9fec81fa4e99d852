import ReferenceServer
import SyncCore
import SyncProtocol
import SyncTestKit
import Testing

@Suite("Withdrawing articles") struct WithdrawingTests {
    private func removals(_ server: TestServer) async throws -> [UInt64] {
        try await server.entries().compactMap { if case .removed(let number) = $0 { number } else { nil } }
    }

    private func withdraw(_ names: String..., from server: TestServer) throws -> [Withdrawal] {
        try server.store.withdraw(named: names, at: server.clock.now())
    }

    private func code(_ names: String..., from server: TestServer) -> ServerError.Code? {
        do {
            _ = try server.store.withdraw(named: names, at: server.clock.now())
            return nil
        } catch {
            return error.code
        }
    }

    @Test("adds a line that takes the article back, and no second one")
    func once() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 3)
        let now = server.clock.now()
        let ids = [articleID("a1"), articleID("a3"), articleID("a1")]
        #expect(try server.store.withdraw(ids, at: now) == 2)
        #expect(try await removals(server) == [3, 1])
        let head = try await server.head()
        server.clock.advance(by: 5_000)
        #expect(try server.store.withdraw([articleID("a3")], at: server.clock.now()) == 0)
        let again = try #require(try withdraw(articleID("a3").description, from: server).first)
        #expect(!again.isNew && again.withdrawn == now && again.number == 1)
        #expect(try await server.head() == head)
    }

    @Test("takes back all articles that are named, or none")
    func allOrNone() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 2)
        let unknown = articleID("none")
        #expect(throws: ServerError.self) {
            try server.store.withdraw([articleID("a1"), unknown], at: server.clock.now())
        }
        #expect(code("https://pub.example/a1", unknown.description, from: server) == .notFound)
        #expect(try await removals(server).isEmpty)
    }

    @Test("keeps an article away that its feed, or another feed, goes on to list as it was")
    func staysAway() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 2)
        _ = try withdraw("a1", from: server)
        let head = try await server.head()
        try await server.ingest(articles: 2)
        #expect(try await server.head() == head)
        let joined = try await server.ingest([("more", rss([item("a1")]))])
        #expect(joined.first?.joined == 1)
        let entries = try await server.entries()
        #expect(entries.count == 4)
        #expect(entries[2] == .removed(number: 2))
        #expect(entries[3] == .feeds(number: 2, [name("all"), name("more")]))
        #expect(try withdraw("a1", from: server).map(\.isNew) == [false])
    }

    @Test("lets a correction bring the article back as its next revision, to be withdrawn anew if need be")
    func correction() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 2)
        _ = try withdraw("a1", from: server)
        let report = try #require(
            try await server.ingest([("all", rss([item("a1", title: "Corrected"), item("a2")]))]).first)
        #expect(report.corrected == 1 && report.added == 0)
        let last = try #require(try await server.articles().last)
        #expect(last.number == 2 && last.revision == 2 && last.headline == "Corrected")
        let again = try #require(try withdraw("a1", from: server).first)
        #expect(again.isNew && again.headline == "Corrected")
        #expect(try await removals(server) == [2, 2])
    }

    @Test("leaves marks alone: those that stand, and those that still come")
    func marks() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 1)
        let first = try await server.sync(push: [change(1, article("a1"), .saved, .flag(true))])
        _ = try withdraw("a1", from: server)
        let head = try await server.head()
        let second = try await server.sync(
            from: first.cursor,
            push: [
                change(2, article("a1"), .read, .read(true, by: .explicit), seen: 1),
                change(3, .article(.number(publication: 1, article: 1)), .saved, .flag(false), seen: 1),
            ], catalog: [head])
        #expect(second.own == [2, 3] && second.refused.isEmpty)
        #expect(try await server.log().count == 3)
    }

    @Test("reaches a replica that is up to date as one line of its next answer")
    func tail() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 3)
        let before = try await server.head()
        _ = try withdraw("a2", from: server)
        let answer = try await server.sync(catalog: [before])
        #expect(answer.heads.map(\.count) == [4])
        #expect(answer.tails.map(\.lines) == [[#"{"removed":{"number":2}}"#]])
    }

    @Test(
        "finds an article by its id, the address of its page in any form, and its guid",
        arguments: [
            articleID("a2").description, "https://pub.example/a2", "http://www.pub.example/a2/?utm_source=x", "a2",
        ])
    func names(name: String) async throws {
        let server = try TestServer()
        try await server.ingest(articles: 3)
        let found = try #require(try withdraw(name, from: server).first)
        #expect(found.article == articleID("a2") && found.number == 2 && found.isNew)
        #expect(found.publication.text == "pub" && found.headline == "A title")
    }

    @Test("finds an article by the guid that its publisher gave it later on, and by that guid's id")
    func renamed() async throws {
        let server = try TestServer()
        try await server.ingest([("all", rss([item("a-long-guid-1")]))])
        let renamed = item("another-guid").replacing(
            "https://pub.example/another-guid", with: "https://pub.example/a-long-guid-1")
        let report = try await server.ingest([("all", rss([renamed]))])
        #expect(report.first?.added == 0)
        #expect(try withdraw("another-guid", from: server).map(\.article) == [articleID("a-long-guid-1")])
        #expect(
            try withdraw(articleID("another-guid").description, from: server).map(\.article)
                == [articleID("a-long-guid-1")])
    }

    @Test("asks for an id where a name is that of several articles, and says where it is of none")
    func ambiguous() async throws {
        let server = try TestServer()
        try await server.ingest([("all", rss([item("a1")]))])
        try await server.ingest([("all2", rss([item("a1")]))], publication: "other")
        #expect(code("https://pub.example/a1", from: server) == .invalid)
        #expect(code("a1", from: server) == .invalid)
        let zeros = String(repeating: "0", count: 32)
        for none in ["a", "", "https://pub.example/", "%", zeros] {
            #expect(code(none, from: server) == .notFound)
        }
        #expect(try withdraw(articleID("a1").description, from: server).map(\.publication.text) == ["pub"])
    }
}
