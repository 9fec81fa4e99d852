import SyncPorts

import struct FoundationEssentials.Data

/// One request on the wire: what ``HTTPRequest`` asks for, or what a redirect made of it.
struct Hop: Sendable {
    private(set) var method: String
    private(set) var url: RequestURL
    private(set) var headers: [HTTPHeader]
    private(set) var body: Data?
    let maximumBodyBytes: Int
    /// When the whole request must be done, redirects included.
    let deadline: ContinuousClock.Instant
    /// The time the caller gave, for messages.
    let allowance: Duration
    let followsRedirects: Bool
    /// Takes the body of the final answer; `nil`: it is collected.
    let receiver: (any BodyReceiver)?

    init(
        _ request: HTTPRequest, userAgent: String, receiver: (any BodyReceiver)? = nil
    ) throws(TransportError) {
        let request = request.packed()
        guard Self.isToken(request.method) else {
            throw TransportError(.invalidURL, "the request's method is not a word of ASCII letters")
        }
        var fields = request.headers.filter { !Self.framing.contains($0.name.lowercased()) }
        if !fields.contains(where: { $0.name.lowercased() == "user-agent" }) {
            fields.append(HTTPHeader("User-Agent", userAgent))
        }
        for field in fields { try Self.check(field) }
        method = request.method
        url = try RequestURL(request.url)
        headers = fields
        body = request.body
        maximumBodyBytes = max(0, request.maximumBodyBytes)
        // Longer than a week is forever, and adding it to a clock must not overflow.
        allowance = min(max(request.deadline, .zero), .seconds(7 * 86_400))
        deadline = ContinuousClock.now + allowance
        followsRedirects = request.maximumRedirects > 0
        self.receiver = receiver
    }

    /// The request a redirect asks for.
    func redirected(status: Int, to location: String) throws(TransportError) -> Hop {
        var next = self
        next.url = try url.resolving(location: location)
        let becomesGET =
            (status == 303 && method != "GET" && method != "HEAD")
            || ((301...302).contains(status) && method == "POST")
        if becomesGET {
            next.method = "GET"
            next.body = nil
            next.headers.removeAll { $0.name.lowercased().hasPrefix("content-") }
        }
        if !next.url.hasSameOrigin(as: url) {
            next.headers.removeAll { Self.secret.contains($0.name.lowercased()) }
            // What stands before the @ of a foreign Location is the foreign server's, not the caller's.
            next.url = try RequestURL(next.url.withoutCredentials)
        }
        return next
    }

    private static let framing: Set<String> = ["content-length", "transfer-encoding", "expect"]
    private static let secret: Set<String> = ["authorization", "cookie", "proxy-authorization", "host"]

    /// Refuses what would let a value write header lines of its own.
    private static func check(_ field: HTTPHeader) throws(TransportError) {
        guard isToken(field.name) else {
            throw TransportError(.invalidURL, "a header field's name is not a token (RFC 9110 §5.6.2)")
        }
        guard !field.value.utf8.contains(where: { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7f }) else {
            throw TransportError(.invalidURL, "the header field \(field.name) holds a control character")
        }
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
