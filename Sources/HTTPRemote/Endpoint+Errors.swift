import SyncCore
import SyncPorts
import SyncProtocol

// What a failed request means for a replica.
extension Endpoint {
    static func remoteError(_ error: TransportError) -> RemoteError {
        let kept = "your changes are kept; sync again when it can be reached"
        switch error.code {
        case .unreachable, .unresolvedHost: return RemoteError(.offline, error.detail, remedy: kept)
        case .timedOut: return RemoteError(.offline, error.detail, remedy: kept)
        case .insecure:
            return RemoteError(.notARemote, error.detail, remedy: "check the address and this machine's date")
        case .brokenAnswer:
            return RemoteError(.brokenAnswer, error.detail, remedy: "your changes are kept; sync again")
        case .tooLarge, .tooManyRedirects, .invalidURL:
            return RemoteError(.notARemote, error.detail, remedy: "check the server's address")
        case .unavailable, .refusedAddress: return RemoteError(.refused, error.detail)
        case .cancelled: return RemoteError(.cancelled, "the sync was stopped", remedy: "sync again to go on")
        }
    }

    static func remoteError(_ response: HTTPResponse, base: String) -> RemoteError {
        let problem = try? WireCodec.decode(Problem.self, from: response.body)
        let retryAfter = response.header("Retry-After").flatMap { Int($0) }.map {
            Duration.seconds(min(max($0, 0), 86_400))
        }
        guard let code = problem?.code, let detail = problem?.detail else {
            return unexplained(response.status, base: base, retryAfter: retryAfter)
        }
        switch code {
        case .unauthorized:
            return RemoteError(
                .unauthorized, detail, remedy: "run 'reader-sync login' with a token from the server's operator")
        case .prefixMismatch: return RemoteError(.prefixMismatch, detail)
        case .replicaForked, .numberGap: return RemoteError(.replicaForked, detail)
        case .catalogChanged: return RemoteError(.catalogChanged, detail)
        case .cursorExpired: return RemoteError(.cursorExpired, detail)
        case .versionMismatch:
            return RemoteError(.versionMismatch, detail, remedy: "update the older of client and server")
        case .busy, .failed: return busy(detail, retryAfter)
        case .notFound, .methodNotAllowed:
            return RemoteError(.notARemote, detail, remedy: "check the server's address with 'reader-sync login'")
        case .malformed, .tooLarge, .unsupportedMedia, .overLimit:
            return RemoteError(.refused, detail, remedy: "your changes are kept; update reader-sync")
        }
    }

    private static func busy(_ detail: String, _ retryAfter: Duration?) -> RemoteError {
        let wait = retryAfter.map { "in \($0.components.seconds) s" } ?? "later"
        return RemoteError(
            .busy, detail, remedy: "your changes are kept; sync again \(wait)", retryAfter: retryAfter)
    }

    private static func unexplained(_ status: Int, base: String, retryAfter: Duration?) -> RemoteError {
        switch status {
        case 401, 403:
            RemoteError(
                .unauthorized, "\(base) does not accept the token",
                remedy: "run 'reader-sync login' with a token from the server's operator")
        // What is not implemented will not be later (RFC 9110 §15.6.2).
        case 408, 429, 500, 502...599: busy("\(base) cannot serve now (HTTP \(status))", retryAfter)
        case 300...399:
            RemoteError(
                .notARemote, "\(base) sends requests elsewhere (HTTP \(status))",
                remedy: "log in with the address it leads to")
        default:
            RemoteError(
                .notARemote, "\(base) is not a reader-sync server (HTTP \(status))",
                remedy: "check the address with 'reader-sync login'")
        }
    }
}
