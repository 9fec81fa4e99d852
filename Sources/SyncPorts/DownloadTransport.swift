/// Sends requests whose answers are worth having in part, or too large to be held in memory.
public protocol DownloadTransport: HTTPTransport {
    /// Sends `request` as ``HTTPTransport/send(_:)`` does, and hands the body to `receiver` as it comes.
    ///
    /// - Returns: the answer without its body; also if the receiver wanted no more of it.
    /// - Throws: ``TransportError`` when no complete answer arrived. What the receiver had taken until then was taken.
    func download(_ request: HTTPRequest, to receiver: any BodyReceiver) async throws(TransportError) -> HTTPResponse
}

/// Takes the body of one answer. Called by the transport's own thread, one call at a time, which must not wait for the
/// network or for other threads.
public protocol BodyReceiver: Sendable {
    /// Takes the head of the final answer, before any body; called once.
    ///
    /// - Returns: whether the body is wanted.
    func begin(_ head: HTTPResponse) -> Bool

    /// Takes the next bytes of the body, after decompression.
    ///
    /// - Returns: whether more is wanted.
    func take(_ bytes: UnsafeRawBufferPointer) -> Bool
}
