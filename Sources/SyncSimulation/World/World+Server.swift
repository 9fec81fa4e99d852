import ReferenceServer
import SyncProtocol

// What stands between the network and the server, and what happens to it over a request.
extension World {
    /// Requests by which a device mends what a server that was put back lost.
    private static let mending: Set<String> = [Route.common, Route.restore, Route.snapshot]

    /// The answer to a request; `nil` if the server is down, or goes down over it.
    func respond(to request: ServerRequest) async -> ServerResponse? {
        let response = await server.respond(to: isQuiet ? request : deployment.read(request))
        if response?.status == 200, Self.mending.contains(request.path) { perhapsRestoreAgain() }
        return response
    }

    /// Perhaps the server is put back once more before a device's next request, which builds on the answer to this one.
    private func perhapsRestoreAgain() {
        guard restoreAgainRate > 0, !isQuiet, backups.server != nil, mendingDice.chance(restoreAgainRate) else { return }
        loop.after(Int64(mendingDice.below(10))) { [self] in
            if !isQuiet { restoreServer() }
        }
    }

    /// Some devices meet the server that was put back while everything may still go wrong.
    func mendSoon() {
        guard restoreAgainRate > 0 else { return }
        for reader in 0..<scenario.readers {
            guard let device = mendingDice.pick(devices(of: reader)), mendingDice.chance(600) else { continue }
            loop.after(Int64(mendingDice.below(3_000))) { [self] in
                if !isQuiet { device.startSync(in: self) }
            }
        }
    }
}
