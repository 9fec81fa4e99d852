import ReferenceServer
import SyncCore
import SyncProtocol
import SyncTestKit
import Testing

@Suite("Newsletters that come and go") struct NewsletterTests {
    private let brief = WireEntity.newsletter(name("brief"))

    private func offer(_ server: TestServer) throws {
        let newsletter = Newsletter(
            id: name("brief"), title: "Brief", summary: "", cadences: [try #require(Cadence("daily"))])
        try server.store.publish(newsletters: [newsletter], wordings: [], at: server.clock.now())
    }

    /// A server with a newsletter to which the reader subscribed, and what it answered.
    private func subscribed() async throws -> (server: TestServer, answer: SyncResponse) {
        let server = try TestServer()
        try offer(server)
        _ = try await server.sync(push: [
            change(1, .reader, .ageConfirmed, .flag(true)), change(2, brief, .subscribed, .flag(true)),
        ])
        try server.store.setDelivery(.active, of: name("brief"), for: "anna")
        return (server, try await server.sync())
    }

    @Test("one that has ended leaves the library, and one that never was on offer cannot end")
    func leaves() async throws {
        let (server, before) = try await subscribed()
        #expect(before.library?.newsletters.map(\.title) == ["Brief"])
        try server.store.endNewsletter(name("brief"))
        let after = try await server.sync(library: before.library?.version)
        #expect(after.library?.newsletters.isEmpty == true)
        for id in ["brief", "none"] {
            #expect(throws: ServerError.self) { try server.store.endNewsletter(name(id)) }
        }
        #expect(try await server.sync(library: after.library?.version).library == nil)
    }

    @Test("a subscription to one that has ended stays in the log, and its delivery leaves the account")
    func subscriptionStays() async throws {
        let (server, before) = try await subscribed()
        #expect(before.account?.deliveries == ["brief": "active"])
        try server.store.endNewsletter(name("brief"))
        let after = try await server.sync(account: before.account?.version)
        #expect(after.account?.deliveries == [:])
        #expect(after.entries == before.entries && after.cursor == before.cursor)
    }

    @Test("unsubscribing from one that has ended is taken; subscribing, and choosing how often, is refused")
    func optOut() async throws {
        let (server, before) = try await subscribed()
        try server.store.endNewsletter(name("brief"))
        let answer = try await server.sync(
            from: before.cursor,
            push: [
                change(3, brief, .frequency, .frequency(try #require(Cadence("daily"))), seen: 2),
                change(4, brief, .subscribed, .flag(false), seen: 2),
                change(5, brief, .subscribed, .flag(true), seen: 2),
            ])
        #expect(answer.own == [4])
        #expect(answer.refused.map(\.number) == [3, 5])
        #expect(answer.refused.map(\.code) == ["unknownEntity", "unknownEntity"])
    }

    @Test("one that comes back under its id is offered again, to its subscribers as they left it")
    func comesBack() async throws {
        let (server, before) = try await subscribed()
        try server.store.endNewsletter(name("brief"))
        try offer(server)
        let again = try await server.sync()
        #expect(again.library == before.library && again.account == before.account)
        let answer = try await server.sync(
            from: before.cursor,
            push: [change(3, brief, .frequency, .frequency(try #require(Cadence("daily"))), seen: 2)])
        #expect(answer.own == [3])
    }

    @Test("one that comes back does not have those again who unsubscribed meanwhile")
    func comesBackWithout() async throws {
        let (server, before) = try await subscribed()
        try server.store.endNewsletter(name("brief"))
        let gone = try await server.sync(
            from: before.cursor, push: [change(3, brief, .subscribed, .flag(false), seen: 2)])
        try offer(server)
        #expect(try await server.sync().account?.deliveries == [:])
        let answer = try await server.sync(
            from: gone.cursor, push: [change(4, brief, .subscribed, .flag(true), seen: 3)])
        #expect(answer.account?.deliveries == ["brief": "pendingConfirmation"])
    }

    @Test("what becomes of a subscription cannot be said while the newsletter is not on offer")
    func delivery() async throws {
        let (server, _) = try await subscribed()
        try server.store.endNewsletter(name("brief"))
        #expect(throws: ServerError.self) { try server.store.setDelivery(.bounced, of: name("brief"), for: "anna") }
    }
}
