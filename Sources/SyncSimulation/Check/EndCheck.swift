import ReferenceServer
import SQLiteReplica
import SyncCore
import SyncSession
import SyncTestKit

// What must hold at the very end, when all logs are compacted.
extension World {
    /// The server fails in no way that was not asked for.
    func checkServer() {
        if let failure = server.failures.first { report(.error, "the server: \(failure)") }
    }

    /// Compacts everything: what is left is bounded by what there is to say, and a new device that comes by snapshot
    /// shows what all others show.
    func checkEnd() {
        isQuiet = true
        do {
            try compactAll()
            guard violation == nil else { return }
            for reader in 0..<scenario.readers {
                guard let first = devices(of: reader).first else { continue }
                let fresh = ReplicaID(rawValue: 0x9000 + UInt64(reader))
                let device = try SimulatedDevice(
                    index: devices.count, reader: reader, disk: nursery.replicaDisk(fresh), clock: SimulatedClock(loop),
                    token: first.token, name: first.name)
                add(device)
                for one in [device, first] { one.startSync(in: self) }
                if !loop.settle(limit: 200_000) { return report(.progress, "a new device's sync does not end") }
                if case .success(let report) = device.lastSync, let failure = report.failure {
                    return self.report(.progress, "a new device cannot sync: \(failure)")
                }
                let states = try [first, device].compactMap { try $0.replica?.exportState() }
                if states.count != 2 || states[0] != states[1] {
                    report(.convergence, "a new device of reader \(reader) differs from device \(first.index)")
                }
            }
        } catch {
            report(.error, "at the end: \(error)")
        }
    }

    private func compactAll() throws {
        guard let store = server.store else { return report(.error, "the server is off at the end") }
        refreshMirrors()
        _ = try store.compact(keeping: .zero, now: server.clock.now().advanced(by: 365 * 86_400_000))
        for reader in 0..<scenario.readers {
            let log = try store.log(of: Nursery.name(reader), after: 0)
            if log.floor != log.head || !log.entries.isEmpty {
                report(.bounded, "reader \(reader): \(log.entries.count) entries are left of \(log.head)")
            }
            if log.overtaken > 0 {
                report(
                    .bounded, "reader \(reader): \(log.overtaken) overtaken versions are left of \(log.head) entries")
            }
            let fields = Set(mirrors[reader].entries.map(\.change.key)).count
            let authors = Set(mirrors[reader].entries.map(\.change.id.replica)).count
            if log.versions > fields * max(1, authors) {
                report(.bounded, "reader \(reader): \(log.versions) versions of \(fields) fields")
            }
        }
    }

    /// Ends everything, so that nothing is held any more.
    func end() {
        isQuiet = true
        for device in devices { device.stop() }
        _ = loop.settle(limit: 100_000)
        server.stop()
        network.serve = { _ in nil }
    }
}
