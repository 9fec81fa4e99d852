import GRDB
import ReferenceServer
import SyncCore
import SyncProtocol
import SyncTestKit
import Testing

@Suite("Consents and subscriptions") struct ConsentTests {
    private func terms(_ server: TestServer, _ purpose: String = "brandOffers") throws -> ConsentTerms {
        try #require(try server.store.library().wordings.first { $0.purpose.text == purpose }).terms(surface: "cli")
    }

    private func offer(_ server: TestServer) throws {
        let newsletter = Newsletter(
            id: name("brief"), title: "Brief", summary: "", cadences: [try #require(Cadence("daily"))])
        try server.store.publish(newsletters: [newsletter], wordings: [], at: server.clock.now())
    }

    private let brief = WireEntity.newsletter(name("brief"))
    private let brand = WireEntity.consent(name("brandOffers"))

    @Test("a grant is taken under the wording in force only, a withdrawal always")
    func wording() async throws {
        let server = try TestServer()
        let old = try terms(server)
        let new = ConsentWording(
            purpose: name("brandOffers"), version: "2", text: "New.", policyVersion: "1", termsVersion: "1")
        try server.store.publish(newsletters: [], wordings: [new], at: server.clock.now())
        let answer = try await server.sync(push: [
            change(1, brand, .consent, .consent(true, old)),
            change(2, brand, .consent, .consent(true, new.terms(surface: "cli"))),
            change(3, brand, .consent, .consent(false, old)),
        ])
        #expect(answer.refused.map(\.code) == ["wordingOutdated"])
        #expect(answer.own == [2, 3])
    }

    @Test("every consent is on record, and the record cannot be altered")
    func record() async throws {
        let server = try TestServer()
        let terms = try terms(server)
        try await server.sync(push: [
            change(1, brand, .consent, .consent(true, terms)), change(2, brand, .consent, .consent(false, terms)),
        ])
        let queue = try DatabaseQueue(path: server.folder.path + "/server.sqlite")
        let given = try await queue.read { try Int.fetchAll($0, sql: "SELECT given FROM consent_record ORDER BY id") }
        #expect(given == [1, 0])
        for statement in ["UPDATE consent_record SET given = 1", "DELETE FROM consent_record"] {
            await #expect(throws: DatabaseError.self) { try await queue.write { try $0.execute(sql: statement) } }
        }
    }

    @Test("a subscription needs a confirmed age, which may stand earlier in the same push")
    func age() async throws {
        let server = try TestServer()
        try offer(server)
        let early = try await server.sync(push: [change(1, brief, .subscribed, .flag(true))])
        #expect(early.refused.map(\.code) == ["ageNotConfirmed"])
        let answer = try await server.sync(push: [
            change(2, .reader, .ageConfirmed, .flag(true)), change(3, brief, .subscribed, .flag(true)),
        ])
        #expect(answer.refused.isEmpty && answer.own == [2, 3])
        #expect(try await server.sync(push: [change(4, brief, .subscribed, .flag(true))]).own == [4])
    }

    @Test("subscribing makes the account wait for confirmation, unsubscribing ends it")
    func delivery() async throws {
        let server = try TestServer()
        try offer(server)
        let answer = try await server.sync(push: [
            change(1, .reader, .ageConfirmed, .flag(true)), change(2, brief, .subscribed, .flag(true)),
        ])
        #expect(answer.account?.deliveries == ["brief": "pendingConfirmation"])
        try server.store.setDelivery(.active, of: name("brief"), for: "anna")
        #expect(try await server.sync(account: answer.account?.version).account?.deliveries == ["brief": "active"])
        let ended = try await server.sync(
            from: answer.cursor, push: [change(3, brief, .subscribed, .flag(false), seen: 2)])
        #expect(ended.account?.deliveries == [:])
    }

    @Test("a subscription that loses to a concurrent unsubscription starts no mail")
    func concurrent() async throws {
        let server = try TestServer()
        try offer(server)
        try await server.sync(by: 0xa1, push: [change(1, brief, .subscribed, .flag(false))])
        let answer = try await server.sync(
            by: 0xb2,
            push: [change(1, .reader, .ageConfirmed, .flag(true)), change(2, brief, .subscribed, .flag(true))])
        #expect(answer.refused.isEmpty && answer.account?.deliveries == [:])
    }

    @Test("a cadence that is not on offer is refused")
    func cadence() async throws {
        let server = try TestServer()
        try offer(server)
        let answer = try await server.sync(push: [
            change(1, brief, .frequency, .frequency(try #require(Cadence("weekly")))),
            change(2, brief, .frequency, .frequency(try #require(Cadence("daily")))),
            change(3, .newsletter(name("other")), .frequency, .frequency(try #require(Cadence("daily")))),
        ])
        #expect(answer.refused.map(\.code) == ["cadenceNotOffered", "unknownEntity"])
        #expect(answer.own == [2])
    }

    @Test("library and account come when their versions differ, and not otherwise")
    func versions() async throws {
        let server = try TestServer()
        let first = try await server.sync()
        let (library, account) = (try #require(first.library), try #require(first.account))
        #expect(library.wordings.map(\.purpose.text) == ["brandOffers", "partnerOffers"])
        let same = try await server.sync(library: library.version, account: account.version)
        #expect(same.library == nil && same.account == nil)
        try offer(server)
        let changed = try await server.sync(library: library.version, account: account.version)
        #expect(changed.library?.newsletters.count == 1 && changed.account == nil)
    }
}
