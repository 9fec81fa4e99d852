import FoundationEssentials
import ReferenceServer
import SyncCore
import SyncPorts
import SyncProtocol
import SyncTestKit
import Testing

/// Real requests and answers of every operation, over loopback. ``LiveServer/send(_:_:_:body:)`` holds each against
/// `Protocol/openapi.json`.
@Suite("Exchanges over HTTP and Protocol/openapi.json")
struct OpenAPIExchangeTests {
    /// Sends a message that must be granted.
    private func post<Answer: JSONReadable>(
        _ server: LiveServer, _ path: String, _ message: some JSONWritable, as: Answer.Type
    ) async throws -> Answer {
        let answer = try await server.send(
            "POST", path, [HTTPHeader("Content-Type", Route.json)], body: try WireCodec.encode(message))
        #expect(answer.status == 200)
        return try WireCodec.decode(Answer.self, from: answer.body)
    }

    private func request(
        _ push: [WireChange] = [], by replica: UInt64 = 7, from cursor: StateCursor = .origin,
        catalog: [CatalogHead] = [], names: Bool = false
    ) -> SyncRequest {
        SyncRequest(
            replica: ReplicaID(rawValue: replica), cursor: cursor, push: push, catalog: catalog, library: nil,
            account: nil, names: names)
    }

    /// Marks of the first articles, by their numbers; they travel as columns.
    private func marks(_ count: UInt64, _ publication: UInt32) throws -> [WireChange] {
        try (1...count).map { number in
            let key = try #require(RegisterKey(.reader, .ageConfirmed))
            let change = try #require(
                Change(
                    id: ChangeID(replica: ReplicaID(rawValue: 7), number: number),
                    stamp: HybridTimestamp(milliseconds: 1_600_000_000_000), seen: SeenContext(through: 0), key: key,
                    value: .flag(true)))
            var wire = WireChange(change, reference: { _ in nil })
            wire.entity = .article(.number(publication: publication, article: number))
            (wire.field, wire.value) = (.read, .read(true, by: .implicit))
            return wire
        }
    }

    @Test("a push, a pull, a snapshot, a repair, history and waiting are as they are described")
    func everyOperation() async throws {
        try await LiveServer.run { server in
            try await server.ingest(articles: 140)
            let hello = try await server.send("GET", Route.hello)
            #expect(hello.status == 200)
            let first = try await post(server, Route.sync, request(), as: SyncResponse.self)
            let (head, publication) = (try #require(first.heads.first), try #require(first.library?.publications.first))
            let push = try marks(6, publication.number)
            let pushed = try await post(server, Route.sync, request(push, catalog: [head]), as: SyncResponse.self)
            #expect(pushed.entries.elements.count == 6 && pushed.refused.isEmpty)
            let pulled = try await post(
                server, Route.sync, request(by: 8, catalog: [head], names: true), as: SyncResponse.self)
            #expect(pulled.articles?.count == 6)
            let snapshot = try await server.send("GET", Route.snapshot)
            #expect(try WireCodec.decode(SnapshotResponse.self, from: snapshot.body).versions.elements.count == 6)
            let common = try await post(
                server, Route.common, CommonRequest(cursors: [pushed.cursor]), as: CommonResponse.self)
            #expect(common.cursor == pushed.cursor)
            let offers = pulled.entries.elements.compactMap { entry -> WireOffer? in
                guard case .full(let sequence, let received, let author, let change) = entry else { return nil }
                return WireOffer(sequence: sequence, received: received, author: author, change: change, saw: [])
            }
            let restored = try await post(
                server, Route.restore, RestoreRequest(common: pushed.cursor, entries: offers), as: RestoreResponse.self)
            #expect(restored.places == [1, 2, 3, 4, 5, 6])
            let (id, generation) = (head.publication.text, head.generation)
            let tile = Route.tile(publication: id, generation: generation, index: 0)
            let whole = try await server.send("GET", tile)
            #expect(whole.status == 200)
            let held = try await server.send(
                "GET", tile, [HTTPHeader("If-None-Match", try #require(whole.header("etag")))])
            #expect(held.status == 304)
            let tail = try await server.send("GET", Route.tail(publication: id, generation: generation, from: 130))
            #expect(tail.status == 200)
            #expect(try await server.send("GET", Route.watch).status == 200)
            let answered = server.exchanged.withLock { $0 }
            #expect(answered == Set(Route.Operation.allCases.map(\.rawValue)), "add the others to this test")
        }
    }

    @Test("an answer and a request that are not as described would be found")
    func notVacuous() async throws {
        try await LiveServer.run { server in
            let body = try WireCodec.encode(request())
            let answer = try await server.send(
                "POST", Route.sync, [HTTPHeader("Content-Type", Route.json)], body: body)
            let api = try APIDescription.ours.get()
            func violations(_ body: Data?, _ answer: HTTPResponse) -> [String] {
                api.violations(of: "POST", Route.sync, body: body, answer, isClosed: true)
            }
            #expect(violations(body, answer).isEmpty)
            var spoiled = answer
            spoiled.body = Data(String(decoding: answer.body, as: UTF8.self).replacing("remaining", with: "left").utf8)
            #expect(violations(body, spoiled).count == 2, "a member that is missing, and one that is not described")
            spoiled = answer
            spoiled.status = 418
            #expect(!violations(body, spoiled).isEmpty)
            spoiled = answer
            spoiled.headers = [HTTPHeader("Content-Type", "text/html")]
            #expect(!violations(body, spoiled).isEmpty)
            spoiled.headers = answer.headers.filter { $0.name.lowercased() != "cache-control" }
            spoiled.headers.append(HTTPHeader("Cache-Control", "public"))
            #expect(!violations(body, spoiled).isEmpty)
            #expect(!violations(Data(#"{"protocol":1}"#.utf8), answer).isEmpty)
        }
    }

    @Test("each operation is answered at its path, and only by its method")
    func routes() async throws {
        try await LiveServer.run { server in
            for operation in try APIDescription.ours.get().operations {
                let path = operation.template.replacing("{index}", with: "0").replacing(/\{\w+\}/, with: "x")
                let right = try await server.send(
                    operation.method, path, body: operation.method == "POST" ? Data() : nil)
                let wrong = try await server.send(
                    operation.method == "GET" ? "POST" : "GET", path, body: operation.method == "GET" ? Data() : nil)
                #expect(right.status != 405, "\(operation.id)")
                #expect(wrong.status == 405 && wrong.header("allow") == operation.method, "\(operation.id)")
                let problem = try? WireCodec.decode(Problem.self, from: right.body)
                #expect(problem?.detail != "there is nothing at this path", "\(operation.id)")
            }
        }
    }
}
