import CurlTransport
import SyncPorts
import Testing

/// A transport that takes no proxy from whoever runs the tests.
func transport(_ change: (inout CurlTransport.Configuration) -> Void = { _ in }) -> CurlTransport {
    var configuration = CurlTransport.Configuration(usesEnvironmentProxy: false)
    change(&configuration)
    return CurlTransport(configuration)
}

/// The error sending ends in; a recorded issue when it does not.
func failure(
    of request: HTTPRequest, over transport: CurlTransport, _ location: SourceLocation = #_sourceLocation
) async throws -> TransportError {
    let result: Result<HTTPResponse, TransportError>
    do throws(TransportError) {
        result = .success(try await transport.send(request))
    } catch {
        result = .failure(error)
    }
    guard case .failure(let error) = result else {
        Issue.record("an answer arrived where an error was due", sourceLocation: location)
        throw NoFailure()
    }
    return error
}

struct NoFailure: Error {}

/// Something one task waits for and another thread says.
struct Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func fire() { continuation.finish() }
    func wait() async { for await _ in stream {} }
}

/// A gzip stream without end: every 13 bytes unpack to 2064 zeros.
struct GzipBomb {
    /// The gzip header, the start of a block of fixed Huffman codes, and the first zero.
    let start: [UInt8]
    /// Eight times "repeat the last byte 258 times", which is 13 whole bytes wherever in a byte it starts.
    let period: [UInt8]

    init() {
        var bits: [Bool] = [false, true, false]  // Not the last block; fixed codes, low bit first.
        bits += Self.code(0x30, 8)
        for _ in 0..<16 { bits += Self.code(0xc5, 8) + Self.code(0, 5) }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: bits.count - 7, by: 8) {
            bytes.append((0..<8).reduce(0) { $0 | (bits[start + $1] ? 1 << $1 : 0) })
        }
        start = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, bytes[0]]
        period = Array(bytes[1..<14])
    }

    /// Huffman codes go high bit first (RFC 1951 §3.1.1).
    private static func code(_ value: Int, _ length: Int) -> [Bool] {
        (0..<length).map { value >> (length - 1 - $0) & 1 == 1 }
    }
}
