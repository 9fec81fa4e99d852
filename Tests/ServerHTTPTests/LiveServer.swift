import CurlTransport
import FoundationEssentials
import Logging
import ReferenceServer
import ServerHTTP
import SyncCore
import SyncPorts
import SyncProtocol
import SyncTestKit
import Synchronization
import Testing

/// A server on a free port of the loopback, and a client.
struct LiveServer {
    let url: String
    let token: String
    let store: SQLiteServerStore
    let room: WatchRoom?
    /// Operations that were granted.
    let exchanged = Exchanged()
    private let folder: String
    private let transport = CurlTransport()

    /// Runs `work` against a server that listens, and stops it.
    static func run(_ work: (LiveServer) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/server-http-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try SQLiteServerStore(path: folder + "/s.sqlite", clock: Now(), random: Bits())
        try store.addReader("anna", at: Now().now())
        var draw = SystemRandomNumberGenerator()
        let token = try store.addDevice("laptop", of: "anna", at: Now().now(), using: &draw).token
        let server = ReferenceServer(
            store: store, clock: Now(), room: WatchRoom(source: store, sleeper: RealSleeper()))
        let service = HTTPService(
            server: server,
            address: .init(port: 0),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let (ports, announce) = AsyncStream.makeStream(of: Int.self)
        let running = Task { try await service.run { announce.yield($0) } }
        for await port in ports {
            try await work(
                LiveServer(
                    url: "http://127.0.0.1:\(port)", token: token, store: store, room: server.room, folder: folder))
            break
        }
        running.cancel()
        _ = await running.result
    }

    func send(
        _ method: String, _ path: String, _ headers: [HTTPHeader] = [], body: Data? = nil
    ) async throws -> HTTPResponse {
        let answer = try await transport.send(
            HTTPRequest(
                method: method, url: url + path,
                headers: [HTTPHeader("Authorization", "Bearer " + token)] + headers, body: body))
        // Every exchange of these tests is held against Protocol/openapi.json.
        let isPacked = headers.contains { $0.name == "Content-Encoding" }
        let violations = try APIDescription.ours.get().violations(
            of: method, String(path.prefix { $0 != "?" }), body: isPacked ? nil : body, answer, isClosed: true)
        #expect(violations.isEmpty, "\(method) \(path)")
        if answer.status == 200,
            let id = try APIDescription.ours.get().operation(method, String(path.prefix { $0 != "?" }))?.id
        {
            exchanged.withLock { _ = $0.insert(id) }
        }
        return answer
    }

    /// Puts articles into the catalog.
    func ingest(articles count: Int) async throws {
        let items = (1...count).map {
            "<item><title>Article \($0)</title><link>https://pub.example/\($0)</link><description>Text.</description></item>"
        }
        let feed = "<rss version=\"2.0\"><channel><title>Pub</title>\(items.joined())</channel></rss>"
        try Data(feed.utf8).write(to: URL(filePath: folder + "/feed.xml"))
        let ingest = FeedIngest(store: store, transport: transport, clock: Now(), random: Bits())
        let reports = await ingest.ingest([IngestRequest(source: folder + "/feed.xml", publication: "pub")])
        #expect(reports.map(\.added) == [count])
    }

    /// A new reader's token.
    func reader(_ name: String) throws -> String {
        try store.addReader(name, at: Now().now())
        var draw = SystemRandomNumberGenerator()
        return try store.addDevice("phone", of: name, at: Now().now(), using: &draw).token
    }

    func send(
        _ method: String, _ path: String, as token: String, by transport: CurlTransport
    ) async throws -> HTTPResponse {
        try await transport.send(
            HTTPRequest(method: method, url: url + path, headers: [HTTPHeader("Authorization", "Bearer " + token)]))
    }

    func sync(_ headers: [HTTPHeader] = []) async throws -> HTTPResponse {
        let request = SyncRequest(
            replica: ReplicaID(rawValue: 1), cursor: .origin, push: [], catalog: [], library: nil, account: nil,
            names: false)
        return try await send(
            "POST", Route.sync, [HTTPHeader("Content-Type", Route.json)] + headers,
            body: try WireCodec.encode(request))
    }
}

struct Now: WallClock {
    func now() -> WallTime { WallTime(milliseconds: 1_700_000_000_000) }
}

private struct RealSleeper: Sleeper {
    func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}

private struct Bits: RandomSource {
    func next() -> UInt64 { 42 }
}

/// A set that tasks share.
final class Exchanged: Sendable {
    private let ids = Mutex<Set<String>>([])

    func withLock<Result: Sendable>(_ body: (inout Set<String>) -> Result) -> Result {
        ids.withLock { body(&$0) }
    }
}
