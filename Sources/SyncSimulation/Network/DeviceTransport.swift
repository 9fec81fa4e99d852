import SyncPorts

/// A device's way to the server: the transport that its ``HTTPRemote`` sends by.
struct DeviceTransport: HTTPTransport {
    let network: SimulatedNetwork
    /// The device's place in the world.
    let device: Int

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let call = PendingCall()
        let outcome = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                call.begin(continuation)
                network.send(request, from: device, call)
            }
        } onCancel: {
            call.end(.failure(TransportError(.cancelled, "the device stopped")))
        }
        return try outcome.get()
    }
}

/// A request whose answer is awaited; the first outcome counts, later ones find nobody.
///
/// `@unchecked Sendable`: see ``SimulatedLoop``; everything happens on the world's thread.
final class PendingCall: @unchecked Sendable {
    typealias Outcome = Result<HTTPResponse, TransportError>

    private var continuation: UnsafeContinuation<Outcome, Never>?
    private var outcome: Outcome?

    /// Whether somebody still waits.
    var isAwaited: Bool { outcome == nil }

    func begin(_ continuation: UnsafeContinuation<Outcome, Never>) {
        if let outcome { continuation.resume(returning: outcome) } else { self.continuation = continuation }
    }

    func end(_ outcome: Outcome) {
        guard self.outcome == nil else { return }
        self.outcome = outcome
        continuation?.resume(returning: outcome)
        continuation = nil
    }
}
