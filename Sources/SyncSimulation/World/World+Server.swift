import ReferenceServer
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

    /// Some devices meet the server that was put back while everything may still go wrong: mostly those that synced last,
    /// who may be alone with what they sent.
    func mendSoon() {
        guard restoreAgainRate > 0 else { return }
        for reader in 0..<scenario.readers {
            let all = devices(of: reader)
            let last = mendingDice.chance(600) ? all.first { $0.index == lastToSync[reader] } : nil
            guard let device = last ?? mendingDice.pick(all), mendingDice.chance(600) else { continue }
            loop.after(Int64(mendingDice.below(3_000))) { [self] in
                if !isQuiet { device.startSync(in: self) }
            }
        }
    }
}
