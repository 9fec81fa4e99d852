import CurlTransport
import FeedEngine
import FeedSession
import SyncCore
import SyncPorts
import SyncTestKit
import Synchronization
import SystemPorts
import Testing

/// A document of RSS with these items.
func rss(_ items: [String], title: String = "Title", site: String = "https://example.com/") -> String {
    let entries = items.map { name in
        """
        <item><title>Headline \(name)</title><guid isPermaLink="false">\(name)</guid>
        <link>https://example.com/\(name)</link><description>Text of \(name)</description></item>
        """
    }
    return "<rss version=\"2.0\"><channel><title>\(title)</title><link>\(site)</link>"
        + entries.joined() + "</channel></rss>"
}

/// The path of a request.
func path(_ request: String) -> String { request.split(separator: " ").dropFirst().first.map(String.init) ?? "" }

/// A fetcher over real sockets. Whatever bounds it holds are its own: the transport's are wider.
func fetcher(
    clock: ManualClock = ManualClock(), _ change: (inout FeedFetcher.Limits) -> Void = { _ in },
    refuses: (@Sendable (ResolvedAddress) -> Bool)? = nil
) -> FeedFetcher {
    var limits = FeedFetcher.Limits()
    change(&limits)
    let configuration = CurlTransport.Configuration(
        maximumConnections: 64, maximumConnectionsPerHost: 64, usesEnvironmentProxy: false, refusesAddress: refuses)
    return FeedFetcher(
        transport: CurlTransport(configuration), clock: clock, random: SeededRandomSource(seed: 1), limits: limits)
}

/// Everything that a run receives, by position.
func received(
    _ fetcher: FeedFetcher, _ urls: [String], reason: FetchSession.Reason = .named
) async throws -> [FeedFetch?] {
    try await received(fetcher, urls.map { FetchRecord(url: $0) }, reason: reason)
}

func received(
    _ fetcher: FeedFetcher, _ records: [FetchRecord], reason: FetchSession.Reason = .named
) async throws -> [FeedFetch?] {
    var fetches = [FeedFetch?](repeating: nil, count: records.count)
    try await fetcher.fetch(records, reason: reason) { position, fetch in
        #expect(fetches[position] == nil, "feed \(position) came twice")
        fetches[position] = fetch
    }
    return fetches
}

extension FeedFetch {
    var failure: FetchFailure? { if case .failed(let failure, _) = self { failure } else { nil } }
    var isRead: Bool { if case .read = self { true } else { false } }
    var isUnchanged: Bool { if case .unchanged = self { true } else { false } }
    var isPostponed: Bool { if case .postponed = self { true } else { false } }

    var record: FetchRecord? {
        switch self {
        case .read(_, let record), .unchanged(let record), .failed(_, let record): record
        case .postponed, .page: nil
        }
    }
}

/// Something one task waits for and another thread says.
struct Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func fire() { continuation.finish() }
    func wait() async { for await _ in stream {} }
}

/// Counts what is under way in a server.
final class Flight: Sendable {
    private struct State {
        var running: [String: Int] = [:]
        var most = 0
        var mostPerHost = 0
    }

    private let state = Mutex(State())

    /// Counts a request to `host` until ``end(_:)``.
    ///
    /// - Returns: how many are under way with it.
    @discardableResult
    func begin(_ host: String) -> Int {
        state.withLock { state in
            state.running[host, default: 0] += 1
            let all = state.running.values.reduce(0, +)
            state.most = max(state.most, all)
            state.mostPerHost = max(state.mostPerHost, state.running[host] ?? 0)
            return all
        }
    }

    func end(_ host: String) { state.withLock { $0.running[host, default: 1] -= 1 } }

    var most: Int { state.withLock { $0.most } }
    var mostPerHost: Int { state.withLock { $0.mostPerHost } }
}
