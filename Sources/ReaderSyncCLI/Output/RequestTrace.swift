import CurlTransport
import SyncCore
import SyncPorts
import Synchronization
import TerminalText

/// Says on standard error what is asked of the network, and what came of it: `--verbose`.
struct TracedTransport: DownloadTransport {
    let wrapped: CurlTransport
    let output: Output

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        try await traced(request) { response in
            response.body.count
        } by: { () async throws(TransportError) in
            try await wrapped.send(request)
        }
    }

    func download(_ request: HTTPRequest, to receiver: any BodyReceiver) async throws(TransportError) -> HTTPResponse {
        let counting = CountingReceiver(receiver)
        return try await traced(request) { _ in
            counting.count
        } by: { () async throws(TransportError) in
            try await wrapped.download(request, to: counting)
        }
    }

    private func traced(
        _ request: HTTPRequest, bytes: (HTTPResponse) -> Int,
        by work: () async throws(TransportError) -> HTTPResponse
    ) async throws(TransportError) -> HTTPResponse {
        let started = ContinuousClock.now
        do throws(TransportError) {
            let response = try await work()
            output.trace(
                RequestTrace(request, outcome: .answered(response.status, bytes: bytes(response)), since: started))
            return response
        } catch {
            output.trace(RequestTrace(request, outcome: .failed(error.detail), since: started))
            throw error
        }
    }
}

/// Counts what a receiver is given.
private final class CountingReceiver: BodyReceiver {
    private let wrapped: any BodyReceiver
    private let taken = Mutex(0)

    init(_ wrapped: any BodyReceiver) {
        self.wrapped = wrapped
    }

    /// Bytes so far.
    var count: Int { taken.withLock { $0 } }

    func begin(_ head: HTTPResponse) -> Bool { wrapped.begin(head) }

    func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        taken.withLock { $0 += bytes.count }
        return wrapped.take(bytes)
    }
}

/// One request as it is told. Nothing that could be a secret is in it: no header, no user name, no query, and of a path
/// no part that looks like a token.
struct RequestTrace: Sendable, Hashable {
    enum Outcome: Sendable, Hashable {
        case answered(Int, bytes: Int)
        case failed(String)
    }

    var method: String
    /// The address without its secrets.
    var url: String
    var outcome: Outcome
    var milliseconds: Int64

    init(_ request: HTTPRequest, outcome: Outcome, since started: ContinuousClock.Instant) {
        let passed = (ContinuousClock.now - started).components
        self.init(
            method: request.method, url: Self.withoutSecrets(request.url), outcome: outcome,
            milliseconds: passed.seconds * 1_000 + passed.attoseconds / 1_000_000_000_000_000)
    }

    init(method: String, url: String, outcome: Outcome, milliseconds: Int64) {
        self.method = method
        self.url = url
        self.outcome = outcome
        self.milliseconds = milliseconds
    }

    /// The line for people.
    var line: StyledText {
        let end =
            switch outcome {
            case .answered(let status, let bytes): "\(status), \(Plural.of(bytes, "byte")), \(milliseconds) ms"
            case .failed(let reason): "\(reason), \(milliseconds) ms"
            }
        return StyledText("\(method) \(url) → \(end)", .dim)
    }

    /// The document for programs.
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "method": .string(method), "url": .string(url), "milliseconds": .integer(milliseconds), "status": .null,
            "bytes": .null, "failure": .null,
        ]
        switch outcome {
        case .answered(let status, let bytes): (members["status"], members["bytes"]) = (.count(status), .count(bytes))
        case .failed(let reason): members["failure"] = .string(reason)
        }
        return .object(["request": .object(members)])
    }

    /// A URL without user name, query, fragment, and parts of the path that look like tokens.
    static func withoutSecrets(_ url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return "…" }
        let rest = url[scheme.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let path = rest[authority.endIndex...].prefix { $0 != "?" && $0 != "#" }
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map { isSecret($0) ? "…" : $0 }
        let query = rest[path.endIndex...].isEmpty ? "" : "?…"
        return "\(url[..<scheme.upperBound])\(host)\(parts.joined(separator: "/"))\(query)"
    }

    /// Whether there is a run of sixteen letters and digits in it with some of both, as no word has.
    private static func isSecret(_ part: Substring) -> Bool {
        part.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.contains { run in
            run.count >= 16 && run.contains { $0.isLetter } && run.contains { $0.isNumber }
        }
    }
}

extension Context {
    /// The way to the network.
    var transport: any DownloadTransport { transport(CurlTransport.Configuration()) }

    /// The way to the network, with limits of its own.
    func transport(_ configuration: CurlTransport.Configuration) -> any DownloadTransport {
        let transport = CurlTransport(configuration)
        return output.isVerbose ? TracedTransport(wrapped: transport, output: output) : transport
    }
}
