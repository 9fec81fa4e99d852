import ReferenceServer
import SQLiteReplica
import SyncCore
import SyncProtocol

// What stands between the network and the server, and what happens to it over a request.
extension World {
    /// The answer to a request; `nil` if the server is down, or goes down over it.
    func respond(to request: ServerRequest) async -> ServerResponse? {
        let response = await server.respond(to: isQuiet ? request : deployment.read(request))
        if response?.status == 200 { perhapsRestoreAgain(after: request.path) }
        return response
    }

    /// Perhaps the server is put back once more before a device's next request, which builds on the answer to this one.
    private func perhapsRestoreAgain(after path: String) {
        let rate =
            switch path {
            // What it has just been given back is lost again.
            case Route.restore: restoreAgainRate
            case Route.common, Route.snapshot: restoreAgainRate / 4
            default: 0
            }
        guard rate > 0, !isQuiet, backups.server != nil, mendingDice.chance(rate) else { return }
        loop.after(Int64(mendingDice.below(10))) { [self] in
            if !isQuiet { restoreServer() }
        }
    }

    /// Devices meet the server that was put back while everything may still go wrong: first one that has something new to
    /// say, so that the log does not become what it was, and then the one that synced last, and may be alone with what it
    /// sent: it has to take a snapshot.
    func mendSoon() {
        guard restoreAgainRate > 0, wasServerRestored else { return }
        for reader in 0..<scenario.readers where mendingDice.chance(700) {
            let all = devices(of: reader)
            guard let last = all.first(where: { $0.index == lastToSync[reader] }) ?? mendingDice.pick(all),
                let first = firstToMend(beside: last, all)
            else { continue }
            if let edit = contradiction(of: last) { record([edit], on: first) }
            let wait = mendingDice.within(0...1_000)
            for (device, wait) in [(first, wait), (last, wait + mendingDice.within(200...4_000))] {
                loop.after(Int64(wait)) { [self] in
                    guard !isQuiet else { return }
                    network.cutOff.remove(device.index)
                    device.startSync(in: self)
                }
            }
        }
    }

    /// Another device: often the one that heard least, which brings little back and speaks where others spoke before.
    private func firstToMend(beside last: SimulatedDevice, _ all: [SimulatedDevice]) -> SimulatedDevice? {
        let others = all.filter { $0 !== last }
        guard mendingDice.chance(600) else { return mendingDice.pick(others) }
        return others.min { ($0.journal.known.count, $0.index) < ($1.journal.known.count, $1.index) }
    }

    /// The contrary of something that a device said of late, or another word on a popular article.
    private func contradiction(of device: SimulatedDevice) -> Edit? {
        let article = Publisher.article(mendingDice.skewed(max(1, publisher.count)))
        let other = Edit.read(article, mendingDice.chance(750), by: .explicit)
        guard let replica = device.replica, device.isUp, !device.expectsFailures else { return other }
        do {
            let said = try replica.log(limit: 8).filter { $0.isMine && $0.change.key.field != .ageConfirmed }
            guard let change = mendingDice.pick(said)?.change else { return other }
            switch change.value {
            case .read(let isRead, _): return Edit(change.key, .read(!isRead, by: .explicit))
            case .flag(let isOn): return Edit(change.key, .flag(!isOn))
            case .progress(let points): return Edit(change.key, .progress(10_000 - points))
            default: return other
            }
        } catch {
            failed(device, "log", error)
            return other
        }
    }
}
