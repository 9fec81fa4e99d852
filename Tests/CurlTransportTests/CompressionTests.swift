import CurlTransport
import SyncPorts
import Testing

import struct FoundationEssentials.Data

@Suite("brotli and zstd", .timeLimit(.minutes(1)))
struct CompressionTests {
    /// Both of "hello, reader", by the reference implementations.
    static let texts = ["br": "CwaAaGVsbG8sIHJlYWRlcgM=", "zstd": "KLUv/SANaQAAaGVsbG8sIHJlYWRlcg=="]

    /// 64 MiB of "0" in 102 bytes, by the reference implementation.
    static let brotliBomb =
        "y///PwAkYOKxQHLv//j//weABEAcFoDu/R////8AkACIwwLQvf/j//8fABIAcVgAuvd//P//A0ACIA4L"
        + "QPf+j///fwBIAMRhAeje//H//w8ACYA4LADd+z/+//8BIAEQhwWge/83"

    @Test("are asked for, and a body in either is decompressed", arguments: ["br", "zstd"])
    func decompressed(_ encoding: String) async throws {
        let packed = [UInt8](try #require(Self.texts[encoding].flatMap { Data(base64Encoded: $0) }))
        try await LoopbackServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            connection.write(
                "HTTP/1.1 200 OK\r\nContent-Encoding: \(encoding)\r\nContent-Length: \(packed.count)\r\n\r\n")
            connection.write(packed)
        }) { server in
            let response = try await transport().send(HTTPRequest(url: server.url()))
            #expect(response.body == Data("hello, reader".utf8))
            let request = try #require(server.requests.first).lowercased()
            #expect(request.contains("accept-encoding: deflate, gzip, br, zstd"))
        }
    }

    /// "hello, reader", by zlib; "raw" is what some send for `deflate`: without zlib's header and trailer.
    static let zlibTexts = [
        "gzip": "H4sIAAAAAAACA8tIzcnJ11EoSk1MSS0CAMecI+UNAAAA", "deflate": "eJzLSM3JyddRKEpNTEktAgAhpQTU",
        "raw": "y0jNycnXUShKTUxJLQIA",
    ]

    @Test("one coding over another is refused: between two, bytes could grow past every bound")
    func stacked() async throws {
        try await LoopbackServer.answering({ _ in
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip, br\r\nContent-Length: 2\r\n\r\nxx"
        }) { server in
            let error = try await failure(of: HTTPRequest(url: server.url()), over: transport())
            #expect(error.code == .brokenAnswer)
        }
    }

    @Test("a stream that ends early is an error wherever it does", arguments: ["br", "zstd", "gzip", "deflate", "raw"])
    func truncated(_ encoding: String) async throws {
        let text = Self.texts.merging(Self.zlibTexts) { $1 }[encoding]
        let packed = [UInt8](try #require(text.flatMap { Data(base64Encoded: $0) }))
        try await LoopbackServer.run({ connection in
            guard let request = connection.readRequest() else { return }
            let cut = request.split(separator: " ").dropFirst().first.flatMap { Int($0.dropFirst()) } ?? 0
            let coding = encoding == "raw" ? "deflate" : encoding
            connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: \(coding)\r\nContent-Length: \(cut)\r\n\r\n")
            connection.write(Array(packed.prefix(cut)))
        }) { server in
            let sender = transport()
            for cut in 1..<packed.count {
                let error = try await failure(of: HTTPRequest(url: server.url("/\(cut)")), over: sender)
                #expect(error.code == .brokenAnswer, "cut at \(cut): \(error)")
            }
            let whole = try await sender.send(HTTPRequest(url: server.url("/\(packed.count)")))
            #expect(whole.body == Data("hello, reader".utf8))
        }
    }

    @Test(
        "an empty body, a second member and junk behind the end are read",
        arguments: [
            ("gzip", 0, ""), ("x-gzip", 1, "hello, reader"), ("gzip", 2, "hello, readerhello, reader"),
            ("identity", 0, ""),
        ])
    func several(_ encoding: String, _ members: Int, _ expected: String) async throws {
        let packed = [UInt8](try #require(Self.zlibTexts["gzip"].flatMap { Data(base64Encoded: $0) }))
        let junk: [UInt8] = members == 0 ? [] : [0, 0, 0]
        let body = Array((0..<members).map { _ in packed }.joined()) + junk
        try await LoopbackServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            connection.write(
                "HTTP/1.1 200 OK\r\nContent-Encoding: \(encoding)\r\nContent-Length: \(body.count)\r\n\r\n")
            connection.write(body)
        }) { server in
            let answer = try await transport().send(HTTPRequest(url: server.url()))
            #expect(answer.body == Data(expected.utf8))
        }
    }

    @Test("a brotli bomb is cut off at the limit")
    func brotli() async throws {
        let bomb = [UInt8](try #require(Data(base64Encoded: Self.brotliBomb)))
        try await LoopbackServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: \(bomb.count)\r\n\r\n")
            connection.write(bomb)
        }) { server in
            let small = HTTPRequest(url: server.url(), maximumBodyBytes: 10 << 20)
            try await #expect(failure(of: small, over: transport()).code == .tooLarge)
            let large = HTTPRequest(url: server.url(), maximumBodyBytes: 64 << 20)
            try await #expect(transport().send(large).body.count == 64 << 20)
        }
    }

    @Test("a zstd bomb without an end is cut off at the limit")
    func zstd() async throws {
        // A frame with a window of 8 MiB (RFC 8878 §3.1.1), then blocks of one byte repeated 128 KiB times, none the last.
        let start: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x68]
        let header = UInt32(128 << 10) << 3 | 1 << 1
        let block = [UInt8(header & 0xff), UInt8(header >> 8 & 0xff), UInt8(header >> 16), UInt8(ascii: "0")]
        try await LoopbackServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\n")
            connection.write(start)
            let blocks = (0..<100).flatMap { _ in block }
            while connection.write(blocks) {}
        }) { server in
            let request = HTTPRequest(url: server.url(), maximumBodyBytes: 10 << 20)
            try await #expect(failure(of: request, over: transport()).code == .tooLarge)
        }
    }
}
