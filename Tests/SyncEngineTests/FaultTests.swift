import SQLiteReplica
import SyncCore
import SyncPorts
import SyncSession
import SyncTestKit
import Testing

@Suite("A sync that goes wrong")
struct FaultTests {
    @Test("with its answer lost after the server took the push repeats nothing and loses nothing")
    func lostAnswer() async throws {
        let remote = ModelRemote()
        let device = try Device(1, remote: remote)
        try device.mark([saved(1), saved(2)])
        remote.with { $0.afterExchange = { _, _ throws(RemoteError) in throw RemoteError(.offline, "lost") } }
        let broken = try await device.sync()
        #expect(broken.failure?.code == .offline)
        #expect(try device.replica.pendingCount() == 2)
        remote.with { $0.afterExchange = nil }
        #expect(try await device.sync().failure == nil)
        #expect(try device.replica.pendingCount() == 0)
        #expect(remote.with { $0.log.entries.count } == 2)
    }

    @Test("keeps a mark that was made while the request was on its way")
    func markedInFlight() async throws {
        let remote = ModelRemote()
        let device = try Device(1, remote: remote)
        try device.mark([saved(1)])
        let replica = device.replica
        remote.with {
            $0.beforeExchange = { content, _ throws(RemoteError) in
                content.beforeExchange = nil
                do {
                    _ = try replica.record([saved(1, false)], at: WallTime(milliseconds: 1_764_000_000_500))
                } catch {
                    throw RemoteError(.refused, "\(error)")
                }
            }
        }
        #expect(try await device.sync().failure == nil)
        // The older mark was acknowledged, the newer one went out after it, and won.
        #expect(try device.replica.pendingCount() == 0)
        #expect(remote.with { $0.log.entries.map(\.change.value) } == [.flag(true), .flag(false)])
        #expect(try device.replica.shown(saved(1).key) == .flag(false))
    }

    @Test("does not touch pending changes when the server refuses the token")
    func unauthorized() async throws {
        let remote = ModelRemote()
        let device = try Device(1, remote: remote)
        try device.mark([saved(1)])
        remote.with { $0.beforeExchange = { _, _ throws(RemoteError) in throw RemoteError(.unauthorized, "no") } }
        #expect(try await device.sync().failure?.code == .unauthorized)
        #expect(try device.replica.pendingCount() == 1)
        #expect(try device.replica.shown(saved(1).key) == .flag(true))
    }

    @Test("with a cursor below the floor takes a snapshot, and keeps what is pending")
    func expired() async throws {
        let remote = ModelRemote()
        let scratch = try Scratch()
        let first = try Device(1, remote: remote, scratch: scratch)
        let second = try Device(2, remote: remote, scratch: scratch)
        try first.mark([saved(1)])
        try await first.sync()
        try second.mark([saved(2)])
        for number in 3..<20 { try first.mark([saved(number)]) }
        try await first.sync()
        remote.with { $0.floor = 10 }
        let report = try await second.sync()
        #expect(report.repairs == [.snapshotTaken])
        try await first.sync()
        #expect(try first.state == second.state)
        #expect(try second.replica.shown(saved(19).key) == .flag(true))
    }
}

@Suite("A server restored from a backup")
struct RestoredServerTests {
    private func world() async throws -> (remote: ModelRemote, first: Device, second: Device, backup: ModelLog) {
        let remote = ModelRemote()
        let scratch = try Scratch()
        let (first, second) = (
            try Device(1, remote: remote, scratch: scratch), try Device(2, remote: remote, scratch: scratch)
        )
        try first.mark([saved(1), saved(2), note(1, "one\ntwo")])
        try await first.sync()
        try await second.sync()
        let backup = remote.with { $0.log }
        try first.mark([saved(1, false), note(1, "one\nTWO"), edit(weekly, .subscribed, .flag(true))])
        try await first.sync()
        try await second.sync()
        try second.mark([saved(3), edit(weekly, .subscribed, .flag(false)), note(1, "ONE\nTWO")])
        try await second.sync()
        try await first.sync()
        return (remote, first, second, backup)
    }

    @Test("gets back what it lost, from whichever device comes first, and its old prefix with it", arguments: [0, 1])
    func shorter(firstToCome: Int) async throws {
        let (remote, first, second, backup) = try await world()
        let (before, log) = (try first.state, remote.with { $0.log })
        #expect(try second.state == before)
        remote.with { $0.log = backup }
        let devices = firstToCome == 0 ? [first, second] : [second, first]
        let report = try await devices[0].sync()
        #expect(report.failure == nil)
        #expect(report.repairs == [.remoteRestored])
        #expect(remote.with { $0.log.head } == log.head)
        let other = try await devices[1].sync()
        #expect(other.repairs.isEmpty, "the log is whole again, so the other device notices nothing")
        #expect(try first.state == before)
        #expect(try second.state == before)
    }

    @Test("gets back what one device alone still has, when the author is gone")
    func authorGone() async throws {
        let (remote, first, second, backup) = try await world()
        let before = try first.state
        remote.with { $0.log = backup }
        // The second device made the last changes, and is never seen again.
        _ = second
        try await first.sync()
        let third = try Device(3, remote: remote, scratch: first.scratch)
        try await third.sync()
        #expect(try third.state == before)
    }

