import Foundation
import HTTPRemote
import ReferenceServer
import SQLiteReplica
import SyncCore
import SyncPorts
import SyncSession
import SyncTestKit
import Synchronization
import Testing

/// A real server that may be put back to a backup, as the network of some devices; what happens between a snapshot's
/// first and second page is told to it.
private final class RestorableServer: HTTPTransport {
    private struct State {
        var store: SQLiteServerStore
        var betweenPages: (@Sendable () async throws -> Void)?
        var afterPages: (@Sendable () async throws -> Void)?
        var firstPages = 0
    }

    let scratch: Scratch
    let clock = ManualClock()
    private let random = SeededRandomSource(seed: 5)
    private let state: Mutex<State>

    init() throws {
        scratch = try Scratch()
        let store = try SQLiteServerStore(path: scratch.file("server.sqlite"), clock: clock, random: random)
        try store.addReader("ann", at: clock.now())
        state = Mutex(State(store: store))
    }

    var store: SQLiteServerStore { state.withLock { $0.store } }

    var firstPages: Int { state.withLock { $0.firstPages } }

    func betweenPages(_ work: @escaping @Sendable () async throws -> Void) {
        state.withLock { $0.betweenPages = work }
    }

    func afterPages(_ work: @escaping @Sendable () async throws -> Void) { state.withLock { $0.afterPages = work } }

    func backUp() throws { try store.backUp(to: scratch.file("backup.sqlite")) }

    func putBack() throws {
        let store = try SQLiteServerStore(path: scratch.file("backup.sqlite"), clock: clock, random: random)
        state.withLock { $0.store = store }
    }

    func device(_ seed: UInt64) throws -> Device {
        var draw = RandomDraw(SeededRandomSource(seed: seed))
        let token = try store.addDevice("device \(seed)", of: "ann", at: clock.now(), using: &draw).token
        let remote = try HTTPRemote(baseURL: "http://server", token: token, transport: self, directory: NoArticles())
        return try Device(seed, remote: remote, clock: clock, scratch: scratch)
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        guard let url = URLComponents(string: request.url) else { throw TransportError(.invalidURL, "not a URL") }
        let isPage = url.path == "/v1/state/snapshot"
        if isPage { try await pass(isLater: url.percentEncodedQuery != nil) }
        let headers = Dictionary(request.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }
        let answer = await ReferenceServer(store: store, clock: clock).respond(
            to: ServerRequest(
                method: request.method, path: url.path, query: url.percentEncodedQuery ?? "", headers: headers,
                body: request.body ?? Data()))
        if isPage, url.percentEncodedQuery != nil {
            try await run(state.withLock { state in state.afterPages.take() })
        }
        return HTTPResponse(
            status: answer.status, headers: answer.headers.map { HTTPHeader($0.key, $0.value) }, body: answer.body,
            effectiveURL: request.url)
    }

    private func pass(isLater: Bool) async throws(TransportError) {
        guard isLater else { return state.withLock { $0.firstPages += 1 } }
        try await run(state.withLock { state in state.betweenPages.take() })
    }

    private func run(_ work: (@Sendable () async throws -> Void)?) async throws(TransportError) {
        do {
            try await work?()
        } catch {
            throw TransportError(.unreachable, "\(error)")
        }
    }
}

private struct NoArticles: ArticleDirectory {
    func articles(named names: [(publication: UInt32, number: UInt64)]) -> [ArticleID?] { names.map { _ in nil } }
    func names(of articles: [ArticleID]) -> [ArticleName?] { articles.map { _ in nil } }
}

@Suite("A snapshot in pages, taken while others write")
struct SnapshotPagesTests {
    private let server: RestorableServer
    private let first: Device
    private let second: Device
    /// In the order of snapshots it stands behind all articles, and so on the second page.
    private let seat = Entity.other(kind: name("zzz"), name: name("seat"))

    private func sets(_ value: String) -> Edit { edit(seat, .other(name("shelf")), .other(.string(value))) }

    /// A compacted server with registers for two pages, two devices that hold them all.
    init() async throws {
        server = try RestorableServer()
        first = try server.device(1)
        second = try server.device(2)
        try first.mark((1...1_000).map { saved($0) })
        try first.mark([sets("free")])
        try await first.sync()
        try await second.sync()
        server.clock.advance(by: 10_000)
        _ = try server.store.compact(keeping: .seconds(5), now: server.clock.now())
    }

    @Test("shows nothing that a server which is put back to its cursor no longer has, and takes in what comes instead")
    func putBackToCursor() async throws {
        let (server, first, second) = (server, first, second)
        let third = try server.device(3)
        try server.backUp()
        server.betweenPages {
            try first.mark([sets("taken by the first")])
            try await first.sync()
        }
        server.afterPages {
            try server.putBack()
            // What the log has at that sequence now.
            try second.mark([sets("taken by the second")])
            try await second.sync()
        }
        let report = try await third.sync()
        #expect(report.failure == nil && server.firstPages == 1)
        #expect(try third.state == second.state)
        // The first device brings back what was lost, and all agree.
        for device in [first, second, third] { try await device.sync() }
        #expect(try first.state == second.state)
        #expect(try third.state == first.state)
        let fresh = try server.device(4)
        try await fresh.sync()
        #expect(try fresh.state == third.state)
    }

    @Test("tells one state though its second page was overtaken, and the log brings the rest")
    func overtakenBetweenPages() async throws {
        let (server, first) = (server, first)
        let third = try server.device(3)
        server.betweenPages {
            try first.mark([sets("one"), saved(1_000, false)])
            try await first.sync()
            try first.mark([sets("two"), saved(2_000)])
            try await first.sync()
        }
        let report = try await third.sync()
        #expect(report.failure == nil && server.firstPages == 1)
        #expect(try third.state == first.state)
    }

    @Test("begins anew if the server compacts past its cursor between two pages")
    func compactedBetweenPages() async throws {
        let (server, first) = (server, first)
        let third = try server.device(3)
        server.betweenPages {
            try first.mark([sets("later")])
            try await first.sync()
            server.clock.advance(by: 10_000)
            _ = try server.store.compact(keeping: .seconds(5), now: server.clock.now())
        }
        let report = try await third.sync()
        #expect(report.failure == nil && report.repairs == [.snapshotTaken] && server.firstPages == 2)
        #expect(try third.state == first.state)
    }
}
