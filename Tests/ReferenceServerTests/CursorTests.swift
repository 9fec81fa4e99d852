import FoundationEssentials
import ReferenceServer
import SyncCore
import SyncProtocol
import SyncTestKit
import Testing

@Suite("A cursor") struct CursorTests {
    @Test("beyond the log of a restored backup it is a mismatch, also once the log has grown past it")
    func restoredBackup() async throws {
        let server = try TestServer()
        try await server.sync(push: [change(1)])
        try server.store.backUp(to: server.folder.path + "/old.sqlite")
        let ahead = try await server.sync(push: [change(2), change(3)]).cursor
        let restored = try server.reopened("old.sqlite")
        #expect(await restored.problem { try await restored.sync(from: ahead) } == .prefixMismatch)
        try await restored.sync(by: 0xb2, push: (1...5).map { change($0) })
        #expect(await restored.problem { try await restored.sync(from: ahead) } == .prefixMismatch)
    }

    @Test("of another server it is a mismatch, unless it stands at the beginning")
    func otherEpoch() async throws {
        let server = try TestServer()
        var cursor = try await server.sync(push: [change(1)]).cursor
        cursor.epoch += 1
        #expect(await server.problem { try await server.sync(from: cursor) } == .prefixMismatch)
        let start = StateCursor(epoch: cursor.epoch, sequence: 0, prefix: cursor.prefix)
        #expect(try await server.sync(by: 0xb2, from: start).sequences == [1])
    }

    @Test("with another prefix it is a mismatch, and what was pushed with it is not applied")
    func otherPrefix() async throws {
        let server = try TestServer()
        var cursor = try await server.sync(push: [change(1)]).cursor
        cursor.prefix = .zero
        #expect(await server.problem { try await server.sync(from: cursor, push: [change(2)]) } == .prefixMismatch)
        #expect(try await server.sync().sequences == [1])
    }

    @Test(
        "before the floor is of another log if its hash is not what the log had there: its replica may hold what a backup lost"
    )
    func foreignBelowFloor() async throws {
        let server = try TestServer()
        let mine = try await server.sync(push: [change(1), change(2)]).cursor
        _ = try server.store.compact(keeping: .zero, now: server.clock.now().advanced(by: 1_000))
        try await server.sync(by: 0xb2, from: mine, push: [change(1), change(2)])
        _ = try server.store.compact(keeping: .zero, now: server.clock.now().advanced(by: 1_000))
        #expect(await server.problem { try await server.sync(from: mine) } == .cursorExpired)
        var other = mine
        other.prefix = Digest128(high: 1, low: 2)
        #expect(await server.problem { try await server.sync(from: other) } == .prefixMismatch)
    }

    @Test("before the floor of a compacted log it has expired; at the floor it is good")
    func expired() async throws {
        let server = try TestServer()
        let before = try await server.sync(push: [change(1)]).cursor
        let floor = try await server.sync(from: before, push: [change(2)]).cursor
        server.clock.advance(by: 10_000)
        try await server.sync(from: floor, push: [change(3)])
        let report = try server.store.compact(keeping: .seconds(5), now: server.clock.now())
        #expect(report.readers == 1 && report.entries == 2)
        #expect(await server.problem { try await server.sync(from: before) } == .cursorExpired)
        #expect(await server.problem { try await server.sync() } == .cursorExpired)
        #expect(try await server.sync(from: floor, push: [change(4)]).sequences == [3, 4])
    }

    @Test("a change that was compacted away is still known when it comes again, and a fork of it too")
    func compacted() async throws {
        let server = try TestServer()
        let cursor = try await server.sync(push: [change(1)]).cursor
        server.clock.advance(by: 10_000)
        _ = try server.store.compact(keeping: .seconds(5), now: server.clock.now())
        let again = try await server.sync(from: cursor, push: [change(1)])
        #expect(again.entries.elements.isEmpty && again.refused.isEmpty)
        let code = await server.problem {
            try await server.sync(from: cursor, push: [change(1, .reader, .ageConfirmed, .flag(true))])
        }
        #expect(code == .replicaForked)
    }

    @Test("the newest of several that is part of the log is found; without one, the beginning")
    func common() async throws {
        let server = try TestServer()
        let first = try await server.sync(push: [change(1)]).cursor
        let second = try await server.sync(from: first, push: [change(2)]).cursor
        var foreign = second
        foreign.prefix = .zero
        let beyond = StateCursor(epoch: first.epoch, sequence: 9, prefix: .zero)
        let found = try await server.post(
            Route.common, CommonRequest(cursors: [beyond, foreign, second, first]), as: CommonResponse.self)
        #expect(found.cursor == second)
        let none = try await server.post(
            Route.common, CommonRequest(cursors: [foreign]), as: CommonResponse.self)
        #expect(none.cursor == StateCursor(epoch: first.epoch, sequence: 0, prefix: .zero))
    }
}
