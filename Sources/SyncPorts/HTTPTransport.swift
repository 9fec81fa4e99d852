public import struct FoundationEssentials.Data

/// Sends one HTTP request and gives back the whole answer: the only door to the network.
///
/// Implementations decompress the body, keep connections open between calls, may be called concurrently, and
/// stop within a second when the calling task is cancelled. They follow no redirect on their own unless the
/// request allows it, and hold every limit of the request themselves: the caller trusts the size it asked for.
public protocol HTTPTransport: Sendable {
    /// Sends `request`. Any HTTP status is an answer, not an error.
    ///
    /// - Throws: ``TransportError`` when no complete answer arrived.
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse
}

/// One request, with the limits its answer must keep.
public struct HTTPRequest: Sendable, Equatable {
    /// The request method in capitals, `GET` or `POST`.
    public var method: String
    /// An absolute `http` or `https` URL.
    public var url: String
    /// Header fields in the order they are sent. Names compare without regard to case (RFC 9110 §5.1).
    public var headers: [HTTPHeader]
    /// The body, already encoded; `nil` sends none.
    public var body: Data?
    /// Whether the body may be sent as gzip (RFC 9110 §8.4): the caller knows that the server takes that.
    public var packsBody = false
    /// Most bytes of body the caller takes, counted after decompression.
    public var maximumBodyBytes: Int
    /// Most time from the call to the last byte of the answer, redirects included.
    public var deadline: Duration
    /// Most redirects followed; 0 hands 3xx answers to the caller.
    public var maximumRedirects: Int

    /// Makes a request; the limits default to 32 MiB, 60 s and no redirects.
    public init(
        method: String = "GET", url: String, headers: [HTTPHeader] = [], body: Data? = nil,
        maximumBodyBytes: Int = 32 << 20, deadline: Duration = .seconds(60), maximumRedirects: Int = 0
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.maximumBodyBytes = maximumBodyBytes
        self.deadline = deadline
        self.maximumRedirects = maximumRedirects
    }
}

/// One header field.
public struct HTTPHeader: Sendable, Hashable {
    /// The field name as sent.
    public var name: String
    /// The field value without surrounding blanks.
    public var value: String

    /// Makes a header field.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A complete answer.
public struct HTTPResponse: Sendable, Equatable {
    /// The status code, 100...599.
    public var status: Int
    /// Header fields of the last answer, in order.
    public var headers: [HTTPHeader]
    /// The body after decompression.
    public var body: Data
    /// The URL that answered, after redirects.
    public var effectiveURL: String

    /// Makes an answer.
    public init(status: Int, headers: [HTTPHeader], body: Data, effectiveURL: String) {
        self.status = status
        self.headers = headers
        self.body = body
        self.effectiveURL = effectiveURL
    }

    /// The first value of a header field, whatever the case of its name.
    public func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }
}

/// Why no complete answer arrived.
public struct TransportError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it was; decides whether trying again can help.
    public enum Code: String, Sendable, Equatable, CaseIterable {
        /// The URL is not one this transport can send to.
        case invalidURL
        /// The host's name has no address, or the resolver did not answer.
        case unresolvedHost
        /// Nothing listens there, or no way leads there.
        case unreachable
        /// The host's address is one that the transport was told not to connect to.
        case refusedAddress
        /// The deadline passed.
        case timedOut
        /// The TLS handshake failed, or the certificate is not valid for the host.
        case insecure
        /// The answer ended early or was not HTTP.
        case brokenAnswer
        /// The body is larger than the request allows.
        case tooLarge
        /// More redirects than the request allows.
        case tooManyRedirects
        /// The calling task was cancelled.
        case cancelled
        /// The transport itself cannot work, as when its library is missing.
        case unavailable
    }

    /// The kind of failure.
    public var code: Code
    /// What happened, in a sentence without the URL's credentials.
    public var detail: String

    /// Makes an error.
    public init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// The detail.
    public var description: String { detail }
}
