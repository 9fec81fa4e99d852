import FeedEngine
import FeedFormats
import FeedSession
import SyncCore
import SyncPorts
import SyncTestKit
import Testing

import struct FoundationEssentials.Data

/// A web in memory: what each address answers; everything else is 404, and other hosts do not answer.
private struct Web: HTTPTransport {
    var pages: [String: String]
    var moves: [String: String] = [:]
    var dead: [String: TransportError.Code] = [:]

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        for (prefix, code) in dead where request.url.hasPrefix(prefix) { throw TransportError(code, "no way to there") }
        if let target = moves[request.url] {
            return HTTPResponse(
                status: 301, headers: [HTTPHeader("Location", target)], body: Data(), effectiveURL: request.url)
        }
        guard let page = pages[request.url] else {
            return HTTPResponse(status: 404, headers: [], body: Data(), effectiveURL: request.url)
        }
        let type = page.hasPrefix("<!doctype") ? "text/html" : "application/rss+xml"
        return HTTPResponse(
            status: 200, headers: [HTTPHeader("Content-Type", type)], body: Data(page.utf8), effectiveURL: request.url)
    }
}

@Suite("Finding a feed from what a person typed")
struct FindTests {
    private func find(_ typed: String, _ web: Web) async -> FeedFetch {
        await FeedFetcher(transport: web, clock: ManualClock(), random: SeededRandomSource(seed: 1)).find(typed)
    }

    private func page(_ links: String...) -> String { "<!doctype html><html><head>\(links.joined())</head></html>" }

    private func link(_ url: String, _ title: String = "Articles") -> String {
        "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"\(title)\" href=\"\(url)\">"
    }

    private let home = "https://example.com/"
    private let feed = "https://example.com/feed"

    @Test(
        "an address without a scheme, and the feed: schemes, are taken",
        arguments: [
            "example.com/feed", " https://example.com/feed ", "feed:https://example.com/feed",
            "feed://example.com/feed",
            "//example.com/feed", "HTTPS://EXAMPLE.com/feed",
        ])
    func spellings(_ typed: String) async {
        let found = await find(typed, Web(pages: [feed: rss(["a"])]))
        #expect(found.isRead && found.record?.url == feed)
    }

    @Test("a port is no scheme")
    func port() async {
        let found = await find("example.com:8080/feed", Web(pages: ["https://example.com:8080/feed": rss([])]))
        #expect(found.isRead)
    }

    @Test(
        "what cannot be an address is refused without asking",
        arguments: [
            "", " ", "ftp://example.com/", "javascript:alert(1)", "mailto:a@b.c", "file:///etc/passwd", "http://",
        ])
    func refused(_ typed: String) async {
        let transport = ScriptedTransport([])
        let found = await FeedFetcher(transport: transport, clock: ManualClock(), random: SeededRandomSource(seed: 1))
            .find(typed)
        #expect(found.failure?.code == .forbidden && transport.requests.isEmpty)
    }

    @Test("http is tried where nothing answers by https")
    func insecure() async {
        let web = Web(pages: ["http://example.com/feed": rss(["a"])], dead: ["https:": .unreachable])
        #expect(await find("example.com/feed", web).record?.url == "http://example.com/feed")
    }

    @Test("http is not tried where the certificate is wrong, the name unknown, or https was asked for")
    func certificate() async {
        for code in [TransportError.Code.insecure, .unresolvedHost] {
            let web = Web(pages: ["http://example.com/feed": rss(["a"])], dead: ["https:": code])
            #expect(await find("example.com/feed", web).failure?.code == .unreachable)
        }
        let web = Web(pages: ["http://example.com/feed": rss(["a"])], dead: ["https:": .unreachable])
        #expect(await find("https://example.com/feed", web).failure?.code == .unreachable)
    }

    @Test("the one feed that a page names is read, comments aside")
    func one() async {
        let pages = [home: page(link("/feed"), link("/comments/feed", "Comments on all")), feed: rss(["a"])]
        let found = await find("example.com", Web(pages: pages))
        #expect(found.isRead && found.record?.url == feed)
    }

    @Test("of several feeds the person chooses")
    func several() async throws {
        let found = await find("example.com", Web(pages: [home: page(link("/feed"), link("/news", "News"))]))
        guard case .page(let feeds, let url) = found else {
            Issue.record("it was \(found)")
            return
        }
        #expect(feeds.map(\.url) == [feed, "https://example.com/news"] && url == home)
    }

    @Test("a page that names none is searched where feeds often lie")
    func guessed() async {
        let found = await find("example.com", Web(pages: [home: page(), "https://example.com/rss.xml": rss(["a"])]))
        #expect(found.record?.url == "https://example.com/rss.xml")
    }

    @Test("where there is none, that is said, with what to do")
    func none() async throws {
        let failure = try #require(await find("example.com", Web(pages: [home: page()])).failure)
        #expect(failure.code == .unreadable && !failure.remedy.isEmpty)
    }

    @Test("a permanent redirect is kept at once")
    func moved() async {
        let web = Web(pages: [feed: rss(["a"])], moves: ["https://example.com/old": feed])
        #expect(await find("example.com/old", web).record?.url == feed)
    }
}
