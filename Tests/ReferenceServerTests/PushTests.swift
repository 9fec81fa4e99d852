import ReferenceServer
import SyncCore
import SyncProtocol
import SyncTestKit
import Testing

@Suite("A push") struct PushTests {
    @Test("its changes come back as own entries with their sequences, to others in full")
    func echoesOwn() async throws {
        let server = try TestServer()
        let mine = try await server.sync(by: 0xa1, push: [change(1), change(2)])
        #expect(mine.own == [1, 2])
        #expect(mine.sequences == [1, 2])
        #expect(mine.cursor.sequence == 2 && mine.remaining == 0)
        let theirs = try await server.sync(by: 0xb2)
        #expect(theirs.own.isEmpty && theirs.sequences == [1, 2])
        #expect(theirs.cursor == mine.cursor)
    }

    @Test("sent again, it is acknowledged again and changes nothing")
    func redelivery() async throws {
        let server = try TestServer()
        let first = try await server.sync(push: [change(1), change(2)])
        let again = try await server.sync(push: [change(1), change(2)])
        #expect(again.entries == first.entries && again.cursor == first.cursor)
    }

    @Test("a number with other content is a fork, and nothing of the push is applied")
    func fork() async throws {
        let server = try TestServer()
        try await server.sync(push: [change(1)])
        let code = await server.problem {
            try await server.sync(push: [change(1, .reader, .ageConfirmed, .flag(true)), change(2)])
        }
        #expect(code == .replicaForked)
        #expect(try await server.sync().sequences == [1])
    }

    @Test("a missing number is a gap, and nothing of the push is applied")
    func gap() async throws {
        let server = try TestServer()
        let code = await server.problem { try await server.sync(push: [change(1), change(3)]) }
        #expect(code == .numberGap)
        #expect(try await server.sync().cursor.sequence == 0)
    }

    @Test("a refused change uses up its number, and is refused again when sent again")
    func refusal() async throws {
        let server = try TestServer()
        let push = [change(1, .article(.number(publication: 9, article: 9)), .saved, .flag(true)), change(2)]
        let first = try await server.sync(push: push)
        #expect(first.refused.map(\.refusal.code) == [.unknownEntity])
        #expect(first.own == [2] && first.sequences == [1])
        let again = try await server.sync(push: push)
        #expect(again.refused == first.refused && again.entries == first.entries)
        #expect(try await server.sync(push: [change(3)]).own == [3])
    }

    @Test("an article by its identity is taken, whether the catalog holds it or not, and comes back by it")
    func foreignArticle() async throws {
        let server = try TestServer()
        let foreign = article("read from a feed that the server does not know")
        let answer = try await server.sync(push: [change(1, foreign, .saved, .flag(true))])
        #expect(answer.refused.isEmpty && answer.own == [1])
        let pulled = try await server.sync()
        #expect(pulled.sequences == [1])
        guard case .full(_, _, _, let wire) = try #require(pulled.entries.elements.first) else {
            Issue.record("the entry is not whole")
            return
        }
        #expect(wire.entity == foreign)
    }

    @Test("an article by unknown number is refused; sent again after it became known, it is still the same change")
    func unknownNumber() async throws {
        let server = try TestServer()
        let push = [change(1, .article(.number(publication: 1, article: 1)), .saved, .flag(true))]
        #expect(try await server.sync(push: push).refused.map(\.code) == ["unknownEntity"])
        try await server.ingest(articles: 2)
        let again = try await server.sync(push: push)
        #expect(again.refused.map(\.number) == [1] && again.entries.elements.isEmpty)
    }

    @Test("an article goes by number on the wire and by identity in the log")
    func numbers() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 2)
        try await server.sync(push: [change(1, .article(.number(publication: 1, article: 2)), .saved, .flag(true))])
        let pulled = try await server.sync(by: 0xb2, names: true)
        let name = try #require(pulled.articles?.first)
        #expect(pulled.articles?.count == 1 && name.publication == 1 && name.number == 2)
        guard case .full(_, _, _, let wire) = try #require(pulled.entries.elements.first) else {
            Issue.record("a change of another replica is told in full")
            return
        }
        #expect(wire.entity == .article(.number(publication: 1, article: 2)))
        #expect(try await server.sync(by: 0xb2).articles == nil)
    }

    @Test("a stamp too far ahead is clamped, and only then told to its author")
    func clamped() async throws {
        let server = try TestServer()
        let now = server.clock.now().milliseconds
        let answer = try await server.sync(push: [change(1, at: now + 3_600_000), change(2, at: now + 1_000)])
        let stamps = answer.entries.elements.map { entry -> HybridTimestamp? in
            if case .own(_, _, _, let stamp) = entry { stamp } else { nil }
        }
        #expect(stamps == [HybridTimestamp(milliseconds: now + HybridClock.toleratedLead), nil])
    }

    @Test("sequences are gapless when many replicas of one reader push at once")
    func gapless() async throws {
        let server = try TestServer()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for replica in 1...8 {
                group.addTask {
                    var cursor = StateCursor.origin
                    for round in 0..<5 {
                        let numbers = (1...3).map { UInt64(round * 3 + $0) }
                        cursor = try await server.sync(
                            by: UInt64(replica), from: cursor, push: numbers.map { change($0) }
                        )
                        .cursor
                    }
                }
            }
            try await group.waitForAll()
        }
        let log = try await server.sync(by: 0xff)
        #expect(log.sequences == Array(1...120))
    }

    @Test("what claims to have seen entries beyond its own cursor is refused")
    func seenAhead() async throws {
        let server = try TestServer()
        let first = try await server.sync(push: [change(1)])
        #expect(try await server.sync(push: [change(2, seen: 1)]).refused.map(\.code) == ["seenAhead"])
        #expect(try await server.sync(from: first.cursor, push: [change(3, seen: 1)]).own == [3])
    }

    @Test("a page ends at the limit, and the next goes on from its cursor")
    func paging() async throws {
        let server = try TestServer()
        try await server.sync(by: 0xa1, push: (1...1_000).map { change($0) })
        let cursor = try await server.sync(by: 0xb2).cursor
        try await server.sync(by: 0xa1, from: cursor, push: (1_001...1_200).map { change($0) })
        let first = try await server.sync(by: 0xb2)
        #expect(first.entries.elements.count == Limits.pageEntries && first.remaining == 200)
        let rest = try await server.sync(by: 0xb2, from: first.cursor)
        #expect(rest.sequences == Array(1_001...1_200) && rest.remaining == 0)
    }

    @Test("a page of long notes ends at the limit of bytes")
    func heavyPage() async throws {
        let server = try TestServer()
        try await server.ingest(articles: 1)
        let long = String(repeating: "x", count: Value.maximumNoteBytes)
        var number: UInt64 = 0
        for _ in 0..<5 {
            let push = (0..<40).map { _ -> WireChange in
                number += 1
                return change(number, article("a1"), .note, .note(long, base: ""))
            }
            try await server.sync(push: push)
        }
        let page = try await server.sync(by: 0xb2)
        #expect(page.remaining > 0)
        #expect(page.entries.elements.count == 128)
    }
}
