import CurlTransport
import SyncPorts
import Synchronization
import Testing

@Suite("Bodies that are handed on as they come")
struct DownloadTests {
    private final class Bucket: BodyReceiver {
        let wanted: Int
        let isWanted: Bool
        let heads = Mutex<[HTTPResponse]>([])
        let bytes = Mutex<[UInt8]>([])

        init(wanted: Int = .max, isWanted: Bool = true) { (self.wanted, self.isWanted) = (wanted, isWanted) }

        func begin(_ head: HTTPResponse) -> Bool {
            heads.withLock { $0.append(head) }
            return isWanted
        }

        func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
            self.bytes.withLock {
                $0 += bytes
                return $0.count < wanted
            }
        }
    }

    @Test("the receiver has the head before the body, all of the body, and the answer has none")
    func whole() async throws {
        let text = String(repeating: "abcdefgh", count: 20_000)
        try await LoopbackServer.answering({ _ in answer("200 OK", ["ETag: \"x\""], text) }) { server in
            let bucket = Bucket()
            let response = try await CurlTransport().download(HTTPRequest(url: server.url()), to: bucket)
            #expect(response.status == 200 && response.body.isEmpty)
            #expect(bucket.heads.withLock { $0.map { $0.header("etag") } } == ["\"x\""])
            #expect(bucket.bytes.withLock { $0 } == Array(text.utf8))
        }
    }

    @Test("a redirect that is followed is not the receiver's")
    func redirect() async throws {
        try await LoopbackServer.answering({ request in
            request.hasPrefix("GET /a")
                ? answer("302 Found", ["Location: /b"], "moved") : answer("200 OK", [], "there")
        }) { server in
            let bucket = Bucket()
            let request = HTTPRequest(url: server.url("/a"), maximumRedirects: 1)
            let response = try await CurlTransport().download(request, to: bucket)
            #expect(response.effectiveURL == server.url("/b"))
            #expect(bucket.bytes.withLock { $0 } == Array("there".utf8))
        }
    }

    @Test("who wants no body, or no more of it, has the answer at once")
    func enough() async throws {
        try await LoopbackServer.run({ connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n0123456789")
            connection.hang()
        }) { server in
            let (none, some) = (Bucket(isWanted: false), Bucket(wanted: 5))
            for bucket in [none, some] {
                let response = try await CurlTransport().download(HTTPRequest(url: server.url()), to: bucket)
                #expect(response.status == 200)
            }
            #expect(none.bytes.withLock { $0.isEmpty } && some.bytes.withLock { $0.count } == 10)
        }
    }

    @Test("what came before the connection broke is the receiver's, and the limit holds")
    func broken() async throws {
        try await LoopbackServer.run({ connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789")
        }) { server in
            let bucket = Bucket()
            let error = await #expect(throws: TransportError.self) {
                try await CurlTransport().download(HTTPRequest(url: server.url()), to: bucket)
            }
            #expect(error?.code == .brokenAnswer && bucket.bytes.withLock { $0.count } == 10)
            let small = await #expect(throws: TransportError.self) {
                try await CurlTransport().download(HTTPRequest(url: server.url(), maximumBodyBytes: 9), to: Bucket())
            }
            #expect(small?.code == .tooLarge)
        }
    }
}
