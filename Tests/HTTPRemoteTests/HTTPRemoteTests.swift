import Foundation
import HTTPRemote
import SyncCore
import SyncPorts
import SyncProtocol
import SyncTestKit
import Synchronization
import Testing

/// Knows the articles 1 to 9 of publication 1.
private struct Directory: ArticleDirectory {
    func articles(named names: [(publication: UInt32, number: UInt64)]) -> [ArticleID?] {
        names.map { $0.publication == 1 && $0.number < 10 ? article($0.number) : nil }
    }

    func names(of articles: [ArticleID]) -> [ArticleName?] {
        articles.map { id in
            (UInt64(1)..<10).first { article($0) == id }.map { ArticleName(publication: 1, number: $0, id: id) }
        }
    }
}

private func article(_ number: UInt64) -> ArticleID { ArticleID(publication: "p", guid: "\(number)") }

private let me = ReplicaID(rawValue: 0xA)
private let other = ReplicaID(rawValue: 0xB)

private func answer(_ status: Int, _ body: Data, _ headers: [HTTPHeader] = []) -> Result<HTTPResponse, TransportError> {
    .success(
        HTTPResponse(
            status: status, headers: headers.isEmpty ? [HTTPHeader("Content-Type", Route.json)] : headers, body: body,
            effectiveURL: "http://server"))
}

private func response(_ entries: [WireEntry], articles: [WireArticleName]? = nil, sequence: UInt64 = 9) throws -> Data {
    try WireCodec.encode(
        SyncResponse(
            time: WallTime(milliseconds: 1), entries: entries, articles: articles,
            cursor: StateCursor(epoch: 1, sequence: sequence, prefix: .zero), remaining: 0, refused: [], heads: [],
            tails: [], library: nil, account: nil))
}

private func change(_ replica: ReplicaID, _ number: UInt64, article id: ArticleID) throws -> Change {
    let key = try #require(RegisterKey(.article(id), .saved))
    return try #require(
        Change(
            id: ChangeID(replica: replica, number: number), stamp: HybridTimestamp(milliseconds: 5),
            seen: SeenContext(through: 0), key: key, value: .flag(true)))
}

private func exchange(_ push: [Change] = [], spells: Bool = false) -> Exchange {
    Exchange(
        replica: me, cursor: .origin, push: push, catalog: [], libraryVersion: nil, accountVersion: nil,
        spellsArticles: spells)
}

private func remote(_ transport: ScriptedTransport, url: String = "http://server") throws -> HTTPRemote {
    try HTTPRemote(baseURL: url, token: "secret", transport: transport, directory: Directory())
}

/// A server that lets every offered entry stand where it stood.
private final class PlacingTransport: HTTPTransport {
    let bodies = Mutex<[Int]>([])

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let body = request.body ?? Data()
        bodies.withLock { $0.append(body.count) }
        guard let offer = try? WireCodec.decode(RestoreRequest.self, from: body), let last = offer.entries.last,
            offer.common.sequence + 1 == offer.entries.first?.sequence,
            let reply = try? WireCodec.encode(
                RestoreResponse(
                    places: offer.entries.map(\.sequence),
                    common: StateCursor(epoch: 1, sequence: last.sequence, prefix: .zero)))
        else { throw TransportError(.brokenAnswer, "not an offer that goes on where the one before ended") }
        return try answer(200, reply).get()
    }
}

