import FoundationEssentials
import GRDB
import Gzip
import ReferenceServer
import SyncCore
import SyncProtocol
import SyncTestKit
import Testing

@Suite("A request") struct RequestTests {
    private func code(_ response: ServerResponse) throws -> Problem.Code? {
        #expect(response.headers["content-type"] == Route.problem)
        let problem = try WireCodec.decode(Problem.self, from: response.body)
        #expect(problem.status == response.status)
        return problem.code
    }

    @Test("without a good token is turned away everywhere but at hello", arguments: ["", "Bearer x", "Basic rs_"])
    func unauthorized(authorization: String) async throws {
        let server = try TestServer()
        let empty = try WireCodec.encode(
            SyncRequest(
                replica: ReplicaID(rawValue: 1), cursor: .origin, push: [], catalog: [], library: nil, account: nil,
                names: false))
        let paths = [
            ("POST", Route.sync), ("GET", Route.snapshot), ("POST", Route.common), ("POST", Route.restore),
            ("GET", "/v1/publications/p/g/tiles/0"), ("GET", "/v1/publications/p/g/tail"),
        ]
        for (method, path) in paths {
            let response = await server.server.respond(
                to: ServerRequest(
                    method: method, path: path, headers: ["authorization": authorization], body: empty))
            #expect(try code(response) == .unauthorized)
            #expect(response.headers["www-authenticate"] == "Bearer")
        }
        let hello = await server.server.respond(to: ServerRequest(method: "GET", path: Route.hello))
        let answer = try WireCodec.decode(HelloResponse.self, from: hello.body)
        #expect(answer.protocols == [1] && answer.time == server.clock.now())
    }

    @Test("with a revoked token is turned away at once")
    func revoked() async throws {
        let server = try TestServer()
        try await server.sync()
        let id = try #require(try server.store.devices().first?.id)
        try server.store.revokeDevice(id, at: server.clock.now())
        #expect(await server.problem { try await server.sync() } == .unauthorized)
    }

    @Test("by one reader's device never shows another reader's state")
    func separate() async throws {
        let server = try TestServer()
        try await server.sync(push: [change(1)])
        try server.store.addReader("bela", at: server.clock.now())
        var draw = SystemRandomNumberGenerator()
        let token = try server.store.addDevice("phone", of: "bela", at: server.clock.now(), using: &draw).token
        let other = try TestServer(folder: server.folder, token: token)
        #expect(try await other.sync(by: 0xb2).entries.elements.isEmpty)
    }

