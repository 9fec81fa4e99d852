import Gzip
import SyncPorts

extension HTTPRequest {
    /// Smaller bodies fit in one packet with their head anyway.
    private static let worthPacking = 1_024
    /// zlib's own choice: requests are small, and a phone's way up is slower than its processor.
    private static let level = 6

    /// The request with its body as gzip, if that is wanted and worth it.
    func packed() -> HTTPRequest {
        guard packsBody, let body, body.count >= Self.worthPacking,
            let packed = Gzip.packed(body, level: Self.level)
        else { return self }
        var request = self
        request.body = packed
        request.headers.append(HTTPHeader("Content-Encoding", "gzip"))
        return request
    }
}