@Suite("The HTTP remote")
struct HTTPRemoteTests {
    @Test("names articles by number where it can, by identity where it must")
    func names() async throws {
        let transport = ScriptedTransport([answer(200, try response([]))])
        let push = [try change(me, 1, article: article(3)), try change(me, 2, article: article(77))]
        _ = try await remote(transport).exchange(exchange(push))
        let body = try #require(transport.requests.first?.body)
        let sent = try WireCodec.decode(SyncRequest.self, from: body)
        #expect(
            sent.push.elements.map(\.entity) == [
                .article(.number(publication: 1, article: 3)), .article(.id(article(77))),
            ])
    }

    @Test("fills in what it sent itself where the answer tells only its place, and a clamped stamp")
    func own() async throws {
        let stamp = HybridTimestamp(milliseconds: 4)
        let entries: [WireEntry] = [
            .own(sequence: 1, number: 1, received: WallTime(milliseconds: 2), stamp: nil),
            .own(sequence: 2, number: 2, received: WallTime(milliseconds: 2), stamp: stamp),
        ]
        let transport = ScriptedTransport([answer(200, try response(entries))])
        let push = [try change(me, 1, article: article(3)), try change(me, 2, article: article(4))]
        let reply = try await remote(transport).exchange(exchange(push))
        #expect(reply.entries.map(\.change.key) == push.map(\.key))
        #expect(reply.entries.map(\.change.stamp) == [push[0].stamp, stamp])
    }

    @Test("asks once more with all articles spelled out when it meets a number it does not know")
    func spelled() async throws {
        let theirs = WireChange(
            try change(other, 1, article: article(50)), reference: { _ in .number(publication: 1, article: 50) })
        let entry = WireEntry.full(sequence: 1, received: WallTime(milliseconds: 2), author: other, theirs)
        let named = try response([entry], articles: [WireArticleName(publication: 1, number: 50, id: article(50))])
        let transport = ScriptedTransport([answer(200, try response([entry])), answer(200, named)])
        let reply = try await remote(transport).exchange(exchange())
        #expect(reply.entries.first?.change.key.entity == .article(article(50)))
        let asked = try transport.requests.map { try WireCodec.decode(SyncRequest.self, from: $0.body ?? Data()).names }
        #expect(asked == [false, true])
    }

    @Test("leaves out an entry that it cannot understand, says so, and takes the others")
    func unreadable() async throws {
        let good = WireEntry.own(sequence: 2, number: 1, received: WallTime(milliseconds: 2), stamp: nil)
        var text = String(decoding: try response([good]), as: UTF8.self)
        text = text.replacing("\"entries\":[", with: "\"entries\":[{\"sequence\":1,\"received\":1,\"replica\":\"zz\"},")
        let transport = ScriptedTransport([answer(200, Data(text.utf8))])
        let reply = try await remote(transport).exchange(exchange([try change(me, 1, article: article(1))]))
        #expect(reply.entries.count == 1)
        #expect(reply.unreadable.count == 1)
    }

    @Test(
        "refuses entries that are out of order or beyond the answer's own cursor", arguments: [[2, 1], [1, 1], [10]])
    func order(sequences: [UInt64]) async throws {
        let theirs = WireChange(
            try change(other, 1, article: article(5)), reference: { _ in .number(publication: 1, article: 5) })
        let entries = sequences.map {
            WireEntry.full(sequence: $0, received: WallTime(milliseconds: 2), author: other, theirs)
        }
        let remote = try remote(ScriptedTransport([answer(200, try response(entries))]))
        let error = await #expect(throws: RemoteError.self) { try await remote.exchange(exchange()) }
        #expect(error?.code == .brokenAnswer)
    }

    @Test("sends no more notes at once than a push may hold in bytes, and at least one")
    func pushBytes() async throws {
        let key = try #require(RegisterKey(.article(article(1)), .note))
        let text = String(repeating: "x", count: Value.maximumNoteBytes)
        let push = try (1...200).map { number in
            try #require(
                Change(
                    id: ChangeID(replica: me, number: UInt64(number)), stamp: HybridTimestamp(milliseconds: 1),
                    seen: SeenContext(through: 0), key: key, value: .note(text, base: text)))
        }
        let transport = ScriptedTransport([answer(200, try response([]))])
        _ = try await remote(transport).exchange(exchange(push))
        let body = try #require(transport.requests.first?.body)
        #expect(body.count <= Limits.requestBytes)
        let sent = try WireCodec.decode(SyncRequest.self, from: body).push.elements
        #expect(sent.map(\.number) == Array(1...UInt64(sent.count)))
    }

    @Test("offers entries again under the articles' identities, since a restored server may number them anew")
    func restoresByIdentity() async throws {
        let offered = RestoreOffer.Entry(
            entry: LogEntry(
                sequence: 4, received: WallTime(milliseconds: 1), change: try change(other, 1, article: article(3))),
            saw: [])
        let reply = try WireCodec.encode(RestoreResponse(places: [4], common: .origin))
        let transport = ScriptedTransport([answer(200, reply)])
        _ = try await remote(transport).restore(RestoreOffer(common: .origin, entries: [offered]))
        let body = try #require(transport.requests.first?.body)
        let sent = try WireCodec.decode(RestoreRequest.self, from: body)
        #expect(sent.entries.map(\.change.entity) == [.article(.id(article(3)))])
    }

    @Test("offers entries in as many requests as their bytes need, each from where the one before came to")
    func restoresInPieces() async throws {
        let key = try #require(RegisterKey(.article(article(1)), .note))
        let text = String(repeating: "\"", count: Value.maximumNoteBytes)
        let entries = try (UInt64(1)...100).map { number in
            let change = try #require(
                Change(
                    id: ChangeID(replica: other, number: number), stamp: HybridTimestamp(milliseconds: 1),
                    seen: SeenContext(through: 0), key: key, value: .note(text, base: text)))
            return RestoreOffer.Entry(
                entry: LogEntry(sequence: number, received: WallTime(milliseconds: 1), change: change), saw: [])
        }
        let transport = PlacingTransport()
        let remote = try HTTPRemote(
            baseURL: "http://server", token: "secret", transport: transport, directory: Directory())
        let reply = try await remote.restore(RestoreOffer(common: .origin, entries: entries))
        #expect(reply.places == Array(1...100))
        #expect(reply.common.sequence == 100)
        #expect(transport.bodies.withLock { $0.allSatisfy { $0 <= Limits.requestBytes } })
        #expect(transport.bodies.withLock { $0.count } > 1)
    }

    @Test("names articles by identity while the replica's history is not whole")
    func identityWhileIncomplete() async throws {
        let transport = ScriptedTransport([answer(200, try response([]))])
        _ = try await remote(transport).exchange(exchange([try change(me, 1, article: article(3))], spells: true))
        let body = try #require(transport.requests.first?.body)
        let sent = try WireCodec.decode(SyncRequest.self, from: body)
        #expect(sent.push.elements.map(\.entity) == [.article(.id(article(3)))])
    }

    @Test("sends a push again by identity where the server has another history, and with it other numbers")
    func otherHistory() async throws {
        let problem = try WireCodec.encode(Problem(.catalogChanged, "another history"))
        let transport = ScriptedTransport([
            answer(409, problem, [HTTPHeader("Content-Type", Route.problem)]), answer(200, try response([])),
        ])
        _ = try await remote(transport).exchange(exchange([try change(me, 1, article: article(3))]))
        let sent = try transport.requests.map { try WireCodec.decode(SyncRequest.self, from: $0.body ?? Data()) }
        #expect(sent.map(\.names) == [false, true])
        #expect(sent.last?.push.elements.map(\.entity) == [.article(.id(article(3)))])
    }

    @Test("carries the token in a header and nowhere else")
    func token() async throws {
        let transport = ScriptedTransport([answer(200, try response([]))])
        _ = try await remote(transport).exchange(exchange())
        let request = try #require(transport.requests.first)
        #expect(request.headers.contains(HTTPHeader("Authorization", "Bearer secret")))
        #expect(!request.url.contains("secret"))
        #expect(!String(decoding: request.body ?? Data(), as: UTF8.self).contains("secret"))
    }
}

