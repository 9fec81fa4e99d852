import ReferenceServer
import SyncCore
import SyncProtocol
import SyncTestKit
import Testing

@Suite("A restore") struct RestoreTests {
    /// Offers the entries that a replica pulled before the server was restored.
    private func offers(_ entries: [WireEntry], saw: [UInt64: [ChangeID]] = [:]) -> [WireOffer] {
        entries.compactMap { entry in
            guard case .full(let sequence, let received, let author, let change) = entry else { return nil }
            return WireOffer(
                sequence: sequence, received: received, author: author, change: change,
                saw: (saw[sequence] ?? []).map { WireChangeID($0) })
        }
    }

    private func restore(
        _ server: TestServer, _ common: StateCursor, _ entries: [WireOffer]
    ) async throws -> RestoreResponse {
        try await server.post(
            Route.restore, RestoreRequest(common: common, entries: entries), as: RestoreResponse.self)
    }

    private let shelf = Field.other(name("shelf"))
    private let thing = WireEntity.other(name("kind"), name("thing"))

    @Test("that puts every entry back in its place gives the log its old hashes, and old cursors are good again")
    func exact() async throws {
        let server = try TestServer()
        let common = try await server.sync(push: [change(1)]).cursor
        try server.store.backUp(to: server.folder.path + "/old.sqlite")
        let mine = try await server.sync(by: 0xb2, from: common, push: [change(1, seen: 1), change(2, seen: 1)])
        let head = try await server.sync(from: mine.cursor, push: [change(2, seen: 2, also: [3])]).cursor
        let lost = Array(try await server.log().dropFirst())
        let restored = try server.reopened("old.sqlite")
        restored.clock.advance(by: 1_000_000)
        let ids = [
            ChangeID(replica: ReplicaID(rawValue: 0xb2), number: 1),
            ChangeID(replica: ReplicaID(rawValue: 0xb2), number: 2),
        ]
        let reply = try await restore(restored, common, offers(lost, saw: [4: ids]))
        #expect(reply.places == [2, 3, 4])
        #expect(reply.common == head)
        #expect(try await restored.sync(from: head).entries.elements.isEmpty)
        // The instants at which entries were first received stay, too.
        #expect(Array(try await restored.log().dropFirst()) == lost)
    }

    @Test("into a log that has grown places entries behind it, and rebases what they had seen")
    func moved() async throws {
        let server = try TestServer()
        let common = try await server.sync(push: [change(1)]).cursor
        try server.store.backUp(to: server.folder.path + "/old.sqlite")
        let two = try await server.sync(by: 0xb2, from: common, push: [change(1, seen: 1)])
        try await server.sync(by: 0xa1, from: two.cursor, push: [change(2, seen: 2)])
        let lost = Array(try await server.log().dropFirst())
        let restored = try server.reopened("old.sqlite")
        try await restored.sync(by: 0xc3, from: common, push: [change(1, seen: 1)])
        let saw = [UInt64(3): [ChangeID(replica: ReplicaID(rawValue: 0xb2), number: 1)]]
        let reply = try await restore(restored, common, offers(lost, saw: saw))
        #expect(reply.places == [3, 4])
        #expect(reply.common == common)
        let log = try await restored.log()
        guard case .full(_, _, _, let last) = try #require(log.last) else { return }
        #expect(last.seen == SeenContext(through: 1, also: [3]))
    }

