import CurlTransport
import SyncPorts
import Testing

import struct FoundationEssentials.Data

@Suite("redirects", .timeLimit(.minutes(1)))
struct RedirectTests {
    private let secrets = [HTTPHeader("Authorization", "Bearer sesame"), HTTPHeader("cookie", "a=b")]

    private func redirecting(_ location: String, status: String = "302 Found") -> @Sendable (String) -> String {
        {
            $0.contains(" /start")
                ? answer(status, ["Location: \(location)"], "gone") : answer("200 OK", [], "here")
        }
    }

    @Test("a redirect is handed to the caller by default")
    func notFollowed() async throws {
        try await LoopbackServer.answering(redirecting("/end")) { server in
            let response = try await transport().send(HTTPRequest(url: server.url("/start")))
            #expect(response.status == 302)
            #expect(response.header("location") == "/end")
            #expect(response.body == Data("gone".utf8))
            #expect(server.requests.count == 1)
        }
    }

    @Test(
        "a redirect is followed when the request allows it",
        arguments: ["/a/end", "end", "?q=1", "//HOST/x", "/a b"])
    func followed(_ location: String) async throws {
        try await LoopbackServer.answering({ request in
            let host = request.split(separator: "\r\n").first { $0.hasPrefix("Host: ") }?.dropFirst(6) ?? ""
            let target = location.hasPrefix("//HOST") ? "//\(host)/x" : location
            return request.contains(" /a/start ")
                ? answer("302 Found", ["Location: \(target)"], "gone") : answer("200 OK", [], "here")
        }) { server in
            let request = HTTPRequest(url: server.url("/a/start"), maximumRedirects: 1)
            let response = try await transport().send(request)
            #expect(response.status == 200)
            #expect(response.body == Data("here".utf8))
            let expected = [
                "/a/end": "/a/end", "end": "/a/end", "?q=1": "/a/start?q=1", "//HOST/x": "/x",
                "/a b": "/a%20b",
            ]
            #expect(response.effectiveURL == server.url(try #require(expected[location])))
            #expect(server.accepted == 1)
        }
    }

    @Test(
        "a redirect to anything but http and https is refused",
        arguments: [
            "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:1/x", "javascript:alert(1)",
            "http://",
        ])
    func refusedScheme(_ location: String) async throws {
        try await LoopbackServer.answering(redirecting(location)) { server in
            let request = HTTPRequest(url: server.url("/start"), maximumRedirects: 5)
            try await #expect(failure(of: request, over: transport()).code == .invalidURL)
        }
    }

    @Test("a circle of redirects ends at the limit")
    func limit() async throws {
        try await LoopbackServer.answering(redirecting("/start")) { server in
            let request = HTTPRequest(url: server.url("/start"), maximumRedirects: 3)
            try await #expect(failure(of: request, over: transport()).code == .tooManyRedirects)
            #expect(server.requests.count == 4)
        }
    }

    @Test("credentials stay within their origin, and do not come back to it")
    func credentialsDropped() async throws {
        try await LoopbackServer.answering({ _ in answer("200 OK", [], "x") }) { home in
            try await LoopbackServer.answering({ _ in answer("302 Found", ["Location: \(home.url("/back"))"])
            }) { far in
                try await LoopbackServer.answering({ _ in answer("307 Go", ["Location: \(far.url())"]) }) {
                    start in
                    let request = HTTPRequest(
                        url: start.url(), headers: secrets + [HTTPHeader("X-Kept", "1")],
                        maximumRedirects: 2)
                    try await #expect(transport().send(request).status == 200)
                    #expect(
                        start.requests.allSatisfy { $0.contains("Bearer sesame") && $0.contains("a=b") })
                    for foreign in far.requests + home.requests {
                        #expect(
                            !foreign.lowercased().contains("authorization") && !foreign.contains("a=b"))
                        #expect(foreign.contains("X-Kept: 1"))
                    }
                    #expect(far.requests.count == 1 && home.requests.count == 1)
                }
            }
        }
    }

    @Test("credentials are kept on a redirect within the origin")
    func credentialsKept() async throws {
        try await LoopbackServer.answering(redirecting("/end")) { server in
            let request = HTTPRequest(url: server.url("/start"), headers: secrets, maximumRedirects: 1)
            _ = try await transport().send(request)
            #expect(server.requests.last?.contains("Authorization: Bearer sesame") == true)
        }
    }

    @Test("credentials of the URL stay within their origin and out of the effective URL")
    func urlCredentials() async throws {
        try await LoopbackServer.answering({ _ in answer() }) { far in
            let foreign = "http://evil:gift@127.0.0.1:\(far.port)/"
            try await LoopbackServer.answering({ _ in answer("302 Found", ["Location: \(foreign)"]) }) {
                start in
                let url = "http://joe:secret@127.0.0.1:\(start.port)/"
                let response = try await transport().send(HTTPRequest(url: url, maximumRedirects: 1))
                #expect(start.requests.first?.contains("Authorization: Basic am9lOnNlY3JldA==") == true)
                #expect(far.requests.first?.contains("Authorization") == false)
                #expect(response.effectiveURL == far.url())
                try await #expect(transport().send(HTTPRequest(url: url)).effectiveURL == start.url())
            }
        }
    }

    @Test(
        "a redirected POST keeps its method and body only on 307 and 308",
        arguments: [
            ("301 Moved", "GET"), ("302 Found", "GET"), ("303 See Other", "GET"), ("307 Temporary", "POST"),
            ("308 Permanent", "POST"),
        ])
    func method(_ status: String, _ method: String) async throws {
        try await LoopbackServer.answering(redirecting("/end", status: status)) { server in
            let request = HTTPRequest(
                method: "POST", url: server.url("/start"),
                headers: [HTTPHeader("Content-Type", "text/plain")],
                body: Data("stuff".utf8), maximumRedirects: 1)
            _ = try await transport().send(request)
            let sent = try #require(server.requests.last)
            #expect(sent.hasPrefix("\(method) /end "))
            #expect(sent.hasSuffix("stuff") == (method == "POST"))
            #expect(sent.contains("Content-Type") == (method == "POST"))
        }
    }

    @Test("the body of a redirect counts neither for the limit nor for the wait")
    func endlessRedirectBody() async throws {
        try await LoopbackServer.run({ connection in
            while let request = connection.readRequest() {
                guard request.contains(" /start") else {
                    connection.write(answer("200 OK", [], "x"))
                    continue
                }
                connection.write("HTTP/1.1 302 Found\r\nLocation: /end\r\n\r\n")
                while connection.write([UInt8](repeating: 0, count: 4096)) {}
                return
            }
        }) { server in
            let request = HTTPRequest(url: server.url("/start"), maximumBodyBytes: 1, maximumRedirects: 1)
            try await #expect(transport().send(request).status == 200)
        }
    }

    @Test("the deadline covers all redirects together")
    func deadline() async throws {
        try await LoopbackServer.answering(redirecting("/start")) { server in
            let request = HTTPRequest(
                url: server.url("/start"), deadline: .milliseconds(50), maximumRedirects: .max)
            try await #expect(failure(of: request, over: transport()).code == .timedOut)
        }
    }
}
