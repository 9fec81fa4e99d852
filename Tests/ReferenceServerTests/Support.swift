import FoundationEssentials
import ReferenceServer
import SyncCore
import SyncPorts
import SyncProtocol
import SyncTestKit
import Testing

/// A folder that goes when the test ends.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/reference-server-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A server over a real file, with one reader, and what a client of it would do.
struct TestServer: Sendable {
    let folder: TestFolder
    let clock = ManualClock()
    let store: SQLiteServerStore
    let server: ReferenceServer
    let token: String

    init(folder: TestFolder? = nil, file: String = "server.sqlite", token known: String? = nil) throws {
        let folder = try folder ?? TestFolder()
        self.folder = folder
        store = try SQLiteServerStore(path: folder.path + "/" + file, clock: clock, random: SeededRandomSource(seed: 7))
        server = ReferenceServer(store: store, clock: clock)
        if let known {
            token = known
        } else {
            try store.addReader("anna", at: clock.now())
            var draw = RandomDraw(SeededRandomSource(seed: 9))
            token = try store.addDevice("laptop", of: "anna", at: clock.now(), using: &draw).token
        }
    }

    /// The server again, over a copy of a file: what a restored backup is.
    func reopened(_ file: String) throws -> TestServer {
        try TestServer(folder: folder, file: file, token: token)
    }

    /// Sends a request. The exchange is held against `Protocol/openapi.json`, whatever the test.
    func send(_ method: String, _ path: String, query: String = "", body: Data = Data()) async -> ServerResponse {
        let response = await server.respond(
            to: ServerRequest(
                method: method, path: path, query: query, headers: ["authorization": "Bearer " + token],
                body: body))
        let answer = HTTPResponse(
            status: response.status, headers: response.headers.map { HTTPHeader($0.key, $0.value) },
            body: response.body,
            effectiveURL: path)
        let violations = Result {
            try APIDescription.ours.get().violations(of: method, path, body: body, answer, isClosed: true)
        }
        #expect(throws: Never.self) { try violations.get() }
        #expect((try? violations.get()) == [], "\(method) \(path)")
        return response
    }

    func post<Answer: JSONReadable>(_ path: String, _ message: some JSONWritable, as: Answer.Type) async throws
        -> Answer
    {
        let response = await send("POST", path, body: try WireCodec.encode(message))
        if response.status != 200 { throw try WireCodec.decode(Problem.self, from: response.body) }
        return try WireCodec.decode(Answer.self, from: response.body)
    }

    func sync(_ request: SyncRequest) async throws -> SyncResponse {
        try await post(Route.sync, request, as: SyncResponse.self)
    }

    /// Pushes changes from a cursor and pulls what follows it.
    @discardableResult
    func sync(
        by replica: UInt64 = 0xa1, from cursor: StateCursor = .origin, push: [WireChange] = [],
        catalog: [CatalogHead] = [], library: String? = nil, account: String? = nil, names: Bool = false
    ) async throws -> SyncResponse {
        try await sync(
            SyncRequest(
                replica: ReplicaID(rawValue: replica), cursor: cursor, push: push, catalog: catalog,
                library: library, account: account, names: names))
    }

    func problem(_ work: () async throws -> some Any) async -> Problem.Code? {
        do {
            _ = try await work()
            return nil
        } catch {
            return (error as? Problem)?.code
        }
    }

    /// Puts feeds' texts into the catalog.
    @discardableResult
    func ingest(
        _ feeds: [(name: String, text: String)], publication: String = "pub"
    ) async throws -> [IngestReport] {
        var requests: [IngestRequest] = []
        for feed in feeds {
            let path = folder.path + "/" + feed.name + ".xml"
            try Data(feed.text.utf8).write(to: URL(filePath: path))
            requests.append(IngestRequest(source: path, publication: publication))
        }
        return await FeedIngest(
            store: store, transport: NoNetwork(), clock: clock, random: SeededRandomSource(seed: 3)
        ).ingest(requests)
    }

    /// Puts `count` articles into the catalog.
    func ingest(articles count: Int) async throws {
        let items = (1...count).map { item("a\($0)") }
        try await ingest([("all", rss(items))])
    }

    func heads() async throws -> [CatalogHead] { try await sync(by: 0xfff).heads }

    func head() async throws -> CatalogHead { try #require(try await heads().first) }

    /// Every entry of the catalog's history, if it is shorter than a tile.
    func entries() async throws -> [CatalogEntry] {
        let head = try await head()
        let response = await send(
            "GET", "/v1/publications/\(head.publication)/\(head.generation)/tail", query: "from=0")
        return try CatalogLines.page(from: response.body).entries.compactMap { $0 }
    }

    /// Every revision of every article, in the history's order.
    func articles() async throws -> [Article] {
        try await entries().compactMap { if case .article(let article) = $0 { article } else { nil } }
    }

    /// Every entry of the log.
    func log() async throws -> [WireEntry] { try await sync(by: 0xffe).entries.elements }
}

/// A transport that may not be used.
struct NoNetwork: HTTPTransport {
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        throw TransportError(.unreachable, "no network in this test")
    }
}

func item(
    _ guid: String, title: String = "A title", body: String = "A body.", related: [String] = [],
    updated: String = ""
) -> String {
    """
    <item><guid isPermaLink="false">\(guid)</guid><link>https://pub.example/\(guid)</link><title>\(title)</title>
    <description>\(body)</description>\(updated.isEmpty ? "" : "<atom:updated>\(updated)</atom:updated>")
    \(related.map { "<rs:related>https://pub.example/\($0)</rs:related>" }.joined())</item>
    """
}

func rss(_ items: [String], title: String = "The Publication") -> String {
    """
    <?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
    xmlns:rs="urn:reader-sync:article:1"><channel><title>\(title)</title><link>https://pub.example/</link>
    \(items.joined(separator: "\n"))</channel></rss>
    """
}

func article(_ guid: String) -> WireEntity {
    .article(.id(articleID(guid)))
}

/// The identity of ``item(_:title:body:related:updated:)``: a short guid counts together with its page.
func articleID(_ guid: String) -> ArticleID {
    ArticleID(publication: "pub", guid: guid.utf8.count > 8 ? guid : "\(guid) pub.example/\(guid)")
}

func change(
    _ number: UInt64, _ entity: WireEntity = .other(name("kind"), name("thing")), _ field: Field? = nil,
    _ value: Value = .other(.bool(true)), seen: UInt64 = 0, also: [UInt64] = [],
    at milliseconds: Int64 = 1_763_999_000_000
) -> WireChange {
    // swift-format-ignore: NeverForceUnwrap
    var change = WireChange(
        Change(
            id: ChangeID(replica: ReplicaID(rawValue: 1), number: number),
            stamp: HybridTimestamp(milliseconds: milliseconds), seen: SeenContext(through: seen, also: also),
            key: RegisterKey(.reader, .ageConfirmed)!, value: .flag(true))!, reference: { _ in nil })
    change.entity = entity
    change.field = field ?? .other(name("shelf"))
    change.value = value
    return change
}

// swift-format-ignore: NeverForceUnwrap
func name(_ text: String) -> EntityName { EntityName(text)! }

extension SyncResponse {
    /// Numbers of own entries, in order.
    var own: [UInt64] {
        entries.elements.compactMap { if case .own(_, let number, _, _) = $0 { number } else { nil } }
    }

    var sequences: [UInt64] {
        entries.elements.map {
            switch $0 {
            case .own(let sequence, _, _, _), .full(let sequence, _, _, _): sequence
            }
        }
    }
}
