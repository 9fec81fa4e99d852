import CurlTransport
import FoundationEssentials
import Logging
import ReferenceServer
import ServerHTTP
import SyncCore
import SyncPorts
import SyncProtocol
import Testing

@Suite("Over HTTP") struct HTTPServiceTests {
    @Test("a client greets and syncs")
    func sync() async throws {
        try await LiveServer.run { server in
            let hello = try await server.send("GET", Route.hello)
            #expect(hello.status == 200 && hello.header("content-type") == Route.json)
            let answer = try await server.sync()
            #expect(answer.status == 200)
            let message = try WireCodec.decode(SyncResponse.self, from: answer.body)
            #expect(message.cursor.epoch == 42 && message.account?.name == "anna")
        }
    }

    @Test("a problem has its media type and status")
    func problem() async throws {
        try await LiveServer.run { server in
            let answer = try await server.send("GET", "/nowhere?x=1")
            #expect(answer.status == 404 && answer.header("content-type") == Route.problem)
        }
    }

    @Test("a body over the limit is turned away before it is read")
    func tooLarge() async throws {
        try await LiveServer.run { server in
            let answer = try await server.send(
                "POST", Route.sync, body: Data(repeating: 32, count: Limits.requestBytes + 1))
            #expect(answer.status == 413)
            #expect(try await server.sync().status == 200)
        }
    }

    @Test("an answer worth it is compressed for who takes gzip, and the same once unpacked")
    func compression() async throws {
        try await LiveServer.run { server in
            let text = String(repeating: "Yes, send me offers. ", count: 200)
            let wording = ConsentWording(
                purpose: try #require(EntityName("brandOffers")), version: "2", text: text, policyVersion: "1",
                termsVersion: "1")
            try server.store.publish(newsletters: [], wordings: [wording], at: Now().now())
            let plain = try await server.sync([HTTPHeader("Accept-Encoding", "identity")])
            let packed = try await server.sync([HTTPHeader("Accept-Encoding", "gzip")])
            #expect(plain.header("content-encoding") == nil && plain.header("vary") == "accept-encoding")
            #expect(packed.header("content-encoding") == "gzip" && packed.body == plain.body)
            let length = try #require(packed.header("content-length").flatMap { Int($0) })
            #expect(length < plain.body.count / 4)
            let small = try await server.send("GET", Route.hello, [HTTPHeader("Accept-Encoding", "gzip")])
            #expect(small.header("content-encoding") == nil)
        }
    }

    @Test("many clients at once are all answered")
    func concurrent() async throws {
        try await LiveServer.run { server in
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<50 { group.addTask { try await server.sync().status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(answers == [Int](repeating: 200, count: 50))
        }
    }

    @Test("hundreds wait at once and hold no thread; all are told, and who goes away is not waited for")
    func waiting() async throws {
        try await LiveServer.run { server in
            let room = try #require(server.room)
            let first = try await server.send("GET", Route.watch)
            let token = try WireCodec.decode(WatchResponse.self, from: first.body).token
            let clients = (0..<300).map { _ in CurlTransport() }
            let before = Self.threads()
            try await withThrowingTaskGroup(of: String.self) { group in
                var readers: [String] = []
                for number in 0..<10 { readers.append(try server.reader("r\(number)")) }
                for (number, client) in clients.enumerated() {
                    let own = readers[number % 10]
                    group.addTask {
                        let known = try await server.send("GET", Route.watch, as: own, by: client)
                        let after = try WireCodec.decode(WatchResponse.self, from: known.body).token
                        let news = try await server.send("GET", Route.watch + "?after=\(after)", as: own, by: client)
                        let now = try WireCodec.decode(WatchResponse.self, from: news.body).token
                        return now == after ? "nothing" : "news"
                    }
                }
                while await room.count < 300 { await Task.yield() }
                // Each client has a thread of its own; the server has no more than before.
                #expect(Self.threads() - before < 300 + 20)
                #expect(try await server.sync().status == 200)
                try server.store.publish(newsletters: [], wordings: [try Self.wording()], at: Now().now())
                let told = try await group.reduce(into: [String]()) { $0.append($1) }
                #expect(told == [String](repeating: "news", count: 300))
            }
            let now = try await server.send("GET", Route.watch)
            let after = try WireCodec.decode(WatchResponse.self, from: now.body).token
            #expect(after != token)
            let lost = Task { try await server.send("GET", Route.watch + "?after=\(after)") }
            while await room.count == 0 { await Task.yield() }
            lost.cancel()
            while await room.count > 0 { await Task.yield() }
        }
    }

    private static func threads() -> Int {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []).count
    }

    private static func wording() throws -> ConsentWording {
        ConsentWording(
            purpose: try #require(EntityName("brandOffers")), version: "9", text: "May we?", policyVersion: "1",
            termsVersion: "1")
    }
}
