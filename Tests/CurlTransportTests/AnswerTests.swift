import CurlTransport
import SyncPorts
import Testing

import struct FoundationEssentials.Data

@Suite("answers that arrive", .timeLimit(.minutes(1)))
struct AnswerTests {
    @Test("a GET sends its header fields and gets status, header and body")
    func get() async throws {
        try await LoopbackServer.answering({ _ in answer("203 Fine", ["X-One: 1", "x-two:  b  "], "hello") }) {
            server in
            let request = HTTPRequest(url: server.url("/a?b=c#d"), headers: [HTTPHeader("X-Mine", "yes")])
            let response = try await transport().send(request)
            #expect(response.status == 203)
            #expect(response.header("x-one") == "1")
            #expect(response.header("X-Two") == "b")
            #expect(response.body == Data("hello".utf8))
            #expect(response.effectiveURL == server.url("/a?b=c"))
            let sent = try #require(server.requests.first)
            #expect(sent.hasPrefix("GET /a?b=c HTTP/1.1\r\n"))
            #expect(sent.contains("\r\nX-Mine: yes\r\n"))
            #expect(sent.contains("\r\nUser-Agent: reader-sync/0.1\r\n"))
        }
    }

    @Test("blanks and letters beyond ASCII in a URL are percent-encoded")
    func encoded() async throws {
        try await LoopbackServer.answering({ _ in answer() }) { server in
            let response = try await transport().send(HTTPRequest(url: server.url("/a b/é?q=ü")))
            #expect(response.effectiveURL == server.url("/a%20b/%c3%a9?q=%c3%bc"))
        }
    }

    @Test("a POST sends its body and nothing the caller did not ask for")
    func post() async throws {
        try await LoopbackServer.answering({ _ in answer() }) { server in
            let body = String(repeating: "x", count: 2 << 20)
            let request = HTTPRequest(
                method: "POST", url: server.url(), headers: [HTTPHeader("Content-Length", "3")],
                body: Data(body.utf8))
            try await #expect(transport().send(request).status == 200)
            let sent = try #require(server.requests.first)
            #expect(sent.hasPrefix("POST / HTTP/1.1\r\n"))
            #expect(sent.hasSuffix("\r\n\r\n" + body))
            #expect(!sent.contains("Expect:"))
            #expect(!sent.contains("Content-Type:"))
        }
    }

    @Test("an empty header field and an empty body are sent as such")
    func empty() async throws {
        try await LoopbackServer.answering({ _ in answer() }) { server in
            let request = HTTPRequest(
                method: "POST", url: server.url(), headers: [HTTPHeader("X-Empty", "")], body: Data())
            _ = try await transport().send(request)
            let sent = try #require(server.requests.first)
            #expect(sent.contains("\r\nX-Empty:\r\n"))
            #expect(sent.contains("\r\nContent-Length: 0\r\n"))
        }
    }

    @Test("a header field of the caller replaces the configured user agent")
    func userAgent() async throws {
        try await LoopbackServer.answering({ _ in answer() }) { server in
            let sender = transport { $0.userAgent = "feed-reader/9" }
            _ = try await sender.send(HTTPRequest(url: server.url()))
            _ = try await sender.send(
                HTTPRequest(url: server.url(), headers: [HTTPHeader("user-agent", "mine")]))
            #expect(server.requests[0].contains("User-Agent: feed-reader/9\r\n"))
            #expect(server.requests[1].contains("user-agent: mine\r\n"))
            #expect(!server.requests[1].contains("feed-reader"))
        }
    }

    @Test("a gzip body is decompressed")
    func gzip() async throws {
        // printf hello | gzip -n
        let packed: [UInt8] = [
            0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 7, 0, 0x86, 0xa6, 0x10, 0x36, 5,
            0, 0, 0,
        ]
        try await LoopbackServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            connection.write(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n")
            connection.write(packed)
        }) { server in
            let response = try await transport().send(HTTPRequest(url: server.url(), maximumBodyBytes: 5))
            #expect(response.body == Data("hello".utf8))
            #expect(
                try #require(server.requests.first).lowercased().contains("accept-encoding: deflate, gzip"))
        }
    }

    @Test("a chunked body is put together and its trailers stay out of the header")
    func chunked() async throws {
        let text =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Late: 1\r\n\r\n"
        try await LoopbackServer.answering({ _ in text }) { server in
            let response = try await transport().send(HTTPRequest(url: server.url()))
            #expect(response.body == Data("abcde".utf8))
            #expect(response.header("x-late") == nil)
        }
    }

    @Test("an interim answer is passed over, its header fields with it")
    func interim() async throws {
        let hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
        try await LoopbackServer.answering({ _ in hints + answer("200 OK", [], "x") }) { server in
            let response = try await transport().send(HTTPRequest(url: server.url()))
            #expect(response.status == 200)
            #expect(response.header("link") == nil)
        }
    }

    @Test("a 304 and a HEAD answer may name a length above the limit, for no body follows")
    func announcedOnly() async throws {
        try await LoopbackServer.answering({ request in
            let status = request.hasPrefix("HEAD") ? "200 OK" : "304 Not Modified"
            return "HTTP/1.1 \(status)\r\nContent-Length: 1000\r\n\r\n"
        }) { server in
            let sender = transport()
            let get = HTTPRequest(url: server.url(), maximumBodyBytes: 10)
            try await #expect(sender.send(get).status == 304)
            let head = HTTPRequest(method: "HEAD", url: server.url(), maximumBodyBytes: 10)
            try await #expect(sender.send(head).status == 200)
        }
    }

    @Test("twenty requests one after the other share one connection")
    func keepAlive() async throws {
        try await LoopbackServer.answering({ _ in answer("200 OK", [], "x") }) { server in
            let sender = transport()
            for _ in 0..<20 { _ = try await sender.send(HTTPRequest(url: server.url())) }
            #expect(server.accepted == 1)
            #expect(server.requests.count == 20)
        }
    }

    @Test("a hundred requests at once all get their own answer over at most six connections")
    func concurrent() async throws {
        try await LoopbackServer.answering({ request in
            answer("200 OK", [], String(request.split(separator: " ")[1]))
        }) { server in
            let sender = transport()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        let response = try await sender.send(HTTPRequest(url: server.url("/\(number)")))
                        #expect(response.body == Data("/\(number)".utf8))
                    }
                }
                try await group.waitForAll()
            }
            #expect((1...6).contains(server.accepted))
        }
    }

    @Test("a kept connection the server has closed is replaced")
    func closedInBetween() async throws {
        try await LoopbackServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            connection.write(answer("200 OK", [], "x"))
        }) { server in
            let sender = transport()
            for _ in 0..<5 { try await #expect(sender.send(HTTPRequest(url: server.url())).status == 200) }
            #expect(server.accepted == 5)
        }
    }

    @Test("a transport that is let go closes its connections")
    func letGo() async throws {
        let closed = Signal()
        try await LoopbackServer.run({ connection in
            while connection.readRequest() != nil { connection.write(answer()) }
            closed.fire()
        }) { server in
            do {
                let sender = transport()
                _ = try await sender.send(HTTPRequest(url: server.url()))
            }
            await closed.wait()
        }
    }
}
