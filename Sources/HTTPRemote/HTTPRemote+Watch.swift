public import SyncCore
import SyncPorts
import SyncProtocol

extension HTTPRemote {
    /// How much longer than the server waits the answer may take.
    private static let slack = Duration.seconds(15)

    /// Waits until a sync may bring something that it could not when `token` was given, or until the server has waited long
    /// enough, which gives the same token.
    ///
    /// - Parameter token: what an earlier call gave; `nil`: does not wait.
    /// - Returns: the token now; `nil` if the server lets nobody wait, as older ones.
    public func watch(after token: String?) async throws(RemoteError) -> String? {
        let query = token.map { "?after=" + Endpoint.escaped($0) } ?? ""
        do throws(RemoteError) {
            let response = try await endpoint.get(
                Route.watch + query, within: .seconds(Limits.watchSeconds) + Self.slack, as: WatchResponse.self)
            guard (1...Limits.watchTokenBytes).contains(response.token.utf8.count) else {
                throw RemoteError(.brokenAnswer, "the server gives a token that is none", remedy: "update reader-sync")
            }
            return response.token
        } catch {
            guard error.code == .notARemote else { throw error }
            return nil
        }
    }
}
