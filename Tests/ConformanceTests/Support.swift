import ConformanceChecks
import Foundation
import Gzip
import ReferenceServer
import SyncCore
import SyncPorts
import SyncTestKit
import Testing

/// Our server in this process, with everything that the checks need.
final class OwnServer: Sendable {
    let subject: Subject
    let server: ReferenceServer
    private let folder = NSTemporaryDirectory() + "/conformance-\(UUID().uuidString)"

    init() async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let clock = ManualClock()
        let store = try SQLiteServerStore(
            path: folder + "/server.sqlite", clock: clock, random: SeededRandomSource(seed: 1))
        var draw = RandomDraw(SeededRandomSource(seed: 2))
        var tokens: [String] = []
        for reader in ["ann", "bob"] {
            try store.addReader(reader, at: clock.now())
            tokens.append(try store.addDevice("trial", of: reader, at: clock.now(), using: &draw).token)
        }
        let feed = folder + "/feed.xml"
        try Self.feed(articles: 300).write(toFile: feed, atomically: true, encoding: .utf8)
        let reports = await FeedIngest(
            store: store, transport: ScriptedTransport([]), clock: clock, random: SeededRandomSource(seed: 3)
        ).ingest([IngestRequest(source: feed, publication: "trial")])
        #expect(reports.map(\.added) == [300])
        let (id, cadence) = (try #require(EntityName("daily")), try #require(EntityName("daily")))
        try store.publish(
            newsletters: [Newsletter(id: id, title: "Daily", summary: "News.", cadences: [Cadence(cadence)])],
            wordings: [], at: clock.now())
        subject = Subject(baseURL: "http://server", token: tokens[0], otherToken: tokens[1])
        server = ReferenceServer(
            store: store, clock: clock, room: WatchRoom(source: store, sleeper: ShortSleeper()))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Runs checks through a transport.
    func run(_ checks: [Check], by transport: any HTTPTransport) async throws -> [String: Finding.Verdict] {
        let conformance = Conformance(
            subject: subject, reference: try Reference(folder: APIDescription.sourceTree + "/Protocol"),
            transport: transport, random: SeededRandomSource(seed: 4))
        let findings = await conformance.run(checks)
        return Dictionary(uniqueKeysWithValues: findings.map { ($0.check.name, $0.verdict) })
    }

    private static func feed(articles: Int) -> String {
        let items = (1...articles).map {
            "<item><title>Article \($0)</title><link>https://trial.example/\($0)</link><description>Text.</description></item>"
        }
        return "<rss version=\"2.0\"><channel><title>Trial</title>\(items.joined())</channel></rss>"
    }
}

/// Lets a millisecond pass, whatever was asked for.
private struct ShortSleeper: Sleeper {
    func sleep(for duration: Duration) async throws { try await Task.sleep(for: .milliseconds(1)) }
}

/// Hands requests to a server in this process as HTTP would, and may spoil them or their answers.
struct DirectTransport: HTTPTransport {
    let server: ReferenceServer
    var fault = Fault()

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        var spoiled = request
        fault.request(&spoiled)
        let parts = spoiled.url.dropFirst("http://server".count).split(separator: "?", maxSplits: 1).map(String.init)
        let headers = Dictionary(spoiled.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }
        let answer = await server.respond(
            to: ServerRequest(
                method: spoiled.method, path: parts[0], query: parts.count > 1 ? parts[1] : "", headers: headers,
                body: spoiled.body ?? Data()))
        var response = HTTPResponse(
            status: answer.status, headers: answer.headers.map { HTTPHeader($0.key, $0.value) }, body: answer.body,
            effectiveURL: request.url)
        if response.header("content-encoding") == "gzip",
            let unpacked = try? Gzip.unpacked(response.body, limit: 32 << 20)
        {
            response.body = unpacked
        }
        fault.answer(request, &response)
        return response
    }
}

/// What a server does wrong.
struct Fault: Sendable {
    var request: @Sendable (inout HTTPRequest) -> Void = { _ in }
    var answer: @Sendable (HTTPRequest, inout HTTPResponse) -> Void = { _, _ in }
}

extension HTTPResponse {
    /// Another value of a member of an answer that was granted.
    mutating func change(_ name: String, _ change: (JSONValue) -> JSONValue?) {
        guard status == 200, let value = try? APIDescription.value(body), case .object(var members) = value,
            let member = members[name]
        else { return }
        members[name] = change(member)
        body = (try? JSONEncoder().encode(CodableJSON(.object(members)))) ?? body
    }

    mutating func setHeader(_ name: String, _ value: String?) {
        headers.removeAll { $0.name.lowercased() == name }
        if let value { headers.append(HTTPHeader(name, value)) }
    }
}
