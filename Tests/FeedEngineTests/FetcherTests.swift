import CurlTransport
import FeedEngine
import FeedFormats
import FeedSession
import SyncCore
import SyncPorts
import SyncTestKit
import Testing

import class Foundation.NSCondition  // Holds the server's threads; FoundationEssentials has none.

@Suite("Fetching feeds over HTTP", .timeLimit(.minutes(1)))
struct FetcherTests {
    @Test("a feed is read, and the next time its validators make it unchanged")
    func conditional() async throws {
        try await LoopbackServer.answering({ request in
            request.contains("If-None-Match: \"1\"")
                ? answer("304 Not Modified") : answer("200 OK", ["ETag: \"1\""], rss(["a"]))
        }) { server in
            let fetcher = fetcher()
            let first = try #require(try await received(fetcher, [server.url()])[0])
            #expect(first.isRead)
            let again = try await received(fetcher, [try #require(first.record)])
            #expect(again[0]?.isUnchanged == true && server.requests.count == 2)
        }
    }

    @Test("a request says which formats are wanted and compressed how")
    func headers() async throws {
        try await LoopbackServer.answering({ _ in answer("200 OK", [], rss([])) }) { server in
            _ = try await received(fetcher(), [server.url()])
            let request = try #require(server.requests.first)
            #expect(request.contains("Accept: application/atom+xml") && request.contains("application/feed+json"))
            #expect(request.contains("Accept-Encoding: deflate, gzip"))
        }
    }

    @Test("redirects are followed, and the permanent one is counted")
    func redirects() async throws {
        try await LoopbackServer.answering({ request in
            path(request) == "/" ? answer("301 Moved", ["Location: /feed"]) : answer("200 OK", [], rss(["a"]))
        }) { server in
            let fetch = try #require(try await received(fetcher(), [server.url()])[0])
            #expect(fetch.isRead && fetch.record?.move == FetchRecord.Move(url: server.url("/feed"), count: 1))
        }
    }

    @Test("a loop of redirects, a feed that is gone and one that asks for time fail each in their way")
    func refusals() async throws {
        try await LoopbackServer.answering({ request in
            switch path(request) {
            case "/a": answer("302 Found", ["Location: /b"])
            case "/b": answer("302 Found", ["Location: /a"])
            case "/gone": answer("410 Gone")
            default: answer("404 Not Found")
            }
        }) { server in
            let fetches = try await received(fetcher(), ["/a", "/gone", "/x"].map { server.url($0) })
            #expect(fetches.map { $0?.failure?.code } == [.forbidden, .gone, .refused])
            #expect(fetches.map { $0?.record?.isGone } == [false, true, false])
        }
    }

    @Test("a host that asks for time is left alone for the rest of the run, and the others are not")
    func retryAfter() async throws {
        try await LoopbackServer.answering(
            hosts: 2,
            { request in
                request.contains("Host: 127.0.0.1")
                    ? answer("429 Too Many Requests", ["Retry-After: 60"]) : answer("200 OK", [], rss(["a"]))
            }
        ) { server in
            let urls = (0..<10).map { server.url("/\($0)") } + (0..<3).map { server.url("/\($0)", host: 2) }
            let fetches = try await received(fetcher { $0.perHost = 1 }, urls)
            #expect(fetches.count { $0?.failure?.code == .refused } == 1)
            #expect(fetches.count { $0?.isPostponed == true } == 9 && fetches.count { $0?.isRead == true } == 3)
            #expect(server.requests.count == 4)
        }
    }

    @Test("never more than sixteen feeds are fetched at once, nor two of a host, and all sixteen are used")
    func politeness() async throws {
        let flight = Flight()
        let full = NSCondition()
        try await LoopbackServer.run(
            hosts: 20,
            { connection in
                while let request = connection.readRequest() {
                    let host = request.split(separator: "Host: ").last?.prefix { $0 != ":" } ?? ""
                    full.lock()
                    flight.begin(String(host))
                    // Nobody is answered before sixteen are there: a fetcher that holds fewer never ends.
                    while flight.most < 16 { full.wait() }
                    full.broadcast()
                    flight.end(String(host))
                    full.unlock()
                    connection.write(answer("200 OK", [], rss(["a"])))
                }
            }
        ) { server in
            let urls = (0..<60).map { server.url("/\($0)", host: $0 / 3 + 1) }
            let fetches = try await received(fetcher(), urls)
            #expect(fetches.allSatisfy { $0?.isRead == true })
            #expect(flight.most == 16 && flight.mostPerHost <= 2)
        }
    }

    @Test("redirects to one host keep to its bound too")
    func redirectPoliteness() async throws {
        let flight = Flight()
        try await LoopbackServer.answering(
            hosts: 1,
            { _ in
                flight.begin("target")
                defer { flight.end("target") }
                return answer("200 OK", [], rss(["a"]))
            }
        ) { target in
            let location = "http://127.0.0.1:\(target.port)/feed"
            try await LoopbackServer.answering(hosts: 20, { _ in answer("302 Found", ["Location: \(location)"]) }) {
                server in
                let urls = (2...20).map { server.url("/", host: $0) }
                let fetches = try await received(fetcher(), urls)
                #expect(fetches.allSatisfy { $0?.isRead == true } && target.requests.count == 19)
                #expect(target.accepted <= 2 && flight.most <= 2)
            }
        }
    }

    @Test("cancelling ends a run at once: what is under way and what is not begun comes as cancelled")
    func cancellation() async throws {
        let reached = Signal()
        try await LoopbackServer.run({ connection in
            _ = connection.readRequest()
            reached.fire()
            connection.hang()
        }) { server in
            let urls = (0..<40).map { server.url("/\($0)") }
            let task = Task { try await received(fetcher(), urls) }
            await reached.wait()
            task.cancel()
            let fetches = try await task.value
            #expect(fetches.allSatisfy { $0?.failure?.code == .cancelled } && fetches.count == 40)
        }
    }

    @Test("what receives may end the run")
    func ends() async throws {
        struct Stop: Error {}
        try await LoopbackServer.answering({ _ in answer("200 OK", [], rss(["a"])) }) { server in
            let records = (0..<9).map { FetchRecord(url: server.url("/\($0)")) }
            var count = 0
            await #expect(throws: Stop.self) {
                try await fetcher().fetch(records, reason: .named) { _, _ in
                    count += 1
                    throw Stop()
                }
            }
            #expect(count == 1)
        }
    }

    @Test("a redirect to a private address is refused before anything is sent there")
    func privateAddress() async throws {
        try await LoopbackServer.answering(
            hosts: 2,
            { request in
                request.contains("Host: 127.0.0.2") ? answer("200 OK", [], rss(["a"])) : ""
            }
        ) { inner in
            let target = inner.url("/", host: 2)
            try await LoopbackServer.answering({ _ in answer("302 Found", ["Location: \(target)"]) }) { outer in
                let careful = fetcher(refuses: { $0 != ResolvedAddress("127.0.0.1") })
                let fetch = try #require(try await received(careful, [outer.url()])[0])
                #expect(fetch.failure?.code == .forbidden && inner.accepted == 0)
                #expect(fetch.failure?.detail.contains("127.0.0.2") == true)
            }
        }
    }

    @Test("a document larger than allowed after decompression is unreadable")
    func tooLarge() async throws {
        let packed: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x68]
        let header = UInt32(128 << 10) << 3 | 1 << 1
        let block = [UInt8(header & 0xff), UInt8(header >> 8 & 0xff), UInt8(header >> 16), 0x30]
        try await LoopbackServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\n")
            connection.write(packed)
            while connection.write(block) {}
        }) { server in
            let fetch = try await received(fetcher { $0.document.documentBytes = 1 << 20 }, [server.url()])[0]
            #expect(fetch?.failure?.code == .unreadable && fetch?.record?.failures == 1)
        }
    }

    @Test("a web page is no feed, and the failure says how to find one")
    func page() async throws {
        try await LoopbackServer.answering({ _ in
            answer("200 OK", ["Content-Type: text/html"], "<!doctype html><title>x</title>")
        }) { server in
            let failure = try #require(try await received(fetcher(), [server.url()])[0]?.failure)
            #expect(failure.code == .unreadable && failure.remedy.contains("address of the feed itself"))
        }
    }

    @Test("a server that never ends its answer costs the deadline and no more")
    func slow() async throws {
        try await LoopbackServer.run({ connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            connection.hang()
        }) { server in
            let fetch = try await received(fetcher { $0.deadline = .milliseconds(50) }, [server.url()])[0]
            #expect(fetch?.failure?.code == .unreachable)
        }
    }

    @Test("nobody there is said so")
    func nobody() async throws {
        let transport = ScriptedTransport([])
        let fetcher = FeedFetcher(transport: transport, clock: ManualClock(), random: SeededRandomSource(seed: 1))
        let fetch = try await received(fetcher, ["https://example.com/feed"])[0]
        #expect(fetch?.failure?.code == .unreachable && transport.requests.map(\.maximumRedirects) == [0])
    }

    @Test("what is not due is postponed, and nothing is asked")
    func postponed() async throws {
        let clock = ManualClock()
        var record = FetchRecord(url: "https://example.com/feed")
        record.due = clock.now().advanced(by: 1000)
        let transport = ScriptedTransport([])
        let fetcher = FeedFetcher(transport: transport, clock: clock, random: SeededRandomSource(seed: 1))
        let fetch = try await received(fetcher, [record], reason: .schedule)[0]
        #expect(fetch?.isPostponed == true && transport.requests.isEmpty)
    }
}