    @Test("leaves no token on disk, only its hash")
    func tokenHashed() async throws {
        let server = try TestServer()
        try await server.sync(push: [change(1)])
        let secret = Data(server.token.dropFirst(3).utf8)
        var files = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: server.folder.path) {
            let bytes = try Data(contentsOf: URL(filePath: server.folder.path + "/" + name))
            #expect(bytes.firstRange(of: secret) == nil)
            files += 1
        }
        #expect(files > 0)
        let queue = try DatabaseQueue(path: server.folder.path + "/server.sqlite")
        let hash = try await queue.read { try Data.fetchOne($0, sql: "SELECT token_hash FROM device") }
        #expect(hash == Data(SHA256.hash(Array(server.token.utf8))))
    }

    @Test("to an unknown path or with a wrong method gets a problem")
    func wrongPath() async throws {
        let server = try TestServer()
        #expect(try code(await server.send("GET", "/v1/nothing")) == .notFound)
        #expect(try code(await server.send("GET", "/")) == .notFound)
        let wrong = await server.send("GET", Route.sync)
        #expect(try code(wrong) == .methodNotAllowed && wrong.headers["allow"] == "POST")
        #expect(try code(await server.send("POST", Route.snapshot)) == .methodNotAllowed)
    }

    @Test("that is not JSON, or not this message, is malformed", arguments: ["", "{", "[]", "{\"protocol\":1}"])
    func malformed(body: String) async throws {
        let server = try TestServer()
        for path in [Route.sync, Route.common, Route.restore] {
            #expect(try code(await server.send("POST", path, body: Data(body.utf8))) == .malformed)
        }
    }

    @Test("of another protocol version is told so, whatever else is in it")
    func version() async throws {
        let server = try TestServer()
        let response = await server.send("POST", Route.sync, body: Data("{\"protocol\":2,\"news\":[]}".utf8))
        #expect(try code(response) == .versionMismatch)
    }

    @Test("over a limit is turned away before it is read")
    func limits() async throws {
        let server = try TestServer()
        let large = Data(repeating: 0x20, count: Limits.requestBytes + 1)
        #expect(try code(await server.send("POST", Route.sync, body: large)) == .tooLarge)
        let many = (1...UInt64(Limits.pushChanges + 1)).map { change($0) }
        #expect(await server.problem { try await server.sync(push: many) } == .overLimit)
        let cursors = [StateCursor](repeating: .origin, count: Limits.commonCursors + 1)
        let common = try WireCodec.encode(CommonRequest(cursors: cursors))
        #expect(try code(await server.send("POST", Route.common, body: common)) == .overLimit)
    }

    private func sync(gzip body: Data, _ server: TestServer) async -> ServerResponse {
        await server.server.respond(
            to: ServerRequest(
                method: "POST", path: Route.sync,
                headers: ["authorization": "Bearer " + server.token, "content-encoding": "gzip"], body: body))
    }

    @Test("as gzip is the same as plain, and bounded once unpacked")
    func packed() async throws {
        let server = try TestServer()
        let message = try WireCodec.encode(
            SyncRequest(
                replica: ReplicaID(rawValue: 0xa1), cursor: .origin, push: (1...50).map { change($0) }, catalog: [],
                library: nil, account: nil, names: false))
        let body = try #require(Gzip.packed(message, level: 6))
        let response = await sync(gzip: body, server)
        #expect(try WireCodec.decode(SyncResponse.self, from: response.body).entries.elements.count == 50)
        #expect(try code(await sync(gzip: body.dropLast(), server)) == .malformed)
        #expect(try code(await sync(gzip: Data("{}".utf8), server)) == .malformed)
        let bomb = try #require(Gzip.packed(Data(repeating: 0x20, count: Limits.requestBytes + 1), level: 9))
        #expect(bomb.count < 10_000)
        #expect(try code(await sync(gzip: bomb, server)) == .tooLarge)
    }

    @Test("with a body of another coding or type is told what to send instead")
    func media() async throws {
        let server = try TestServer()
        for (name, value) in [("content-encoding", "br"), ("content-type", "text/plain")] {
            let response = await server.server.respond(
                to: ServerRequest(
                    method: "POST", path: Route.sync,
                    headers: ["authorization": "Bearer " + server.token, name: value]))
            #expect(try code(response) == .unsupportedMedia)
            #expect(response.headers["accept-encoding"] == "gzip")
        }
    }

    /// A push of three, with `second` as the text of the second change.
    private func push(_ second: String) -> Data {
        let good = { (number: Int) in
            #"{"number":\#(number),"stamp":[1000,0],"seen":0,"other":["k","n"],"field":"x:f","value":1}"#
        }
        let cursor = #"{"epoch":"0000000000000000","sequence":0,"prefix":"00000000000000000000000000000000"}"#
        return Data(
            """
            {"protocol":1,"replica":"00000000000000a1","cursor":\(cursor),"catalog":[],"names":false,
            "push":[\(good(1)),\(second),\(good(3))]}
            """.utf8)
    }

    @Test("with one bad change among good ones loses only that one, also when it comes again")
    func oneBadChange() async throws {
        let server = try TestServer()
        let body = push(#"{"number":2,"stamp":"when","color":"red"}"#)
        for _ in 0..<2 {
            let response = await server.send("POST", Route.sync, body: body)
            try #require(response.status == 200)
            let answer = try WireCodec.decode(SyncResponse.self, from: response.body)
            #expect(answer.own == [1, 3] && answer.sequences == [1, 2])
            #expect(answer.refused.map(\.number) == [2] && answer.refused.map(\.code) == ["malformed"])
        }
        let other = await server.send("POST", Route.sync, body: push(#"{"number":2,"stamp":"then"}"#))
        #expect(try code(other) == .replicaForked)
    }

    @Test("with a change whose number cannot be read is malformed as a whole")
    func numberless() async throws {
        let server = try TestServer()
        #expect(try code(await server.send("POST", Route.sync, body: push(#"{"stamp":[1,0]}"#))) == .malformed)
        #expect(try await server.log().isEmpty)
    }

    @Test("with changes out of order is malformed")
    func disorder() async throws {
        let server = try TestServer()
        #expect(await server.problem { try await server.sync(push: [change(2), change(1)]) } == .malformed)
        #expect(await server.problem { try await server.sync(push: [change(1), change(1)]) } == .malformed)
    }

    @Test("notes when the device was last seen, at most once an hour")
    func lastSeen() async throws {
        let server = try TestServer()
        let start = server.clock.now()
        try await server.sync()
        server.clock.advance(by: 60_000)
        try await server.sync()
        #expect(try server.store.devices().first?.lastUsed == start.milliseconds)
        server.clock.advance(by: 3_600_000)
        try await server.sync()
        #expect(try server.store.devices().first?.lastUsed == server.clock.now().milliseconds)
    }
}
