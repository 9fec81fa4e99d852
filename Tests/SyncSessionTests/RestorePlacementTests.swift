import SyncCore
import SyncSession
import Testing

@Suite("The placement of restored entries") struct RestorePlacementTests {
    private func entry(_ sequence: UInt64, seen: UInt64, also: [UInt64] = []) throws -> LogEntry {
        let key = try #require(RegisterKey(.reader, .ageConfirmed))
        let change = try #require(
            Change(
                id: ChangeID(replica: ReplicaID(rawValue: 1), number: sequence),
                stamp: HybridTimestamp(milliseconds: 1), seen: SeenContext(through: seen, also: also),
                key: key, value: .flag(true)))
        return LogEntry(sequence: sequence, received: WallTime(milliseconds: 5), change: change)
    }

    @Test("leaves entries that land in their old places as they were")
    func exact() throws {
        var placement = RestorePlacement(common: 4, head: 4)
        let offered = [try entry(5, seen: 3), try entry(6, seen: 2, also: [4, 5])]
        #expect(placement.append(offered[0], saw: []) == offered[0])
        #expect(placement.append(offered[1], saw: [5]) == offered[1])
        #expect(placement.identityThrough == 6 && placement.head == 6)
    }

    @Test("rebases what an entry had seen once history has moved")
    func moved() throws {
        var placement = RestorePlacement(common: 4, head: 7)
        let first = placement.append(try entry(5, seen: 4), saw: [])
        #expect(first.sequence == 8 && first.change.seen == SeenContext(through: 4))
        let second = placement.append(try entry(6, seen: 5), saw: [8])
        #expect(second.sequence == 9 && second.change.seen == SeenContext(through: 4, also: [8]))
        #expect(placement.identityThrough == 4)
        #expect(second.received == WallTime(milliseconds: 5))
    }

    @Test("goes on from entries that are there already, as long as they are the same")
    func keeps() throws {
        var placement = RestorePlacement(common: 4, head: 6)
        let same = try entry(5, seen: 4)
        #expect(placement.keep(same, as: same) == 5)
        #expect(placement.identityThrough == 5)
        let offered = try entry(6, seen: 5)
        #expect(placement.keep(offered, as: try entry(6, seen: 4)) == 6)
        #expect(placement.identityThrough == 5)
    }

    @Test("never says that histories are one across a hole")
    func hole() throws {
        var placement = RestorePlacement(common: 4, head: 5)
        _ = placement.append(try entry(6, seen: 4), saw: [])
        #expect(placement.head == 6 && placement.identityThrough == 4)
    }

    @Test("keeps the newest of too many single sequences")
    func bounded() throws {
        var placement = RestorePlacement(common: 0, head: 1_000)
        let placed = placement.append(try entry(1, seen: 0), saw: Array(1...1_000))
        #expect(placed.change.seen.also == Array(UInt64(1_000 - RestorePlacement.maximumAlso + 1)...1_000))
    }
}
