import FeedFormats
import FeedSession
import SyncCore
import Testing

@Suite("A fetch")
struct FetchTests {
    @Test("validators of the last body that was read are sent, and 304 means unchanged")
    func conditional() {
        var fetches = Fetches()
        fetches.fetch(answered(200, ["etag": "\"a\"", "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT"], body: "1"))
        let action = fetches.fetch(answered(304))
        #expect(action.isUnchanged && fetches.record.etag == "\"a\"")
        #expect(fetches.asked.map(\.etag) == ["\"a\""])
        #expect(fetches.asked.map(\.lastModified) == ["Mon, 01 Jan 2024 00:00:00 GMT"])
    }

    @Test("the same bytes are unchanged without any validator, other bytes are not")
    func digest() {
        var fetches = Fetches()
        #expect(fetches.fetch(answered(200, body: "1")).isParsed)
        #expect(fetches.fetch(answered(200, body: "1")).isUnchanged)
        #expect(fetches.fetch(answered(200, body: "2")).isParsed)
    }

    @Test("a body that cannot be read keeps the validators of the one before, and is reported each time it comes")
    func unreadable() {
        var fetches = Fetches()
        fetches.fetch(answered(200, ["etag": "\"a\""], body: "good"))
        for count in 1...2 {
            let action = fetches.fetch(answered(200, ["etag": "\"b\""], body: "bad"), feed: nil)
            #expect(action.failure?.code == .unreadable && fetches.record.failures == count)
            #expect(fetches.record.etag == "\"a\"" && fetches.record.problem == "no feed")
        }
        #expect(fetches.fetch(answered(304)).isUnchanged && fetches.record.problem == nil)
    }

    @Test("after a document that was cut the next fetch asks without a condition, and soon")
    func cut() {
        var fetches = Fetches()
        let headers = [
            "etag": "\"a\"", "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT", "cache-control": "max-age=80000",
        ]
        fetches.fetch(answered(200, headers, body: "1"))
        #expect(fetches.record.etag == "\"a\"" && fetches.delay > Fetches.hour * 2)
        var torn = ParsedFeed(format: .rss)
        torn.isCut = true
        fetches.fetch(answered(200, headers, body: "2"), feed: torn)
        #expect(fetches.record.etag == nil && fetches.record.lastModified == nil && fetches.record.bodyDigest == nil)
        #expect(fetches.record.changed == fetches.now && fetches.record.failures == 0)
        #expect(fetches.delay <= Fetches.hour && fetches.delay >= fetches.limits.leastInterval)
        #expect(fetches.fetch(answered(200, headers, body: "2")).isParsed)
        #expect(fetches.asked.map(\.etag) == [nil] && fetches.record.etag == "\"a\"")
    }

    @Test("a document that was only repaired keeps its validators")
    func repaired() {
        var fetches = Fetches()
        var feed = ParsedFeed(format: .rss)
        feed.warnings = [FeedWarning(.damaged, "an & that opens no reference")]
        fetches.fetch(answered(200, ["etag": "\"a\""], body: "1"), feed: feed)
        #expect(fetches.record.etag == "\"a\"" && fetches.record.bodyDigest != nil)
    }

    @Test("304 without a question is no answer")
    func unasked() {
        var fetches = Fetches()
        #expect(fetches.fetch(answered(304)).failure?.code == .refused)
    }

    @Test(
        "a validator that no request can carry is not kept",
        arguments: ["a\u{1}b", String(repeating: "a", count: 2000)])
    func hostileValidators(_ etag: String) {
        var fetches = Fetches()
        fetches.fetch(answered(200, ["etag": etag], body: "1"))
        #expect(fetches.record.etag == nil)
    }

    @Test("410 stops a feed until a person names it")
    func gone() {
        var fetches = Fetches()
        #expect(fetches.fetch(answered(410)).failure?.code == .gone && fetches.record.isGone)
        fetches.now = fetches.now.advanced(by: 365 * Fetches.day)
        #expect(fetches.fetch(reason: .schedule).postponement != nil)
        #expect(fetches.fetch(reason: .person).failure?.code == .gone && fetches.asked.isEmpty)
        fetches.fetch(answered(200, body: "1"), reason: .named)
        #expect(!fetches.record.isGone && fetches.record.problem == nil)
    }

    @Test("410 behind a temporary redirect is not the feed's")
    func goneElsewhere() {
        var fetches = Fetches()
        fetches.fetch(moved(302, "/x"), answered(410))
        #expect(!fetches.record.isGone && fetches.record.failures == 1)
    }

    @Test("a fetch that was cancelled leaves the record as it was")
    func cancelled() {
        let record = Fetches().record
        var session = FetchSession(record, reason: .named)
        _ = session.start(at: Fetches().now)
        var random = Fetches().random
        let failure = FetchFailure(.cancelled, "stopped")
        #expect(session.take(failure, at: Fetches().now, using: &random) == .failed(failure, record))
    }

