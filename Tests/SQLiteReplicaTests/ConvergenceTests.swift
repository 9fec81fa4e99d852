import SQLiteReplica
import SyncCore
import SyncPorts
import SyncTestKit
import Testing

@Suite struct ConvergenceTests {
    private func wording(of version: String) throws -> ConsentWording {
        ConsentWording(
            purpose: try name("brandOffers"), version: version, text: "May we?", policyVersion: "p",
            termsVersion: "t")
    }

    private func randomEdit(_ draw: inout SeededRandom, _ shown: (RegisterKey) throws -> Value?) throws -> Edit? {
        let id = storyID(UInt64.random(in: 1...4, using: &draw))
        let newsletter = Entity.newsletter(try name("daily"))
        let flag = Bool.random(using: &draw)
        switch Int.random(in: 0..<9, using: &draw) {
        case 0: return .read(id, flag, by: try #require(MarkOrigin.allCases.randomElement(using: &draw)))
        case 1: return .saved(id, flag)
        case 2: return .progress(id, Int.random(in: 0...3, using: &draw) * 1_000)
        case 3: return .tag(id, try tag(flag ? "x" : "y"), Bool.random(using: &draw))
        case 4, 5:
            let key = try #require(RegisterKey(.article(id), .note))
            var lines = ["a", "b", "c", "d"]
            if case .note(let text, _) = try shown(key), !text.isEmpty {
                lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            }
            lines[Int.random(in: lines.indices, using: &draw)] = String(Int.random(in: 0..<9, using: &draw))
            return .note(id, lines.joined(separator: "\n"))
        case 6: return RegisterKey(newsletter, .subscribed).map { Edit($0, .flag(flag)) }
        case 7:
            let cadence = try #require(Cadence(flag ? "daily" : "weekly"))
            return RegisterKey(newsletter, .frequency).map { Edit($0, .frequency(cadence)) }
        default:
            let terms = try wording(of: flag ? "1" : "0").terms(surface: "cli")
            return RegisterKey(.consent(try name("brandOffers")), .consent).map {
                Edit($0, .consent(flag, terms))
            }
        }
    }

    /// One round of whatever two replicas, a network and a reader may do.
    private func step(
        _ replica: Replica, _ server: TinyServer, _ draw: inout SeededRandom, at now: WallTime
    ) throws {
        let all = Set(RemoteCapabilities.FieldKind.allCases)
        switch Int.random(in: 0..<10, using: &draw) {
        case 0: try replica.sync(with: server, at: now)
        case 1:
            // A request arrives, its answer is lost.
            let push = try replica.changesToPush(limit: 3, fields: all)
            try server.push(push, cursor: try replica.syncState().cursor.sequence, at: now)
        case 2:
            // An answer comes after the reader went on.
            let push = try replica.changesToPush(limit: 3, fields: all)
            let reply = try server.exchange(try replica.syncState(), push, at: now)
            if let edit = try randomEdit(&draw, { try replica.shown($0) }) {
                _ = try replica.record([edit], at: now)
            }
            _ = try replica.apply(reply, at: now)
            if Bool.random(using: &draw) { _ = try replica.apply(reply, at: now) }
        case 3:
            guard let conflict = try replica.conflicts().first else { return }
            let resolutions: [Resolution] = [.mine, .theirs, .both]
            _ = try? replica.resolve(
                conflict.id, try #require(resolutions.randomElement(using: &draw)), at: now)
        default:
            if let edit = try randomEdit(&draw, { try replica.shown($0) }) {
                _ = try replica.record([edit], at: now)
            }
        }
    }

    @Test(
        "two replicas that heard everything show the same bytes, whatever happened before",
        arguments: 0..<50 as Range<UInt64>)
    func converges(seed: UInt64) throws {
        var draw = SeededRandom(seed: seed)
        let folder = try Folder()
        let replicas = try (0..<2).map { try folder.replica("r\($0)", id: $0 + 1) }
        for replica in replicas { _ = try replica.apply(try articles(1...4), resets: false) }
        let server = TinyServer()
        server.wording = try wording(of: "1")
        server.pageSize = Int.random(in: 1...6, using: &draw)
        for round in 0..<40 {
            let index = Int.random(in: 0..<2, using: &draw)
            // One device's clock is an hour ahead.
            let now = at(Int64(round) + (index == 0 ? 3_600 : 0))
            try step(replicas[index], server, &draw, at: now)
        }
        for replica in replicas + replicas { try replica.sync(with: server, at: at(9_000)) }
        let exports = try replicas.map { try $0.exportState() }
        #expect(exports[0] == exports[1])
        let fresh = try folder.replica("fresh", id: 9)
        try fresh.stage(server.snapshot, isFirst: true)
        _ = try fresh.adoptSnapshot(common: nil, at: at(9_001))
        #expect(try fresh.exportState() == exports[0])
        for replica in replicas {
            #expect(try replica.checkIntegrity() == [])
            // Conservation: every change is in one state, and every logged one is in the history of both.
            let log = try replica.log(limit: 10_000)
            #expect(log.filter { $0.sequence != nil }.count == server.entries.count)
            #expect(!log.contains { $0.state == .pending })
            #expect(Set(log.compactMap(\.sequence)) == Set(server.entries.map(\.sequence)))
        }
    }
}
