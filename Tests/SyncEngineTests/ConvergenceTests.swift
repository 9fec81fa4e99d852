import Foundation
import SQLiteReplica
import SyncCore
import SyncSession
import SyncTestKit
import Testing

@Suite("Replicas that were apart")
struct ConvergenceTests {
    /// Seeds of one run; `CONVERGENCE_SEEDS` asks for another number.
    static let seeds = 0..<(ProcessInfo.processInfo.environment["CONVERGENCE_SEEDS"].flatMap { UInt64($0) } ?? 200)

    @Test("hold equal state, byte for byte, after 1,000 random changes each and two syncs each", arguments: seeds)
    func thousandChanges(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let remote = ModelRemote()
        let scratch = try Scratch()
        // Clocks that are years apart must not matter.
        let skewed = ManualClock(
            WallTime(milliseconds: 1_764_000_000_000 + Int64.random(in: -9...9, using: &random) * 31_536_000_000))
        let devices = [
            try Device(1, remote: remote, scratch: scratch),
            try Device(2, remote: remote, clock: skewed, scratch: scratch),
        ]
        for device in devices {
            var left = 1_000
            while left > 0 {
                let count = min(left, Int.random(in: 1...60, using: &random))
                try device.mark(randomEdits(count, using: &random))
                left -= count
            }
        }
        for _ in 0..<2 {
            for device in devices.shuffled(using: &random) {
                let report = try await device.sync()
                #expect(report.failure == nil)
            }
        }
        let states = try devices.map { try $0.state }
        #expect(states[0] == states[1])
        #expect(states[0].utf8.count > 1_000)
        for device in devices { #expect(try device.replica.pendingCount() == 0) }
    }

    @Test("and went on marking between syncs are equal once all is quiet", arguments: 0..<20 as Range<UInt64>)
    func interleaved(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let remote = ModelRemote()
        let scratch = try Scratch()
        let devices = try (1...3).map { try Device($0, remote: remote, scratch: scratch) }
        for _ in 0..<30 {
            let device = try #require(devices.randomElement(using: &random))
            try device.mark(randomEdits(Int.random(in: 1...20, using: &random), using: &random))
            if Bool.random(using: &random) { try await device.sync() }
        }
        for _ in 0..<2 { for device in devices { try await device.sync() } }
        let states = try Set(devices.map { try $0.state })
        #expect(states.count == 1)
    }
}
