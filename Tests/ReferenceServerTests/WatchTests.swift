import FoundationEssentials
import ReferenceServer
import SyncCore
import SyncPorts
import SyncProtocol
import SyncTestKit
import Testing

/// Lets a millisecond pass, whatever was asked for.
private struct ShortSleeper: Sleeper {
    func sleep(for duration: Duration) async throws { try await Task.sleep(for: .milliseconds(1)) }
}

@Suite("Waiting for news")
struct WatchTests {
    let server: TestServer
    let room: WatchRoom
    let waiting: ReferenceServer

    init() throws {
        server = try TestServer()
        var limits = WatchRoom.Limits()
        (limits.requests, limits.perReader) = (40, 30)
        room = WatchRoom(source: server.store, sleeper: ShortSleeper(), limits: limits)
        waiting = ReferenceServer(store: server.store, clock: server.clock, room: room)
    }

    private func ask(_ query: String, token: String? = nil) async -> ServerResponse {
        await waiting.respond(
            to: ServerRequest(
                method: "GET", path: Route.watch, query: query,
                headers: ["authorization": "Bearer " + (token ?? server.token)]))
    }

    private func token(_ response: ServerResponse) throws -> String {
        #expect(response.status == 200)
        return try WireCodec.decode(WatchResponse.self, from: response.body).token
    }

    /// Begins to wait, and returns once that is so.
    private func begin(_ token: String, as own: String? = nil) async -> Task<ServerResponse, Never> {
        let before = await room.count
        let task = Task { await ask("after=\(token)", token: own) }
        while await room.count == before { await Task.yield() }
        return task
    }

    @Test("without a token the answer comes at once, and again the same")
    func first() async throws {
        let one = try token(await ask(""))
        #expect(try token(await ask("after=old")) == one)
        #expect(try token(await ask("after=\(one)&wait=0")) == one)
    }

    @Test("new articles wake who waits, with another token")
    func articles() async throws {
        let before = try token(await ask(""))
        let task = await begin(before)
        try await server.ingest(articles: 2)
        let after = try token(await task.value)
        #expect(after != before)
        #expect(try token(await ask("")) == after)
        #expect(await room.count == 0)
    }

    @Test("what another process writes wakes as well")
    func otherProcess() async throws {
        let task = await begin(try token(await ask("")))
        let other = try TestServer(folder: server.folder, token: server.token)
        try await other.ingest(articles: 1)
        _ = try token(await task.value)
    }

    @Test("when the time is up the token is the same")
    func timeUp() async throws {
        let before = try token(await ask(""))
        #expect(try token(await ask("after=\(before)&wait=1")) == before)
    }

    @Test("what another reader does wakes nobody")
    func otherReader() async throws {
        try server.store.addReader("ben", at: server.clock.now())
        var draw = RandomDraw(SeededRandomSource(seed: 5))
        let ben = try server.store.addDevice("phone", of: "ben", at: server.clock.now(), using: &draw).token
        let own = await begin(try token(await ask("")))
        let his = await begin(try token(await ask("", token: ben)), as: ben)
        try await server.sync(push: [change(1)])
        _ = try token(await own.value)
        #expect(await room.count == 1)
        his.cancel()
        _ = await his.value
        #expect(await room.count == 0)
    }

    @Test("more than a reader's share are turned away, and one that leaves makes room")
    func limits() async throws {
        let before = try token(await ask(""))
        var tasks: [Task<ServerResponse, Never>] = []
        for _ in 0..<30 { tasks.append(await begin(before)) }
        let refused = await ask("after=\(before)")
        #expect(refused.status == 503 && refused.headers["retry-after"] != nil)
        tasks.removeLast().cancel()
        while await room.count == 30 { await Task.yield() }
        tasks.append(await begin(before))
        await room.close()
        for task in tasks { #expect(try token(await task.value) == before) }
        #expect(try token(await ask("after=\(before)")) == before, "a closed room lets nobody wait")
    }

    @Test("who has no good token, or asks for nonsense, is told so")
    func refused() async throws {
        #expect(await ask("", token: "wrong").status == 401)
        #expect(await ask("after=\(String(repeating: "a", count: 65))").status == 400)
        #expect(await ask("wait=soon").status == 400)
        #expect(await ask("wait=-1").status == 400)
        #expect(await server.send("GET", Route.watch).status == 404, "a server without a room")
    }
}
