import FoundationEssentials
import ReferenceServer
import SyncCore
import SyncProtocol
import Testing

@Suite("A snapshot") struct SnapshotTests {
    private func page(_ server: TestServer, after: String? = nil) async throws -> SnapshotResponse {
        let response = await server.send(
            "GET", Route.snapshot, query: after.map { "after=" + $0 } ?? "")
        try #require(response.status == 200)
        return try WireCodec.decode(SnapshotResponse.self, from: response.body)
    }

    /// One change of each of many registers.
    private func changes(_ range: ClosedRange<Int>, from first: Int = 1) -> [WireChange] {
        range.map { change(UInt64($0 - range.lowerBound + first), .other(name("kind"), name("thing-\($0)"))) }
    }

    @Test("of an empty log is one empty page at its beginning")
    func empty() async throws {
        let server = try TestServer()
        let page = try await page(server)
        #expect(page.versions.elements.isEmpty && page.next == nil && page.cursor.sequence == 0)
        #expect(page.cursor.epoch != 0)
    }

    @Test("comes in pages of at most the limit, each register once, with the first page's cursor on all")
    func paging() async throws {
        let server = try TestServer()
        var cursor = try await server.sync(by: 0xa1, push: changes(1...1_000)).cursor
        cursor = try await server.sync(by: 0xa1, from: cursor, push: changes(1_001...1_500, from: 1_001)).cursor
        let first = try await page(server)
        #expect(first.versions.elements.count == Limits.snapshotVersions && first.cursor == cursor)
        // A write between the pages: it stands in the log beyond the snapshot's cursor.
        try await server.sync(by: 0xb2, from: cursor, push: changes(1...10))
        #expect(first.next != nil)
        let second = try await page(server, after: first.next)
        #expect(second.cursor == cursor && second.next == nil)
        let names = (first.versions.elements + second.versions.elements).map(\.change.entity)
        #expect(Set(names).count == 1_500)
        #expect(try await server.sync(by: 0xc3, from: cursor).entries.elements.count == 10)
    }

    @Test("never splits a register between pages")
    func wholeRegisters() async throws {
        let server = try TestServer()
        try await server.sync(by: 0xa1, push: changes(1...999))
        // The register that sorts last has two versions, of which only one would fit.
        for replica in [UInt64(0xb2), 0xc3] {
            try await server.sync(by: replica, push: [change(1, .other(name("zzz"), name("last")))])
        }
        let first = try await page(server)
        #expect(first.versions.elements.count == 999)
        #expect(first.next != nil)
        let second = try await page(server, after: first.next)
        #expect(second.versions.elements.map(\.author.rawValue) == [0xb2, 0xc3] && second.next == nil)
    }

    @Test("holds only the versions that count, with the base of a note and the articles it mentions")
    func versions() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 2)
        let one = try await server.sync(push: [change(1, article("a1"), .note, .note("one", base: ""))]).cursor
        try await server.sync(
            from: one, push: [change(2, article("a1"), .note, .note("two", base: "one"), seen: 1)])
        let page = try await page(server)
        let version = try #require(page.versions.elements.first)
        #expect(page.versions.elements.count == 1)
        #expect(version.sequence == 2 && version.noteBase == "one")
        #expect(page.articles.map(\.id) == [articleID("a1")])
    }

    @Test("goes on from what a page gave as next only")
    func badToken() async throws {
        let server = try TestServer()
        for token in ["x", "1-2-3-4-5", String(repeating: "a", count: 10_000), ""] {
            let response = await server.send("GET", Route.snapshot, query: "after=" + token)
            #expect(response.status == 400)
        }
    }

    @Test("of a log that was restored in between starts again")
    func restored() async throws {
        let server = try TestServer()
        try server.store.backUp(to: server.folder.path + "/old.sqlite")
        try await server.sync(by: 0xa1, push: changes(1...1_000))
        try await server.sync(by: 0xb2, push: changes(1_001...1_010))
        let next = try #require(try await page(server).next)
        let restored = try server.reopened("old.sqlite")
        let response = await restored.send("GET", Route.snapshot, query: "after=" + next)
        #expect(response.status == 409)
    }
}