@Suite("An answer that is none")
struct RemoteErrorTests {
    private func code(_ result: Result<HTTPResponse, TransportError>) async throws -> RemoteError {
        let remote = try remote(ScriptedTransport([result]))
        return try #require(await #expect(throws: RemoteError.self) { try await remote.exchange(exchange()) })
    }

    @Test(
        "of each problem's code means one thing to a replica",
        arguments: [
            (Problem.Code.unauthorized, RemoteError.Code.unauthorized), (.prefixMismatch, .prefixMismatch),
            (.replicaForked, .replicaForked), (.numberGap, .replicaForked), (.cursorExpired, .cursorExpired),
            (.catalogChanged, .catalogChanged), (.versionMismatch, .versionMismatch), (.busy, .busy),
            (.failed, .busy), (.notFound, .notARemote), (.malformed, .refused), (.tooLarge, .refused),
        ])
    func problems(problem: Problem.Code, code expected: RemoteError.Code) async throws {
        let body = try WireCodec.encode(Problem(problem, "why"))
        let error = try await code(answer(problem.status, body, [HTTPHeader("Content-Type", Route.problem)]))
        #expect(error.code == expected)
        #expect(error.detail == "why")
    }

    @Test(
        "asks to be left alone for as long as Retry-After says",
        arguments: [("7", 7), ("999999999", 86_400), ("-1", 0)])
    func retryAfter(header: String, seconds: Int) async throws {
        let error = try await code(answer(503, Data("no".utf8), [HTTPHeader("Retry-After", header)]))
        #expect(error.code == .busy)
        #expect(error.retryAfter == .seconds(seconds))
    }

    @Test("comes from something that is no server of ours", arguments: [200, 204, 301, 404, 418])
    func captivePortal(status: Int) async throws {
        let page = Data("<html>Please log in</html>".utf8)
        let error = try await code(answer(status, page, [HTTPHeader("Content-Type", "text/html")]))
        #expect(error.code == .notARemote)
        #expect(!error.remedy.isEmpty)
    }

    @Test("is cut, garbled or of another shape", arguments: ["", "{", "[]", "{\"time\":1}", "\u{0}\u{1}"])
    func broken(body: String) async throws {
        #expect(try await code(answer(200, Data(body.utf8))).code == .brokenAnswer)
    }

    @Test("never came: the transport's error says what to do", arguments: TransportError.Code.allCases)
    func transport(failure: TransportError.Code) async throws {
        let error = try await code(.failure(TransportError(failure, "detail")))
        #expect(error.detail == "detail" || failure == .cancelled)
        #expect(error.code == .refused || !error.remedy.isEmpty)
    }

    @Test(
        "an address that is none is refused before anything is sent",
        arguments: ["", "server", "ftp://x", "http://a b", "http://a?x"])
    func address(url: String) {
        #expect(throws: RemoteError.self) { _ = try remote(ScriptedTransport([]), url: url) }
    }
}
