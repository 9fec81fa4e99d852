import Gzip
import SyncProtocol

/// Compresses answers for those who take it (RFC 9110 §12.5.3), and unpacks requests. gzip alone: it is what every client
/// can read.
enum Compression {
    /// Answers below this many bytes fit in one packet anyway.
    static let threshold = 1_024
    /// zlib's fastest level: the network here is seldom slower than it.
    private static let level = 1

    /// The answer as it goes out to who sent `accept`. An `ETag` gets a mark of its own, since the bytes differ.
    static func applied(to response: ServerResponse, accept: String?) -> ServerResponse {
        guard response.body.count >= threshold else { return response }
        var response = response
        response.headers["vary"] = "accept-encoding"
        guard let accept, accepts(accept), let packed = Gzip.packed(response.body, level: level) else {
            return response
        }
        response.body = packed
        response.headers["content-encoding"] = "gzip"
        if let tag = response.headers["etag"], tag.hasSuffix("\"") {
            response.headers["etag"] = tag.dropLast() + "-gzip\""
        }
        return response
    }

    /// Whether an `Accept-Encoding` field lets gzip through: named with a weight above 0, or by `*` if not named.
    static func accepts(_ field: String) -> Bool {
        var byName: Bool?
        var byStar = false
        for part in field.lowercased().split(separator: ",") {
            let pieces = part.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            guard let coding = pieces.first else { continue }
            let isWanted = !pieces.dropFirst().contains { $0.hasPrefix("q=") && isZero($0.dropFirst(2)) }
            if coding == "gzip" || coding == "x-gzip" { byName = isWanted }
            if coding == "*" { byStar = isWanted }
        }
        return byName ?? byStar
    }

    private static func isZero(_ weight: Substring) -> Bool {
        weight.first == "0" && weight.allSatisfy { $0 == "0" || $0 == "." }
    }

    /// A request as it was before its body was packed, by gzip if at all.
    static func undone(in request: ServerRequest) throws -> ServerRequest {
        guard let coding = request.headers["content-encoding"]?.lowercased(), coding != "identity" else {
            return request
        }
        guard coding == "gzip" || coding == "x-gzip" else {
            throw Problem(.unsupportedMedia, "send the body plain or as gzip")
        }
        var request = request
        request.headers["content-encoding"] = nil
        do throws(Gzip.Failure) {
            request.body = try Gzip.unpacked(request.body, limit: Limits.requestBytes)
        } catch {
            switch error {
            case .damaged: throw Problem(.malformed, "the body is not what gzip makes")
            case .tooLarge: throw Problem(.tooLarge, "a request has at most \(Limits.requestBytes) bytes unpacked")
            }
        }
        return request
    }
}
