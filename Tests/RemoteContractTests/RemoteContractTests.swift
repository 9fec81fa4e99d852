import Foundation
import HTTPRemote
import ReferenceServer
import SyncCore
import SyncPorts
import SyncTestKit
import Testing

/// Hands requests to a server in this process, as HTTP would.
private struct DirectTransport: HTTPTransport {
    let server: ReferenceServer

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        guard let url = URLComponents(string: request.url) else { throw TransportError(.invalidURL, "not a URL") }
        let headers = Dictionary(request.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }
        let answer = await server.respond(
            to: ServerRequest(
                method: request.method, path: url.path, query: url.percentEncodedQuery ?? "", headers: headers,
                body: request.body ?? Data()))
        return HTTPResponse(
            status: answer.status, headers: answer.headers.map { HTTPHeader($0.key, $0.value) }, body: answer.body,
            effectiveURL: request.url)
    }
}

/// A replica that holds no articles.
private struct NoArticles: ArticleDirectory {
    func articles(named names: [(publication: UInt32, number: UInt64)]) -> [ArticleID?] { names.map { _ in nil } }
    func names(of articles: [ArticleID]) -> [ArticleName?] { articles.map { _ in nil } }
}

/// What keeps a causal log: each promise of the port is held against each implementation.
enum Subject: String, CaseIterable, Sendable {
    /// The model in memory.
    case model
    /// Our server over its SQLite store, spoken to in the protocol.
    case server

    func make(_ folder: Scratch) throws -> any Remote {
        let clock = ManualClock()
        guard self == .server else { return ModelRemote() }
        let random = SeededRandomSource(seed: 1)
        let store = try SQLiteServerStore(path: folder.path + "/server.sqlite", clock: clock, random: random)
        try store.addReader("ann", at: clock.now())
        var draw = RandomDraw(random)
        let token = try store.addDevice("laptop", of: "ann", at: clock.now(), using: &draw).token
        let server = ReferenceServer(store: store, clock: clock) { _ in }
        return try HTTPRemote(
            baseURL: "http://server", token: token, transport: DirectTransport(server: server), directory: NoArticles())
    }
}

final class Scratch: Sendable {
    let path = NSTemporaryDirectory() + "/remote-contract-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite("The contract of a remote with a causal log")
struct RemoteContractTests {
    private let folder: Scratch
    private let ann = ReplicaID(rawValue: 1)
    private let bob = ReplicaID(rawValue: 2)

    init() throws { folder = try Scratch() }

    private func change(_ replica: ReplicaID, _ number: UInt64, _ value: String, seen: UInt64 = 0) throws -> Change {
        let shelf = try #require(EntityName("shelf"))
        let key = try #require(RegisterKey(.reader, .other(shelf)))
        return try #require(
            Change(
                id: ChangeID(replica: replica, number: number), stamp: HybridTimestamp(milliseconds: 1_000),
                seen: SeenContext(through: seen), key: key, value: .other(.string(value)), extra: ["kept": .bool(true)])
        )
    }

    private func sync(
        _ remote: any Remote, as replica: ReplicaID, from cursor: StateCursor = .origin, push: [Change] = []
    ) async throws -> ExchangeReply {
        try await remote.exchange(
            Exchange(
                replica: replica, cursor: cursor, push: push, catalog: [], libraryVersion: nil, accountVersion: nil,
                spellsArticles: true))
    }

    @Test("gives pushed changes gapless places, and tells everyone who made what", arguments: Subject.allCases)
    func push(subject: Subject) async throws {
        let remote = try subject.make(folder)
        let push = [try change(ann, 1, "a"), try change(ann, 2, "b")]
        let mine = try await sync(remote, as: ann, push: push)
        #expect(mine.entries.map(\.sequence) == [1, 2])
        #expect(mine.entries.map(\.change) == push)
        #expect(try await sync(remote, as: bob).entries.map(\.change) == push)
    }

    @Test("takes a redelivered push once", arguments: Subject.allCases)
    func redelivery(subject: Subject) async throws {
        let remote = try subject.make(folder)
        let push = [try change(ann, 1, "a")]
        let first = try await sync(remote, as: ann, push: push)
        let second = try await sync(remote, as: ann, push: push)
        #expect(second.cursor == first.cursor)
        #expect(second.entries == first.entries)
    }

