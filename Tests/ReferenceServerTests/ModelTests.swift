import FoundationEssentials
import ReferenceServer
import SyncCore
import SyncProtocol
import SyncTestKit
import Testing

/// The server beside the model of one: the same pushes into both.
private struct Pair {
    var server: TestServer
    var model: ModelLog
    var random: SeededRandom
    var cursors: [UInt64: StateCursor] = [:]
    var numbers: [UInt64: UInt64] = [:]

    static let guids = ["a1", "a2", "a3"]

    init(seed: UInt64) async throws {
        server = try TestServer()
        try await server.ingest(articles: Self.guids.count)
        model = ModelLog(epoch: try await server.sync().cursor.epoch)
        random = SeededRandom(seed: seed)
    }

    /// One replica pushes a few changes from where it stands, now and then some it has pushed before as well.
    mutating func step() async throws {
        server.clock.advance(by: Int64.random(in: 0...5_000, using: &random))
        let replica = UInt64.random(in: 1...3, using: &random)
        let cursor = cursors[replica] ?? .origin
        var push: [Change] = []
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            numbers[replica, default: 0] += 1
            push.append(
                try draw(ChangeID(replica: ReplicaID(rawValue: replica), number: numbers[replica] ?? 0), cursor))
        }
        let deliveries = Bool.random(using: &random) ? 2 : 1
        for _ in 0..<deliveries {
            let refused = try model.push(push, cursor: cursor, now: server.clock.now())
            let answer = try await server.sync(
                by: replica, from: cursor, push: push.map { WireChange($0, reference: { _ in nil }) })
            #expect(answer.refused.map(\.refusal) == refused)
            #expect(answer.cursor == model.head)
            #expect(answer.sequences == Array(cursor.sequence..<model.head.sequence).map { $0 + 1 })
            // A lost answer: the replica stays where it was.
            if Bool.random(using: &random) { cursors[replica] = answer.cursor }
        }
    }

    private mutating func draw(_ id: ChangeID, _ cursor: StateCursor) throws -> Change {
        let value: (Field, Value) =
            switch Int.random(in: 0..<5, using: &random) {
            case 0: (.read, .read(.random(using: &random), by: .explicit))
            case 1: (.saved, .flag(.random(using: &random)))
            case 2: (.progress, .progress(.random(in: 0...10_000, using: &random)))
            case 3: (.tag(try #require(TagName("later"))), .flag(.random(using: &random)))
            default: (.note, .note("note \(Int.random(in: 0...9, using: &random))", base: ""))
            }
        let guid = try #require(Self.guids.randomElement(using: &random))
        let skew = Int64.random(in: -100_000...100_000, using: &random)
        // Now and then a change claims to have seen too much.
        let ahead: UInt64 = Int.random(in: 0..<20, using: &random) == 0 ? 1 : 0
        let key = try #require(RegisterKey(.article(ArticleID(publication: "pub", guid: guid)), value.0))
        return try #require(
            Change(
                id: id, stamp: HybridTimestamp(milliseconds: server.clock.now().milliseconds + skew),
                seen: SeenContext(through: cursor.sequence + ahead),
                key: key, value: value.1))
    }

    /// The registers that the server's snapshot tells, as the model would spell them.
    func snapshot() async throws -> [RegisterKey: [UInt64]] {
        let response = await server.send("GET", Route.snapshot)
        let page = try WireCodec.decode(SnapshotResponse.self, from: response.body)
        var registers: [RegisterKey: [UInt64]] = [:]
        for version in page.versions.elements {
            let change = version.change.change(by: version.author) { publication, number in
                page.articles.first { $0.publication == publication && $0.number == number }?.id
            }
            registers[try #require(change).key, default: []].append(version.sequence)
        }
        return registers
    }

    var expectedRegisters: [RegisterKey: [UInt64]] { Self.sequences(model) }

    static func sequences(_ log: ModelLog) -> [RegisterKey: [UInt64]] {
        log.registers.mapValues { register in
            register.versions.compactMap { if case .logged(let sequence) = $0.position { sequence } else { nil } }
        }
    }

    /// The versions that the server says counted after an entry, read in pages of a few.
    func versions(at sequence: UInt64) async throws -> [StoredVersion] {
        try await server.store.read { view in
            let log = try view.log(of: ReaderKey(rowID: 1))
            var versions: [StoredVersion] = []
            var page = try #require(try log.registers(at: sequence, after: nil, limit: 3, bytes: 1_000))
            versions += page.versions
            while !page.isLast {
                page = try #require(try log.registers(at: sequence, after: page.last, limit: 3, bytes: 1_000))
                versions += page.versions
            }
            return versions
        }
    }

    /// Holds the state that the server tells at each sequence against that of the model's log up to there.
    func checkStates(from first: UInt64 = 0) async throws {
        for sequence in first...model.head.sequence {
            let past = model.backup(at: sequence)
            var bases: [UInt64: String] = [:]
            for version in past.registers.values.flatMap(\.versions) {
                if case .logged(let place) = version.position { bases[place] = version.noteBase }
            }
            let told = try await versions(at: sequence)
            #expect(Dictionary(told.map { ($0.entry.sequence, $0.noteBase) }) { $1 } == bases, "at \(sequence)")
            #expect(told.allSatisfy { $0.entry == model.entries[Int($0.entry.sequence) - 1] })
        }
    }
}

@Suite("Beside a model of itself, the server") struct ModelTests {
    @Test("has the same log, hashes, refusals and registers", arguments: UInt64(1)...12)
    func sameLog(seed: UInt64) async throws {
        var pair = try await Pair(seed: seed)
        for _ in 0..<40 { try await pair.step() }
        #expect(pair.model.head.sequence > 20)
        #expect(try await pair.snapshot() == pair.expectedRegisters)
    }

    @Test(
        "tells the registers as they were after each entry, before and after it is compacted", arguments: UInt64(1)...6)
    func sameStates(seed: UInt64) async throws {
        var pair = try await Pair(seed: seed)
        for _ in 0..<20 { try await pair.step() }
        try await pair.checkStates()
        let cutoff = pair.server.clock.now()
        for _ in 0..<20 { try await pair.step() }
        let age = Duration.milliseconds(pair.server.clock.now().milliseconds - cutoff.milliseconds)
        _ = try pair.server.store.compact(keeping: age, now: pair.server.clock.now())
        let floor = try pair.server.store.log(of: "anna", after: 0).floor
        #expect(floor > 5)
        try await pair.checkStates(from: floor)
        let below = try await pair.server.store.read { view in
            try view.log(of: ReaderKey(rowID: 1)).registers(at: floor - 1, after: nil, limit: 3, bytes: 1_000)
        }
        #expect(below == nil)
    }

    @Test("restores what a backup lacks to the same places and hashes", arguments: UInt64(1)...12)
    func sameRestore(seed: UInt64) async throws {
        var pair = try await Pair(seed: seed)
        for _ in 0..<15 { try await pair.step() }
        let common = pair.model.head
        try pair.server.store.backUp(to: pair.server.folder.path + "/old.sqlite")
        for _ in 0..<15 { try await pair.step() }
        let lost = pair.model.entries.dropFirst(Int(common.sequence))
        let offers = lost.map { entry in
            let saw = lost.filter { $0.change.key == entry.change.key && entry.change.seen.contains($0.sequence) }
            return RestoreOffer.Entry(entry: entry, saw: saw.map(\.change.id))
        }
        let clock = pair.server.clock
        pair.server = try pair.server.reopened("old.sqlite")
        pair.server.clock.advance(by: clock.now().milliseconds - pair.server.clock.now().milliseconds)
        let whole = pair.model.head
        pair.model = pair.model.backup(at: common.sequence)
        // In half of the runs the restored server has already taken something new.
        if seed.isMultiple(of: 2) {
            let change = try #require(lost.last?.change)
            var own = change
            own.id = ChangeID(replica: ReplicaID(rawValue: 9), number: 1)
            own.seen = SeenContext(through: common.sequence)
            _ = try pair.model.push([own], cursor: common, now: pair.server.clock.now())
            try await pair.server.sync(by: 9, from: common, push: [WireChange(own, reference: { _ in nil })])
        }
        let expected = try pair.model.restore(RestoreOffer(common: common, entries: offers))
        let reply = try await pair.server.post(
            Route.restore,
            RestoreRequest(
                common: common,
                entries: offers.map { offer in
                    WireOffer(
                        sequence: offer.entry.sequence, received: offer.entry.received,
                        author: offer.entry.change.id.replica,
                        change: WireChange(offer.entry.change, reference: { _ in nil }),
                        saw: offer.saw.map { WireChangeID($0) })
                }), as: RestoreResponse.self)
        #expect(reply.places == expected.places && reply.common == expected.common)
        #expect((reply.common == whole) == !seed.isMultiple(of: 2))
        #expect(try await pair.server.sync(by: 77).cursor == pair.model.head)
        #expect(try await pair.snapshot() == pair.expectedRegisters)
        try await pair.checkStates()
    }
}
