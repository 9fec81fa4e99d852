public import struct FoundationEssentials.Data
import SyncProtocol

/// A request, free of the HTTP library that received it.
public struct ServerRequest: Sendable, Hashable {
    /// The method in capitals.
    public var method: String
    /// The path, percent-encoded as it came, without the query.
    public var path: String
    /// The query without its question mark; empty if there is none.
    public var query: String
    /// Header fields, by names in lower case.
    public var headers: [String: String]
    /// The body, at most ``Limits/requestBytes``.
    public var body: Data

    /// Makes a request.
    public init(
        method: String, path: String, query: String = "", headers: [String: String] = [:], body: Data = Data()
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The value of a parameter of the query, as it came; parameters of this protocol need no percent-encoding.
    func parameter(_ name: String) -> String? {
        for part in query.split(separator: "&") where part.hasPrefix(name + "=") {
            return String(part.dropFirst(name.count + 1))
        }
        return nil
    }
}

/// An answer, free of the HTTP library that sends it.
public struct ServerResponse: Sendable, Hashable {
    /// The status.
    public var status: Int
    /// Header fields by names in lower case; each at most once.
    public var headers: [String: String]
    /// The body, encoded as `content-encoding` says.
    public var body: Data

    /// Makes an answer.
    public init(status: Int = 200, headers: [String: String] = [:], body: Data = Data()) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer that carries a message.
    static func json(_ message: some JSONWritable) throws(WireError) -> ServerResponse {
        ServerResponse(
            headers: ["content-type": Route.json, "cache-control": "no-store"],
            body: try WireCodec.encode(message))
    }

    /// The answer for a problem.
    public init(_ problem: Problem) {
        self.init(
            status: problem.status,
            headers: ["content-type": Route.problem, "cache-control": "no-store"],
            body: (try? WireCodec.encode(problem)) ?? Data())
        switch problem.code {
        case .unauthorized: headers["www-authenticate"] = "Bearer"
        case .busy: headers["retry-after"] = "2"
        default: break
        }
    }
}
