import CurlTransport
import SyncPorts
import Testing

import struct FoundationEssentials.Data

@Suite("answers that do not arrive", .timeLimit(.minutes(1)))
struct FailureTests {
    @Test("a port nobody listens on is unreachable, and the error asks for the server")
    func refused() async throws {
        var port: UInt16 = 0
        try await LoopbackServer.answering({ _ in answer() }) { port = $0.port }
        let request = HTTPRequest(url: "http://joe:secret@127.0.0.1:\(port)/path?token=hidden")
        let error = try await failure(of: request, over: transport())
        #expect(error.code == .unreachable)
        #expect(
            error.detail
                == "cannot reach 127.0.0.1:\(port): nothing is listening there; is the server running?")
    }

    @Test("a name without an address is an unresolved host")
    func unresolved() async throws {
        let error = try await failure(of: HTTPRequest(url: "http://nothing.invalid/"), over: transport())
        #expect(error.code == .unresolvedHost)
        #expect(error.detail.contains("nothing.invalid"))
    }

    @Test(
        "an answer that ends early or is not HTTP is broken, never a short body",
        arguments: [
            ("cut in the body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
            ("cut before the body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"),
            ("cut in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
            ("cut between chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"),
            (
                "cut before the last line",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n"
            ),
            (
                "a bad chunk size",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n"
            ),
            ("cut in the header", "HTTP/1.1 200 OK\r\nContent-Le"),
            ("cut after the status line", "HTTP/1.1 200 OK\r\n"),
            ("nothing at all", ""),
            ("another protocol", "SSH-2.0-OpenSSH_9.2\r\n"),
            ("an HTTP/0.9 page", "<html>hello</html>"),
            ("a status out of range", "HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n"),
            ("an interim answer alone", "HTTP/1.1 103 Early Hints\r\n\r\n"),
            ("not gzip", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"),
            (
                "an unknown coding",
                "HTTP/1.1 200 OK\r\nContent-Encoding: rot13\r\nContent-Length: 3\r\n\r\nabc"
            ),
        ])
    func broken(_ name: String, _ text: String) async throws {
        try await LoopbackServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            connection.write(text)
        }) { server in
            let error = try await failure(of: HTTPRequest(url: server.url()), over: transport())
            #expect(error.code == .brokenAnswer, "\(name): \(error)")
        }
    }

    @Test("a server that does not speak TLS is insecure or broken, not trusted")
    func notTLS() async throws {
        try await LoopbackServer.run({ connection in
            connection.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            connection.hang()
        }) { server in
            let error = try await failure(
                of: HTTPRequest(url: "https://127.0.0.1:\(server.port)/"), over: transport())
            #expect(error.code == .insecure)
        }
    }

    @Test("a server that never answers runs into the deadline")
    func neverAnswers() async throws {
        try await LoopbackServer.run({ $0.hang() }) { server in
            let request = HTTPRequest(url: server.url(), deadline: .milliseconds(50))
            let error = try await failure(of: request, over: transport())
            #expect(error.code == .timedOut)
            // No option allows more time.
            #expect(error.detail.hasSuffix("gave no complete answer within 0.05 s; try again later"), "\(error.detail)")
        }
    }

    @Test("a server that sends byte by byte without an end runs into the deadline")
    func trickles() async throws {
        try await LoopbackServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
            while connection.write("x") {}
        }) { server in
            let request = HTTPRequest(
                url: server.url(), maximumBodyBytes: 100_000_000, deadline: .milliseconds(50))
            try await #expect(failure(of: request, over: transport()).code == .timedOut)
        }
    }

    @Test("a request that waits for a free connection runs into its deadline")
    func waitsForConnection() async throws {
        let reached = Signal()
        try await LoopbackServer.run({ connection in
            if connection.readRequest() != nil { reached.fire() }
            connection.hang()
        }) { server in
            let sender = transport { $0.maximumConnections = 1 }
            let first = Task { try await sender.send(HTTPRequest(url: server.url())) }
            await reached.wait()
            let request = HTTPRequest(url: server.url(), deadline: .milliseconds(20))
            try await #expect(failure(of: request, over: sender).code == .timedOut)
            first.cancel()
            #expect(server.accepted == 1)
            _ = await first.result
        }
    }

    @Test("a deadline of nothing is over at once", arguments: [Duration.zero, .seconds(-5)])
    func noTime(_ deadline: Duration) async throws {
        try await LoopbackServer.run({ $0.hang() }) { server in
            let request = HTTPRequest(url: server.url(), deadline: deadline)
            try await #expect(failure(of: request, over: transport()).code == .timedOut)
        }
    }

    @Test("a deadline beyond all time is no error")
    func endlessTime() async throws {
        try await LoopbackServer.answering({ _ in answer() }) { server in
            let request = HTTPRequest(url: server.url(), deadline: .seconds(Int64.max))
            try await #expect(transport().send(request).status == 200)
        }
    }

    @Test(
        "what is no http or https URL, or cannot be sent safely, is refused before anything is sent",
        arguments: [
            "", "/path", "example.org", "http://", "ftp://127.0.0.1/", "file:///etc/passwd",
            "http://127.0.0.1:99999/", "http://127.0.0.1:0/", "http://exa mple/",
            "http://127.0.0.1\0.example/", "http://127.0.0.1/\r\nX: y", "http://[::1/",
        ])
    func invalidURL(_ url: String) async throws {
        try await #expect(failure(of: HTTPRequest(url: url), over: transport()).code == .invalidURL)
    }

    @Test("a request that would write header lines of its own is refused")
    func injection() async throws {
        let url = "http://127.0.0.1:1/"
        for field in [
            HTTPHeader("X", "a\r\nY: b"), HTTPHeader("X: a\r\nY", "b"), HTTPHeader("", "a"),
            HTTPHeader("X", "\0"),
        ] {
            #expect(
                try await failure(of: HTTPRequest(url: url, headers: [field]), over: transport()).code
                    == .invalidURL)
        }
        let request = HTTPRequest(method: "GET / HTTP/1.1\r\nX:", url: url)
        try await #expect(failure(of: request, over: transport()).code == .invalidURL)
    }
}
