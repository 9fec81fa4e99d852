import CCurlShim
import SyncPorts

import struct FoundationEssentials.Data

/// The answer to one hop.
struct HopAnswer: Sendable {
    var status: Int
    var fields: [HTTPHeader]
    var body: Data
    var redirectTarget: String?
}

/// One hop under way: collects the answer and says when to stop. Lives on the loop's thread alone; libcurl holds
/// an unretained pointer to it, so it stays in the driver's table until the handle is out of the multi handle.
final class Exchange {
    /// Why a callback ended the transfer.
    enum Stop {
        case headTooLarge, bodyTooLarge, bodyUndecodable, redirectBodySkipped, enough
    }

    let hop: Hop
    private(set) var head = ResponseHead()
    private(set) var body = Data()
    private(set) var stop: Stop?
    private(set) var refusedAddress: ResolvedAddress?
    private let maximumHeadBytes: Int
    private let refusesAddress: (@Sendable (ResolvedAddress) -> Bool)?
    private var headBytes = 0
    private var skippedBytes = 0
    /// Bytes of body that were kept, or handed on.
    private var keptBytes = 0
    private var decoder: BodyDecoder?

    /// A redirect's body is read up to here so that its connection can be kept; past it a new one is cheaper.
    private static let maximumSkippedBytes = 64 << 10

    init(_ hop: Hop, _ configuration: CurlTransport.Configuration) {
        self.hop = hop
        maximumHeadBytes = configuration.maximumHeaderBytes
        refusesAddress = configuration.refusesAddress
    }

    var followedRedirect: String? { hop.followsRedirects ? head.redirectTarget : nil }

    /// Takes a header line; `false` ends the transfer.
    func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        headBytes += line.count
        guard headBytes <= maximumHeadBytes else {
            stop = .headTooLarge
            return false
        }
        let wasComplete = head.isComplete
        head.take(line)
        guard head.isComplete, !wasComplete else { return true }
        return bodyMayFit() && isWanted()
    }

    /// Whether no content coding of the body ends before its end.
    var isBodyWhole: Bool { decoder?.isWhole ?? true }

    /// Takes body as it was sent; `false` ends the transfer.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if followedRedirect != nil {
            skippedBytes += bytes.count
            if skippedBytes > Self.maximumSkippedBytes { stop = .redirectBodySkipped }
            return stop == nil
        }
        if decoder == nil {
            decoder = BodyDecoder(
                codings: head.fields.filter { $0.name.lowercased() == "content-encoding" }.map(\.value))
        }
        let isDecoded = decoder?.decode(bytes, keep) ?? false
        if !isDecoded { stop = stop ?? .bodyUndecodable }
        return stop == nil
    }

    /// Keeps decompressed body; `false` ends the transfer.
    private func keep(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if bytes.count > hop.maximumBodyBytes - keptBytes {
            stop = .bodyTooLarge
            body = Data()
            return false
        }
        keptBytes += bytes.count
        if let receiver = hop.receiver {
            if !receiver.take(bytes) { stop = .enough }
        } else {
            body.append(contentsOf: bytes)
        }
        return stop == nil
    }

    /// Opens a connection to `address`, unless the configuration refuses it.
    func openSocket(_ address: UnsafePointer<curl_sockaddr>) -> curl_socket_t {
        guard let refusesAddress else { return ccurl_open_socket(address) }
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = ccurl_address_bytes(address, &bytes)
        guard let resolved = ResolvedAddress(bytes: Array(bytes.prefix(count))) else {
            return CURL_SOCKET_BAD
        }
        guard !refusesAddress(resolved) else {
            refusedAddress = resolved
            return CURL_SOCKET_BAD
        }
        return ccurl_open_socket(address)
    }

    /// Whether whoever takes the body wants it.
    private func isWanted() -> Bool {
        guard let receiver = hop.receiver, followedRedirect == nil else { return true }
        let head = HTTPResponse(
            status: head.status, headers: head.fields, body: Data(), effectiveURL: hop.url.withoutCredentials)
        if !receiver.begin(head) { stop = .enough }
        return stop == nil
    }

    private func bodyMayFit() -> Bool {
        let hasNoBody = hop.method == "HEAD" || head.status == 204 || head.status == 304
        guard !hasNoBody, followedRedirect == nil, head.value("content-encoding") == nil,
            let length = head.contentLength
        else { return true }
        if length > hop.maximumBodyBytes {
            stop = .bodyTooLarge
            return false
        }
        // Spares most of the growing, without trusting a length that costs its sender nothing.
        body.reserveCapacity(min(length, 256 << 10))
        return true
    }
}
