import CurlTransport
import SyncPorts
import Testing

import struct FoundationEssentials.Data

@Suite("limits on what an answer may hold", .timeLimit(.minutes(1)))
struct LimitTests {
    @Test("a body of exactly the limit is taken")
    func exact() async throws {
        try await LoopbackServer.answering({ _ in answer("200 OK", [], "12345") }) { server in
            let request = HTTPRequest(url: server.url(), maximumBodyBytes: 5)
            try await #expect(transport().send(request).body.count == 5)
        }
    }

    @Test("a body that is announced as too large is refused before it is read")
    func announced() async throws {
        try await LoopbackServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n")
            connection.hang()
        }) { server in
            let request = HTTPRequest(url: server.url(), maximumBodyBytes: 5)
            try await #expect(failure(of: request, over: transport()).code == .tooLarge)
        }
    }

    @Test("a body without an end is cut off at the limit")
    func endless() async throws {
        try await LoopbackServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            while connection.write([UInt8](repeating: 0, count: 4096)) {}
        }) { server in
            let request = HTTPRequest(url: server.url(), maximumBodyBytes: 100_000)
            try await #expect(failure(of: request, over: transport()).code == .tooLarge)
        }
    }

    @Test("a gzip bomb without an end is cut off at the limit")
    func bomb() async throws {
        let bomb = GzipBomb()
        try await LoopbackServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
            connection.write(bomb.start)
            let block = (0..<1000).flatMap { _ in bomb.period }
            while connection.write(block) {}
        }) { server in
            let request = HTTPRequest(url: server.url(), maximumBodyBytes: 10 << 20)
            try await #expect(failure(of: request, over: transport()).code == .tooLarge)
        }
    }

    @Test("a header section without an end is cut off at the limit")
    func endlessHeader() async throws {
        try await LoopbackServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\n")
            while connection.write("X-More: and more\r\n") {}
        }) { server in
            let error = try await failure(of: HTTPRequest(url: server.url()), over: transport())
            #expect(error.code == .tooLarge)
        }
    }

    @Test("a header line without an end is cut off")
    func endlessLine() async throws {
        try await LoopbackServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nX-More: ")
            while connection.write([UInt8](repeating: UInt8(ascii: "a"), count: 4096)) {}
        }) { server in
            let error = try await failure(of: HTTPRequest(url: server.url()), over: transport())
            #expect(error.code == .tooLarge)
        }
    }

    @Test("interim answers without an end are cut off at the header limit")
    func endlessInterim() async throws {
        try await LoopbackServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            while connection.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n") {}
        }) { server in
            let error = try await failure(of: HTTPRequest(url: server.url()), over: transport())
            #expect(error.code == .tooLarge)
        }
    }

    @Test("a header section of more than the configured bytes is refused")
    func headerLimit() async throws {
        let fields = (0..<10).map { "X-\($0): \(String(repeating: "v", count: 100))" }
        try await LoopbackServer.answering({ _ in answer("200 OK", fields) }) { server in
            let small = transport { $0.maximumHeaderBytes = 1000 }
            let error = try await failure(of: HTTPRequest(url: server.url()), over: small)
            #expect(error.code == .tooLarge)
            let enough = transport { $0.maximumHeaderBytes = 2000 }
            try await #expect(enough.send(HTTPRequest(url: server.url())).header("x-9")?.count == 100)
        }
    }
}