    @Test("answers a redelivered push behind the cursor too", arguments: Subject.allCases)
    func settled(subject: Subject) async throws {
        let remote = try subject.make(folder)
        let push = [try change(ann, 1, "a")]
        let first = try await sync(remote, as: ann, push: push)
        #expect(try await sync(remote, as: ann, from: first.cursor, push: push).settled == [1])
    }

    @Test("turns away another change under a used number, whole", arguments: Subject.allCases)
    func forked(subject: Subject) async throws {
        let remote = try subject.make(folder)
        _ = try await sync(remote, as: ann, push: [try change(ann, 1, "a")])
        let clone = [try change(ann, 1, "other"), try change(ann, 2, "more")]
        let error = await #expect(throws: RemoteError.self) { try await sync(remote, as: ann, push: clone) }
        #expect(error?.code == .replicaForked)
        #expect(try await sync(remote, as: bob).entries.count == 1)
    }

    @Test("turns away a number that skips one", arguments: Subject.allCases)
    func gap(subject: Subject) async throws {
        let remote = try subject.make(folder)
        let push = [try change(ann, 2, "a")]
        let error = await #expect(throws: RemoteError.self) { try await sync(remote, as: ann, push: push) }
        #expect(error?.code == .replicaForked)
    }

    @Test("refuses alone what claims to have seen too much, each time it comes", arguments: Subject.allCases)
    func refused(subject: Subject) async throws {
        let remote = try subject.make(folder)
        let push = [try change(ann, 1, "ahead", seen: 9), try change(ann, 2, "fine")]
        for _ in 0..<2 {
            let reply = try await sync(remote, as: ann, push: push)
            #expect(reply.refused.map(\.number) == [1])
            #expect(reply.refused.map(\.code) == [.seenAhead])
            #expect(reply.entries.map(\.change.id.number) == [2])
        }
    }

    @Test("does not know a cursor of another log", arguments: Subject.allCases)
    func prefix(subject: Subject) async throws {
        let remote = try subject.make(folder)
        let head = try await sync(remote, as: ann, push: [try change(ann, 1, "a")]).cursor
        let others = [
            StateCursor(epoch: head.epoch, sequence: 1, prefix: .zero),
            StateCursor(epoch: head.epoch, sequence: 7, prefix: head.prefix),
        ]
        for cursor in others {
            let error = await #expect(throws: RemoteError.self) { try await sync(remote, as: bob, from: cursor) }
            #expect(error?.code == .prefixMismatch)
            #expect(try await remote.commonCursor(of: [cursor, head]) == head)
        }
    }

    @Test("takes lost entries back at their old places, and has its old hashes again", arguments: Subject.allCases)
    func restore(subject: Subject) async throws {
        let (full, empty) = (try subject.make(folder), try Subject.model.make(folder))
        let whole = try await sync(
            full, as: ann, push: [try change(ann, 1, "a"), try change(ann, 2, "b"), try change(ann, 3, "c")])
        let common = try await empty.commonCursor(of: [whole.cursor])
        #expect(common.sequence == 0)
        let offer = RestoreOffer(
            common: common, entries: whole.entries.map { RestoreOffer.Entry(entry: $0, saw: []) })
        let reply = try await empty.restore(offer)
        #expect(reply.places == [1, 2, 3])
        #expect(reply.common.prefix == whole.cursor.prefix)
        #expect(try await empty.restore(offer).places == [1, 2, 3])
    }

    @Test("gives all registers with the cursor to go on from", arguments: Subject.allCases)
    func snapshot(subject: Subject) async throws {
        let remote = try subject.make(folder)
        _ = try await sync(remote, as: ann, push: [try change(ann, 1, "a"), try change(ann, 2, "b")])
        let head = try await sync(remote, as: bob, push: [try change(bob, 1, "c")]).cursor
        let page = try await remote.snapshotPage(after: nil)
        #expect(page.next == nil)
        #expect(page.cursor == head)
        #expect(page.versions.map(\.change.value) == [.other(.string("b")), .other(.string("c"))])
    }
}
