import CCurlShim
import Synchronization
public import SyncPorts

/// HTTP over libcurl: one background thread drives all requests and keeps their connections open in between.
///
/// Making one costs nothing; libcurl is loaded and the thread started by the first ``send(_:)``. Any number of
/// calls may run at once, those above ``Configuration/maximumConnections`` wait their turn within their own
/// deadline. Letting go of the last reference ends the thread and closes the connections.
///
/// - Important: When a kept connection turns out closed before any byte of the answer, libcurl sends the request
///   again on a new one, a `POST` as well: what it asks for must be safe to ask twice.
public final class CurlTransport: HTTPTransport {
    private let configuration: Configuration
    private let loop = Mutex<TransferLoop?>(nil)

    /// Makes a transport; neither libcurl nor the network is touched yet.
    public init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    deinit {
        loop.withLock { $0 }?.stop()
    }

    /// Sends `request` and follows as many redirects as it allows.
    ///
    /// Only `http` and `https` are followed. `Authorization`, `Cookie` and `Proxy-Authorization` stay behind when a
    /// redirect leaves the origin (scheme, host or port). 303 turns the request into a `GET`, as do 301 and 302 for
    /// a `POST` (RFC 9110 §15.4). `Content-Length`, `Transfer-Encoding` and `Expect` of the request are this
    /// transport's own and dropped. ``HTTPResponse/effectiveURL`` holds neither credentials nor fragment.
    ///
    /// - Throws: ``TransportError``; ``TransportError/Code/invalidURL`` also when a header field or the method cannot
    ///   be sent, ``TransportError/Code/tooLarge`` also when the header section passes
    ///   ``Configuration/maximumHeaderBytes``.
    public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        try await follow(request, receiver: nil)
    }

    private func follow(
        _ request: HTTPRequest, receiver: (any BodyReceiver)?
    ) async throws(TransportError) -> HTTPResponse {
        guard !Task.isCancelled else { throw .cancelled() }
        let loop = try runningLoop()
        var hop = try Hop(request, userAgent: configuration.userAgent, receiver: receiver)
        var redirectsLeft = max(0, request.maximumRedirects)
        while true {
            let answer = try await loop.run(hop).get()
            guard hop.followsRedirects, let location = answer.redirectTarget else {
                return HTTPResponse(
                    status: answer.status, headers: answer.fields, body: answer.body,
                    effectiveURL: hop.url.withoutCredentials)
            }
            guard redirectsLeft > 0 else {
                throw .tooManyRedirects(from: hop, limit: request.maximumRedirects)
            }
            redirectsLeft -= 1
            hop = try hop.redirected(status: answer.status, to: location)
        }
    }

    /// Has libcurl and what it needs loaded by a thread of its own: that takes some milliseconds, which the first
    /// ``send(_:)`` need not wait for if somebody has something else to do meanwhile. What goes wrong is told there.
    public static func prepare() {
        TransferLoop.startThread { _ in
            _ = ccurl_load()
            return nil
        }
    }

    private func runningLoop() throws(TransportError) -> TransferLoop {
        let configuration = configuration
        return try loop.withLock { (loop) throws(TransportError) -> TransferLoop in
            if let running = loop, !running.isClosed { return running }
            if let reason = ccurl_load() { throw TransportError(.unavailable, String(cString: reason)) }
            loop.take()?.stop()
            let started = try TransferLoop.start(configuration)
            loop = started
            return started
        }
    }
}

extension CurlTransport: DownloadTransport {
    /// Sends `request` as ``send(_:)`` does. The limit on the body holds for what the receiver takes.
    public func download(
        _ request: HTTPRequest, to receiver: any BodyReceiver
    ) async throws(TransportError) -> HTTPResponse {
        try await follow(request, receiver: receiver)
    }
}
