import FoundationEssentials
import ReferenceServer
import SyncCore
import SyncProtocol
import SyncTestKit
import Testing

@Suite("Administration") struct AdministrationTests {
    private func wording(_ version: String, _ text: String) -> ConsentWording {
        ConsentWording(
            purpose: name("brandOffers"), version: version, text: text, policyVersion: "1", termsVersion: "1")
    }

    @Test("adds a reader once, and none without a proper name")
    func readers() throws {
        let server = try TestServer()
        for bad in ["anna", "", "an\u{1B}na", String(repeating: "x", count: 129)] {
            #expect(throws: ServerError.self) { try server.store.addReader(bad, at: server.clock.now()) }
        }
        #expect(try server.store.readers().map(\.name) == ["anna"])
    }

    @Test("makes tokens of 256 bits that differ, and none for a reader who is not there")
    func tokens() throws {
        let server = try TestServer()
        var draw = SystemRandomNumberGenerator()
        let tokens = try (0..<20).map { _ in
            try server.store.addDevice("d", of: "anna", at: server.clock.now(), using: &draw).token
        }
        #expect(Set(tokens).count == 20 && tokens.allSatisfy { $0.count == 3 + 64 })
        #expect(throws: ServerError.self) {
            try server.store.addDevice("d", of: "nobody", at: server.clock.now(), using: &draw)
        }
    }

    @Test("keeps every wording, and never lets a version have two texts")
    func wordings() throws {
        let server = try TestServer()
        let publish = { (wording: ConsentWording) throws(ServerError) in
            try server.store.publish(newsletters: [], wordings: [wording], at: server.clock.now())
        }
        try publish(wording("2", "New words."))
        try publish(wording("2", "New words."))
        #expect(throws: ServerError.self) { try publish(wording("2", "Other words.")) }
        #expect(throws: ServerError.self) { try publish(wording("3", "")) }
        #expect(try server.store.library().wordings.first?.text == "New words.")
    }

    @Test("sets the delivery of a subscription that the reader asked for, and of no other")
    func delivery() async throws {
        let server = try TestServer()
        let newsletter = Newsletter(
            id: name("brief"), title: "Brief", summary: "", cadences: [try #require(Cadence("daily"))])
        try server.store.publish(newsletters: [newsletter], wordings: [], at: server.clock.now())
        for (reader, id) in [("anna", "brief"), ("anna", "none"), ("nobody", "brief")] {
            #expect(throws: ServerError.self) { try server.store.setDelivery(.active, of: name(id), for: reader) }
        }
        try await server.sync(push: [
            change(1, .reader, .ageConfirmed, .flag(true)),
            change(2, .newsletter(name("brief")), .subscribed, .flag(true)),
        ])
        try server.store.setDelivery(.bounced, of: name("brief"), for: "anna")
        #expect(try await server.sync().account?.deliveries == ["brief": "bounced"])
    }

    @Test("writes a backup that holds everything, and over no file that is there")
    func backup() async throws {
        let server = try TestServer()
        let head = try await server.sync(push: [change(1)]).cursor
        let path = server.folder.path + "/copy.sqlite"
        try server.store.backUp(to: path)
        #expect(try await server.reopened("copy.sqlite").sync(by: 0xb2).cursor == head)
        #expect(throws: ServerError.self) { try server.store.backUp(to: path) }
        #expect(throws: ServerError.self) { try server.store.backUp(to: server.folder.path + "/none/copy.sqlite") }
    }

    @Test("compacts up to the first entry that is still young, and keeps all registers")
    func compaction() async throws {
        let server = try TestServer()
        let first = try await server.sync(push: [change(1)]).cursor
        server.clock.advance(by: 10_000)
        try await server.sync(from: first, push: [change(2, .reader, .ageConfirmed, .flag(true))])
        let report = try server.store.compact(keeping: .seconds(5), now: server.clock.now())
        #expect(report.entries == 1)
        #expect(try server.store.compact(keeping: .seconds(5), now: server.clock.now()).entries == 0)
        let response = await server.send("GET", Route.snapshot)
        let page = try WireCodec.decode(SnapshotResponse.self, from: response.body)
        #expect(page.versions.elements.count == 2 && page.cursor.sequence == 2)
        #expect(try server.store.compact(keeping: .zero, now: server.clock.now().advancedBySecond).entries == 1)
        #expect(try await server.sync(from: page.cursor, push: [change(3)]).sequences == [3])
    }

    @Test("a database that is none is refused with a clear error")
    func damaged() throws {
        let folder = try TestFolder()
        let path = folder.path + "/bad.sqlite"
        try Data(repeating: 0x41, count: 8_192).write(to: URL(filePath: path))
        #expect(throws: ServerError.self) {
            try SQLiteServerStore(path: path, clock: ManualClock(), random: SeededRandomSource(seed: 1))
        }
    }
}

extension WallTime {
    fileprivate var advancedBySecond: WallTime { advanced(by: 1_000) }
}
