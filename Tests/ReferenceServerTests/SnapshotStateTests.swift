import FoundationEssentials
import GRDB
import SyncCore
import SyncProtocol
import SyncTestKit
import Testing

@testable import ReferenceServer

@Suite("All pages of a snapshot") struct SnapshotStateTests {
    private func page(_ server: TestServer, after: String? = nil) async throws -> SnapshotResponse {
        let response = await server.send("GET", Route.snapshot, query: after.map { "after=" + $0 } ?? "")
        if response.status != 200 { throw try WireCodec.decode(Problem.self, from: response.body) }
        return try WireCodec.decode(SnapshotResponse.self, from: response.body)
    }

    private let last = WireEntity.other(name("zzz"), name("last"))

    /// A server whose first page is full, and whose last register, `last`, is on the second: entry 1001 is its version.
    private func twoPages() async throws -> (server: TestServer, cursor: StateCursor) {
        let server = try TestServer()
        let first = (1...1_000).map { change(UInt64($0), .other(name("kind"), name("thing-\($0)"))) }
        let cursor = try await server.sync(push: first).cursor
        return (server, try await server.sync(from: cursor, push: [change(1_001, last)]).cursor)
    }

    /// How many versions are kept that no longer count.
    private func kept(_ server: TestServer) throws -> Int? {
        try server.store.database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM overtaken_version") }
    }

    @Test("show what counted at the first page's cursor, and nothing that came since")
    func overtaken() async throws {
        let (server, cursor) = try await twoPages()
        let next = try #require(try await page(server).next)
        let now = try await server.sync(
            from: cursor, push: [change(1_002, last, seen: 1_001), change(1_003, .other(name("zzzz"), name("new")))]
        ).cursor
        // Overtaken twice: the state at the cursor is neither the first successor nor the second.
        try await server.sync(from: now, push: [change(1_004, last, seen: 1_003)])
        let second = try await page(server, after: next)
        #expect(second.versions.elements.map(\.sequence) == [1_001])
        #expect(second.cursor == cursor && second.next == nil)
        #expect(try await server.sync(by: 0xc3, from: cursor).sequences == [1_002, 1_003, 1_004])
    }

    @Test("show all versions of a register that one change has overtaken since, with the bases of notes")
    func concurrent() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 1)
        let note = article("a1")
        try await server.sync(push: [change(1, note, .note, .note("one", base: "")), change(2)])
        let head = try await server.sync(by: 0xb2, push: [change(1, note, .note, .note("two", base: "ground"))]).cursor
        let reader = ReaderKey(rowID: 1)
        let before = try await server.store.read { view in
            try view.log(of: reader).registers(at: 3, after: nil, limit: 100, bytes: 1_000)
        }
        try await server.sync(from: head, push: [change(3, note, .note, .note("both", base: ""), seen: 3)])
        let after = try await server.store.read { view in
            try view.log(of: reader).registers(at: 3, after: nil, limit: 100, bytes: 1_000)
        }
        #expect(after == before && before?.versions.map(\.entry.sequence) == [1, 3, 2])
        #expect(before?.versions.map(\.noteBase) == ["", "ground", ""])
    }

    @Test("go on to be told after a compaction up to their cursor, and expire with one beyond it")
    func compacted() async throws {
        let (server, cursor) = try await twoPages()
        let next = try #require(try await page(server).next)
        server.clock.advance(by: 10_000)
        let more = try await server.sync(from: cursor, push: [change(1_002, last, seen: 1_001)]).cursor
        #expect(try server.store.compact(keeping: .seconds(5), now: server.clock.now()).entries == 1_001)
        #expect(try await page(server, after: next).versions.elements.map(\.sequence) == [1_001])
        server.clock.advance(by: 10_000)
        try await server.sync(from: more, push: [change(1_003, last, seen: 1_002)])
        _ = try server.store.compact(keeping: .seconds(5), now: server.clock.now())
        #expect(await server.problem { try await page(server, after: next) } == .cursorExpired)
        // A snapshot that begins now is whole.
        let again = try #require(try await page(server).next)
        #expect(try await page(server, after: again).versions.elements.map(\.sequence) == [1_003])
    }

    @Test("need nothing that was overtaken before the floor: compaction takes it out, and nothing else")
    func keptUntilCompaction() async throws {
        let server = try TestServer()
        var cursor = try await server.sync(push: [change(1), change(2), change(3)]).cursor
        #expect(try kept(server) == 2)
        server.clock.advance(by: 10_000)
        cursor = try await server.sync(from: cursor, push: [change(4, seen: 3)]).cursor
        _ = try server.store.compact(keeping: .seconds(5), now: server.clock.now())
        #expect(try kept(server) == 1)
        server.clock.advance(by: 10_000)
        _ = try server.store.compact(keeping: .seconds(5), now: server.clock.now())
        #expect(try kept(server) == 0)
        #expect(try await page(server).versions.elements.map(\.sequence) == [4])
    }

    @Test("are the same after the server was put back to the first page's cursor")
    func putBack() async throws {
        let (server, cursor) = try await twoPages()
        try server.store.backUp(to: server.folder.path + "/old.sqlite")
        let next = try #require(try await page(server).next)
        try await server.sync(from: cursor, push: [change(1_002, last, seen: 1_001)])
        let before = try await page(server, after: next)
        let restored = try server.reopened("old.sqlite")
        try await restored.sync(by: 0xb2, from: cursor, push: [change(1, last, seen: 1_001)])
        #expect(try await page(restored, after: next) == before)
    }

    @Test("of a server that came from version 3 meanwhile expire, since what was overtaken before is gone")
    func upgraded() async throws {
        let (server, cursor) = try await twoPages()
        let next = try #require(try await page(server).next)
        try await server.sync(from: cursor, push: [change(1_002, last, seen: 1_001)])
        try await server.store.database.write { db in
            try db.execute(
                sql: """
                    DROP TABLE overtaken_version;
                    ALTER TABLE head DROP COLUMN state_floor;
                    DELETE FROM grdb_migrations WHERE identifier = '4';
                    """)
        }
        try server.store.close()
        let upgraded = try server.reopened("server.sqlite")
        #expect(await upgraded.problem { try await page(upgraded, after: next) } == .cursorExpired)
        let again = try #require(try await page(upgraded).next)
        #expect(try await page(upgraded, after: again).versions.elements.map(\.sequence) == [1_002])
        #expect(try await upgraded.sync(by: 0xc3, from: cursor).sequences == [1_002])
    }

    @Test("are found by an index, whatever was overtaken before their cursor")
    func plan() async throws {
        let server = try TestServer()
        let plan = try await server.store.database.read { db in
            try Row.fetchAll(
                db, sql: "EXPLAIN QUERY PLAN " + SQLiteLog.pastVersions, arguments: [1, Data(), "", 0]
            ).map { $0["detail"] as String }
        }
        let steps = plan.filter { $0.hasPrefix("SEARCH") || $0.hasPrefix("SCAN") }
        #expect(
            steps == [
                "SEARCH version USING PRIMARY KEY (reader=? AND (entity,field)>(?,?))",
                "SEARCH overtaken_version USING PRIMARY KEY (reader=? AND overtaken>?)",
            ])
    }
}
