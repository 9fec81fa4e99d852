public import SyncPorts
import Synchronization

/// A transport that answers as it is told, one answer a request.
public final class ScriptedTransport: HTTPTransport {
    private struct State {
        var answers: [Result<HTTPResponse, TransportError>]
        var requests: [HTTPRequest] = []
    }

    private let state: Mutex<State>

    /// Answers with these, in order; after the last with ``TransportError/Code/unreachable``.
    public init(_ answers: [Result<HTTPResponse, TransportError>]) {
        state = Mutex(State(answers: answers))
    }

    /// What was sent.
    public var requests: [HTTPRequest] { state.withLock { $0.requests } }

    /// Gives the next answer.
    public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let answer = state.withLock { state -> Result<HTTPResponse, TransportError> in
            state.requests.append(request)
            guard !state.answers.isEmpty else { return .failure(TransportError(.unreachable, "nobody is there")) }
            return state.answers.removeFirst()
        }
        return try answer.get()
    }
}