    @Test(
        "that grew past its old head is found by its prefix, and everything acknowledged is in its log again",
        arguments: [0, 1])
    func grown(firstToCome: Int) async throws {
        let (remote, first, second, backup) = try await world()
        let lost = remote.with { $0.log.entries.dropFirst(backup.entries.count).map(\.change.id) }
        remote.with { $0.log = backup }
        let third = try Device(3, remote: remote, scratch: first.scratch)
        for number in 100..<120 {
            try third.mark([saved(number), edit(weekly, .frequency, .frequency(try #require(Cadence("daily"))))])
        }
        try await third.sync()
        #expect(remote.with { $0.log.head.sequence } > UInt64(backup.entries.count + lost.count))
        let devices = firstToCome == 0 ? [first, second] : [second, first]
        #expect(try await devices[0].sync().repairs == [.remoteRestored])
        for _ in 0..<2 {
            for device in [devices[1], third, devices[0]] { #expect(try await device.sync().failure == nil) }
        }
        let ids = Set(remote.with { $0.log.entries.map(\.change.id) })
        #expect(ids.isSuperset(of: lost))
        let states = try Set([first, second, third].map { try $0.state })
        #expect(states.count == 1)
        // What came later in the lost history is still what counts: order was kept, not only content.
        #expect(try first.replica.shown(edit(weekly, .subscribed, .flag(true)).key) == .flag(false))
        #expect(try first.replica.shown(saved(1).key) == .flag(false))
        #expect(try first.replica.shown(note(1, "").key).map { "\($0)" }?.contains("ONE\\nTWO") == true)
    }

    @Test("keeps the causality of changes that were pending", arguments: [false, true])
    func pendingAcrossRestore(grown: Bool) async throws {
        let (remote, first, second, backup) = try await world()
        // Made with knowledge of the lost history: a later word on the same field.
        try second.mark([saved(1, true), edit(weekly, .subscribed, .flag(true))])
        remote.with { $0.log = backup }
        if grown {
            let third = try Device(3, remote: remote, scratch: first.scratch)
            for number in 100..<120 { try third.mark([saved(number)]) }
            try await third.sync()
        }
        for _ in 0..<2 { for device in [second, first] { #expect(try await device.sync().failure == nil) } }
        #expect(try first.state == second.state)
        #expect(try first.replica.shown(saved(1).key) == .flag(true))
        #expect(try first.replica.shown(edit(weekly, .subscribed, .flag(true)).key) == .flag(true))
    }

    @Test("that lost everything, generation included, gets it all back")
    func wiped() async throws {
        let (remote, first, second, _) = try await world()
        let before = try first.state
        remote.with { $0.log = ModelLog(epoch: 99) }
        for _ in 0..<2 { for device in [first, second] { #expect(try await device.sync().failure == nil) } }
        #expect(try first.state == before)
        #expect(try second.state == before)
    }
}

@Suite("A replica used on two machines")
struct ClonedReplicaTests {
    @Test("loses no mark of either, whatever both did since", arguments: 0..<10 as Range<UInt64>)
    func cloned(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let remote = ModelRemote()
        let original = try Device(1, remote: remote)
        try original.mark([saved(0)])
        try await original.sync()
        try original.mark([saved(1)])
        let clone = try original.cloned(as: "clone")
        let first = try original.reopened()
        var wanted: [Int] = [0, 1]
        for number in 10..<20 {
            let target = Bool.random(using: &random) ? first : clone.replica
            _ = try target.record([saved(number)], at: original.clock.now())
            wanted.append(number)
            if Int.random(in: 0..<4, using: &random) == 0 {
                #expect(try await original.sync(replica: target).failure == nil)
            }
        }
        for _ in 0..<2 {
            #expect(try await original.sync(replica: first).failure == nil)
            #expect(try await clone.sync().failure == nil)
        }
        #expect(try first.exportState() == clone.state)
        for number in wanted { #expect(try first.shown(saved(number).key) == .flag(true), "\(number)") }
        #expect(try first.syncState().replica != clone.replica.syncState().replica)
    }

    @Test("that was restored from an old image takes a new identity before it sends anything under a used number")
    func oldImage() async throws {
        let remote = ModelRemote()
        let device = try Device(1, remote: remote)
        try device.mark([saved(0)])
        try await device.sync()
        let image = try device.cloned(as: "image")
        let current = try device.reopened()
        _ = try current.record([saved(1), saved(2)], at: device.clock.now())
        try await device.sync(replica: current)
        let report = try await image.sync()
        #expect(report.repairs == [.identityRenewed])
        try image.mark([saved(3)])
        #expect(try await image.sync().failure == nil)
        for number in 0...3 { #expect(try image.replica.shown(saved(number).key) == .flag(true)) }
    }
}

@Suite("A change whose answer was lost")
struct SettledTests {
    @Test("is acknowledged even if a later change and a snapshot came in between")
    func behindSnapshot() async throws {
        let remote = ModelRemote()
        let scratch = try Scratch()
        let (first, second) = (
            try Device(1, remote: remote, scratch: scratch), try Device(2, remote: remote, scratch: scratch)
        )
        try first.mark([saved(1)])
        remote.with { $0.afterExchange = { _, _ throws(RemoteError) in throw RemoteError(.offline, "lost") } }
        try await first.sync()
        remote.with { $0.afterExchange = nil }
        try await second.sync()
        try second.mark([saved(1, false)])
        for number in 2..<9 { try second.mark([saved(number)]) }
        try await second.sync()
        remote.with { $0.floor = 5 }
        #expect(try await first.sync().failure == nil)
        #expect(try first.replica.pendingCount() == 0)
        #expect(try first.state == second.state)
        #expect(try first.replica.shown(saved(1).key) == .flag(false))
    }
}