    @Test("of a change whose name another has in the log enters it under a name that follows from what it says, once")
    func taken() async throws {
        let server = try TestServer()
        let common = try await server.sync(push: [change(1)]).cursor
        try server.store.backUp(to: server.folder.path + "/old.sqlite")
        try await server.sync(
            by: 0xb2, from: common, push: [change(1, thing, .other(name("seat")), .other(.bool(true)))])
        let lost = Array(try await server.log().dropFirst())
        let restored = try server.reopened("old.sqlite")
        // The author was put back to an old image as well, and used the number for something else.
        try await restored.sync(by: 0xb2, from: common, push: [change(1, thing, shelf, .other(.bool(false)))])
        let first = try await restore(restored, common, offers(lost))
        #expect(first.places == [3] && first.renamed == [0])
        let again = try await restore(restored, common, offers(lost))
        #expect(again.places == [3] && again.renamed == [0])
        guard case .full(_, _, let author, _) = try #require(try await restored.log().last) else { return }
        let mine = Change(
            id: ChangeID(replica: ReplicaID(rawValue: 0xb2), number: 1), stamp: HybridTimestamp(rawValue: 0),
            seen: SeenContext(through: 0),
            key: try #require(
                RegisterKey(.other(kind: name("kind"), name: name("thing")), .other(name("seat")))),
            value: .other(.bool(true)))
        #expect(author == mine?.nameWhereTaken.replica)
    }

    @Test("after an offer that was lost again is turned away")
    func lostAgain() async throws {
        let server = try TestServer()
        let common = try await server.sync(push: [change(1)]).cursor
        try server.store.backUp(to: server.folder.path + "/old.sqlite")
        try await server.sync(by: 0xb2, from: common, push: [change(1), change(2)])
        let lost = Array(try await server.log().dropFirst())
        let head = try await restore(server, common, offers(lost)).head
        let restored = try server.reopened("old.sqlite")
        let request = RestoreRequest(common: common, entries: offers(Array(lost.suffix(1))), placed: head)
        let problem = await server.problem {
            try await restored.post(Route.restore, request, as: RestoreResponse.self)
        }
        #expect(problem == .prefixMismatch)
    }

    @Test("of an entry that was compacted meanwhile says where it stood")
    func compactedPlace() async throws {
        let server = try TestServer()
        try await server.sync(push: [change(1), change(2), change(3)])
        let log = try await server.log()
        _ = try server.store.compact(keeping: .zero, now: server.clock.now().advanced(by: 1_000))
        #expect(try await restore(server, .origin, offers(Array(log.prefix(2)))).places == [1, 2])
    }

    @Test("of entries that are there already changes nothing, and goes on counting both histories as one")
    func again() async throws {
        let server = try TestServer()
        let head = try await server.sync(push: [change(1), change(2)]).cursor
        let log = try await server.log()
        let reply = try await restore(server, .origin, offers(log))
        #expect(reply.places == [1, 2] && reply.common == head)
        #expect(try await server.log() == log)
    }

    @Test("raises the authors' numbers, so that they go on where they were, and knows what comes again")
    func highWater() async throws {
        let server = try TestServer()
        let common = try await server.sync(by: 0xb2, push: [change(1)]).cursor
        try server.store.backUp(to: server.folder.path + "/old.sqlite")
        try await server.sync(from: common, push: [change(1), change(2)])
        let lost = Array(try await server.log().dropFirst())
        let restored = try server.reopened("old.sqlite")
        _ = try await restore(restored, common, offers(lost))
        #expect(try await restored.sync(from: common, push: [change(2), change(3)]).own == [2, 3])
    }

    @Test("puts consents back on record once, with their old instants, whatever wording is in force now")
    func consents() async throws {
        let server = try TestServer()
        try server.store.backUp(to: server.folder.path + "/old.sqlite")
        let wording = try #require(try server.store.library().wordings.first)
        let given = change(1, .consent(wording.purpose), .consent, .consent(true, wording.terms(surface: "cli")))
        try await server.sync(push: [given])
        let lost = try await server.log()
        let restored = try server.reopened("old.sqlite")
        let new = ConsentWording(
            purpose: wording.purpose, version: "2", text: "New.", policyVersion: "1", termsVersion: "1")
        try restored.store.publish(newsletters: [], wordings: [new], at: restored.clock.now())
        let reply = try await restore(restored, .origin, offers(lost))
        #expect(reply.places == [1])
        #expect(try await restore(restored, .origin, offers(lost)).places == [1])
    }

    @Test("of a repeated subscription to a newsletter that has ended asks for no second confirmation")
    func endedNewsletter() async throws {
        let server = try TestServer()
        let brief = Newsletter(
            id: name("brief"), title: "Brief", summary: "", cadences: [try #require(Cadence("daily"))])
        try server.store.publish(newsletters: [brief], wordings: [], at: server.clock.now())
        let common = try await server.sync(push: [
            change(1, .reader, .ageConfirmed, .flag(true)),
            change(2, .newsletter(brief.id), .subscribed, .flag(true)),
        ]).cursor
        try server.store.setDelivery(.active, of: brief.id, for: "anna")
        try server.store.backUp(to: server.folder.path + "/old.sqlite")
        try await server.sync(
            from: common, push: [change(3, .newsletter(brief.id), .subscribed, .flag(true), seen: 2)])
        let lost = Array(try await server.log().dropFirst(2))
        let restored = try server.reopened("old.sqlite")
        try restored.store.endNewsletter(brief.id)
        #expect(try await restore(restored, common, offers(lost)).places == [3])
        try restored.store.publish(newsletters: [brief], wordings: [], at: server.clock.now())
        #expect(try await restored.sync().account?.deliveries == ["brief": "active"])
    }

    @Test("from a cursor that is not in the log is turned away")
    func foreignCommon() async throws {
        let server = try TestServer()
        var cursor = try await server.sync(push: [change(1)]).cursor
        cursor.prefix = .zero
        let code = await server.problem { try await restore(server, cursor, []) }
        #expect(code == .prefixMismatch)
    }

    @Test("does not bring back what was compacted away")
    func compacted() async throws {
        let server = try TestServer()
        try await server.sync(push: [change(1)])
        let log = try await server.log()
        let cursor = try await server.sync().cursor
        server.clock.advance(by: 10_000)
        _ = try server.store.compact(keeping: .seconds(5), now: server.clock.now())
        let reply = try await restore(server, .origin, offers(log))
        #expect(reply.places == [1])
        #expect(try await server.sync(from: cursor).entries.elements.isEmpty)
    }
}
