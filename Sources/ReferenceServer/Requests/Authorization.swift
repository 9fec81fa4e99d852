import SyncCore
import SyncProtocol

extension ServerView {
    /// The device that a request speaks for.
    ///
    /// The token is compared by looking up its hash: how long that takes says nothing about the token itself.
    func authorize(_ request: ServerRequest) throws -> Device {
        let value = request.headers["authorization"] ?? ""
        let scheme = "bearer "
        guard value.utf8.count > scheme.utf8.count, value.lowercased().hasPrefix(scheme) else {
            throw Problem(.unauthorized, "send a device's token: Authorization: Bearer TOKEN")
        }
        let token = value.dropFirst(scheme.count)
        guard token.utf8.count <= Limits.tokenBytes,
            let device = try device(tokenHash: SHA256.hash(Array(token.utf8)))
        else { throw Problem(.unauthorized, "the token is not known here, or was revoked") }
        return device
    }
}

extension Device {
    /// How often a device's row is written just to note that it was seen, in milliseconds.
    private static let touchInterval: Int64 = 3_600_000

    /// Whether it is time to note that the device was seen.
    func isDue(at now: WallTime) -> Bool {
        guard let lastUsed else { return true }
        return lastUsed.advanced(by: Self.touchInterval) < now
    }
}
