import SyncCore
import SyncProtocol

extension ReferenceServer {
    /// `GET /v1/watch?after=&wait=`: answers once a sync may bring something that it could not when `after` was given, or
    /// when the time is up, then with the same token.
    func watch(_ request: ServerRequest) async throws -> ServerResponse {
        guard let room else { throw Problem(.notFound, "nobody may wait for news here") }
        let after = request.parameter("after")
        guard (after?.utf8.count ?? 0) <= Limits.watchTokenBytes else {
            throw Problem(.malformed, "after: not a token that this path gave")
        }
        let seconds = try Self.waitSeconds(request)
        let (device, token) = try await store.read { view in
            let device = try view.authorize(request)
            return (device, try view.watchToken(of: device.reader, catalog: view.catalogDigest()))
        }
        guard let after, after == token, seconds > 0 else {
            return try ServerResponse.json(WatchResponse(token: token))
        }
        guard let news = await room.wait(for: device.reader, token: token, atMost: .seconds(seconds)) else {
            throw Problem(.busy, "too many requests wait here already; ask again later")
        }
        return try ServerResponse.json(WatchResponse(token: news))
    }

    private static func waitSeconds(_ request: ServerRequest) throws -> Int {
        guard let text = request.parameter("wait") else { return Limits.watchSeconds }
        guard let seconds = Int(text), seconds >= 0 else { throw Problem(.malformed, "wait: a number of seconds") }
        return min(seconds, Limits.watchSeconds)
    }
}
