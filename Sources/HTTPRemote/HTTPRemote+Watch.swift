public import SyncCore
public import SyncPorts
import SyncProtocol

extension HTTPRemote: NewsSource {
    /// How much longer than the server waits the answer may take.
    private static let slack = Duration.seconds(15)

    /// See ``SyncPorts/NewsSource``. Older servers let nobody wait.
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
