import SQLiteReplica
import SyncCore
import SyncEngine
import SyncSession

// What must hold when faults stop: everybody comes to rest, and everything is checked.
extension World {
    /// Most syncs that each device may need to come to rest.
    private static let patience = 12
    /// Most events of one sync of all devices.
    private static let eventLimit = 200_000

    /// Heals everything, lets everybody sync until nothing is left to do, and checks all promises.
    func beQuiet() {
        heal()
        // What is under way ends first.
        if !loop.settle(limit: Self.eventLimit) { return report(.progress, "the world does not come to rest") }
        guard violation == nil else { return }
        do {
            for device in devices where device.clock === server.clock { device.clock.frozen = nil }
            try comeToRest()
            if violation == nil { try checkPromises() }
        } catch {
            report(.error, "in a quiet period: \(error)")
        }
        trace.note(.check, UInt64(counts.calls), text: violation.map { "\($0)" } ?? "all promises hold")
        isQuiet = false
        backups.devices = backups.devices.filter { $0.key < devices.count }
    }

    private func comeToRest() throws {
        var last: [String] = []
        var restless = devices
        for _ in 0..<Self.patience {
            for device in dice.shuffled(restless) {
                // Its reader is told so, and gets a new token. A server that was put back does not know the newest.
                if device.isRevoked || device.isTurnedAway { try logIn(device) }
                device.startSync(in: self)
                // Some at once, some one after the other.
                guard dice.chance(600) else { continue }
                if !loop.settle(limit: Self.eventLimit) { return report(.progress, "a sync does not end") }
            }
            if !loop.settle(limit: Self.eventLimit) { return report(.progress, "syncs do not end") }
            refreshMirrors()
            (last, restless) = ([], [])
            for device in devices {
                if let problem = try unrest(of: device) {
                    last.append("device \(device.index) \(problem)")
                    restless.append(device)
                }
            }
            if last.isEmpty || violation != nil { return }
        }
        report(.progress, "after \(Self.patience) syncs each: \(last.prefix(3).joined(separator: "; "))")
    }

    /// What a device still has to do; `nil` if nothing.
    private func unrest(of device: SimulatedDevice) throws -> String? {
        guard let replica = device.replica else { return "is off" }
        switch device.lastSync {
        case .failure(let error): return "failed: \(error)"
        case .success(let report): if let failure = report.failure { return "failed: \(failure)" }
        case nil: return "did not sync"
        }
        let state = try replica.syncState()
        let pending = try replica.pendingCount()
        if pending > 0 { return "has \(pending) changes pending" }
        let head = mirrors[device.reader].head
        if state.cursor.sequence != head { return "stands at \(state.cursor.sequence) of \(head)" }
        return nil
    }
}
