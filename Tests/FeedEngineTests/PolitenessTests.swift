import FeedEngine
import FeedSession
import SyncCore
import SyncPorts
import SyncTestKit
import Testing

import struct FoundationEssentials.Data

/// A web that answers nobody until it is told to, and counts who waits.
private actor HeldWeb: HTTPTransport {
    private var waiting: [(host: String, answer: CheckedContinuation<Void, Never>)] = []
    private(set) var most = 0
    private(set) var mostPerHost = 0
    private(set) var arrived = 0

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let host = FeedNaming.host(of: request.url) ?? ""
        await withCheckedContinuation {
            waiting.append((host, $0)); count(host)
        }
        return HTTPResponse(status: 200, headers: [], body: Data(rss(["a"]).utf8), effectiveURL: request.url)
    }

    private func count(_ host: String) {
        arrived += 1
        most = max(most, waiting.count)
        mostPerHost = max(mostPerHost, waiting.count { $0.host == host })
    }

    /// Answers one after the other, each only once nobody more comes, until `total` have come and gone.
    func answer(_ total: Int) async {
        while arrived < total || !waiting.isEmpty {
            for _ in 0..<200 { await Task.yield() }
            if !waiting.isEmpty { waiting.removeFirst().answer.resume() }
        }
    }
}

@Suite("How many are asked at once", .timeLimit(.minutes(1)))
struct PolitenessTests {
    private func run(_ urls: [String]) async throws -> HeldWeb {
        let web = HeldWeb()
        let fetcher = FeedFetcher(transport: web, clock: ManualClock(), random: SeededRandomSource(seed: 1))
        async let answers: Void = web.answer(urls.count)
        let fetches = try await received(fetcher, urls)
        await answers
        #expect(fetches.allSatisfy { $0?.isRead == true })
        return web
    }

    @Test("sixteen feeds of many hosts, and never more")
    func feeds() async throws {
        let web = try await run((0..<60).map { "https://host\($0).example/feed" })
        #expect(await [web.most, web.mostPerHost] == [16, 1])
    }

    @Test("two of a host, whatever its port and with www. or without")
    func hosts() async throws {
        let urls = (0..<24).map {
            ["https://a.example", "https://www.a.example", "http://a.example:81"][$0 % 3] + "/\($0)"
        }
        let web = try await run(urls)
        #expect(await [web.most, web.mostPerHost] == [2, 2])
    }

    @Test("a host with many feeds does not keep the others waiting")
    func fairness() async throws {
        let web = try await run(
            (0..<40).map { "https://large.example/\($0)" } + (0..<30).map { "https://small\($0).example/" })
        #expect(await [web.most, web.mostPerHost] == [16, 2])
    }
}