    @Test(
        "an address that is none is refused without asking", arguments: ["ftp://example.com/", "", "feed", "file:///x"])
    func noAddress(_ url: String) {
        var fetches = Fetches(url)
        #expect(fetches.fetch().failure?.code == .forbidden && fetches.asked.isEmpty)
    }
}

@Suite("Redirects")
struct RedirectTests {
    @Test("a permanent redirect is kept after three fetches in a row, and not before")
    func believed() {
        var fetches = Fetches()
        for count in 1...3 {
            #expect(fetches.record.url == "https://example.com/feed")
            fetches.fetch(moved(count == 2 ? 308 : 301, "/new"), answered(200, body: "\(count)"))
        }
        #expect(fetches.record.url == "https://example.com/new" && fetches.record.move == nil)
    }

    @Test("a redirect that is missing once, or leads elsewhere, counts anew")
    func inARow() {
        var fetches = Fetches()
        fetches.fetch(moved(301, "/new"), answered(200, body: "1"))
        fetches.fetch(moved(301, "/new"), answered(200, body: "2"))
        fetches.fetch(moved(301, "/other"), answered(200, body: "3"))
        #expect(fetches.record.move == FetchRecord.Move(url: "https://example.com/other", count: 1))
        fetches.fetch(answered(200, body: "4"))
        #expect(fetches.record.move == nil && fetches.record.url == "https://example.com/feed")
    }

    @Test("a redirect to what is no feed is not believed")
    func parked() {
        var fetches = Fetches()
        for count in 1...5 {
            fetches.fetch(moved(301, "https://parked.net/"), answered(200, body: "\(count)"), feed: nil)
        }
        #expect(fetches.record.url == "https://example.com/feed" && fetches.record.move == nil)
    }

    @Test(
        "temporary redirects are followed and never believed, nor permanent ones behind them",
        arguments: [302, 303, 307])
    func temporary(_ status: Int) {
        var fetches = Fetches()
        for count in 1...5 {
            fetches.fetch(moved(status, "/a"), moved(301, "/b"), answered(200, body: "\(count)"))
        }
        #expect(fetches.asked.map(\.url).last == "https://example.com/b")
        #expect(fetches.record.url == "https://example.com/feed" && fetches.record.move == nil)
    }

    @Test("the permanent part of a chain is believed, a way from https to http never")
    func partly() {
        var fetches = Fetches()
        for count in 1...3 {
            fetches.fetch(moved(301, "/a"), moved(301, "/b"), moved(302, "/c"), answered(200, body: "\(count)"))
        }
        #expect(fetches.record.url == "https://example.com/b")
        for count in 4...9 { fetches.fetch(moved(301, "http://example.com/d"), answered(200, body: "\(count)")) }
        #expect(fetches.record.url == "https://example.com/b" && fetches.record.move == nil)
    }

    @Test("a loop is refused, with its addresses")
    func loops() throws {
        var fetches = Fetches()
        let failure = try #require(fetches.fetch(moved(301, "/a"), moved(302, "/feed#x")).failure)
        #expect(failure.code == .forbidden)
        #expect(
            failure.detail.contains("https://example.com/feed -> https://example.com/a -> https://example.com/feed"))
    }

    @Test("five redirects are followed, six are not")
    func tooMany() {
        var fetches = Fetches()
        let chain = (1...5).map { moved(302, "/\($0)") }
        fetches.fetch(chain[0], chain[1], chain[2], chain[3], chain[4], answered(200, body: "1"))
        #expect(fetches.asked.count == 6 && fetches.record.failures == 0)
        let action = fetches.fetch(chain[0], chain[1], chain[2], chain[3], chain[4], moved(302, "/6"))
        #expect(action.failure?.code == .forbidden && fetches.asked.count == 6)
    }

    @Test(
        "a redirect to no web address is refused",
        arguments: [
            "file:///etc/passwd", "javascript:1", "ftp://example.com/", "mailto:a@b.c", "http://", "data:,x", "",
        ])
    func otherSchemes(_ location: String) {
        var fetches = Fetches()
        #expect(fetches.fetch(moved(302, location)).failure?.code == .forbidden && fetches.asked.count == 1)
    }

    @Test("a redirect without a place to go is refused")
    func nowhere() {
        var fetches = Fetches()
        #expect(fetches.fetch(answered(302)).failure?.code == .forbidden)
    }

    @Test("user and password of a foreign redirect are dropped, and shown in no message")
    func users() throws {
        var fetches = Fetches()
        let action = fetches.fetch(moved(302, "https://u:secret@other.net/"), answered(404))
        #expect(fetches.asked.last?.url == "https://other.net/")
        #expect(try #require(action.failure).detail.contains("secret") == false)
        var own = Fetches("https://me:secret@example.com/feed")
        let refused = try #require(own.fetch(answered(404)).failure)
        #expect(!refused.detail.contains("secret") && own.asked[0].url.contains("secret"))
    }
}
