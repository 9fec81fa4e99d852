import FeedEngine
import FeedSession
import SyncCore
import SyncPorts
import SyncTestKit
import Synchronization
import SystemPorts
import Testing

import struct FoundationEssentials.Data

/// Feeds whose documents a test changes.
private final class Site: HTTPTransport {
    private let documents = Mutex<[String: String]>([:])

    subscript(url: String) -> String? {
        get { documents.withLock { $0[url] } }
        set { documents.withLock { $0[url] = newValue } }
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        guard !Task.isCancelled else { throw TransportError(.cancelled, "cancelled") }
        let document = documents.withLock { $0[request.url] }
        return HTTPResponse(
            status: document == nil ? 404 : 200, headers: [], body: Data((document ?? "").utf8),
            effectiveURL: request.url)
    }
}

/// A lock that somebody else has.
private struct TakenLock: SyncLock {
    func acquire() throws -> (any SyncLockToken)? { nil }
}

/// A store that keeps nothing of one feed.
private struct Picky: FeedStore {
    struct Refusal: Error {}

    let store: ModelFeedStore
    let refused: EntityName

    func keep(_ news: [FeedNews], at now: WallTime) throws -> CatalogSummary {
        for case .record(_, refused) in news { throw Refusal() }
        return try store.keep(news, at: now)
    }

    func subscriptions() throws -> [FeedSubscription] { try store.subscriptions() }
    func feedNames() throws -> Set<EntityName> { try store.feedNames() }
    func subscribe(_ subscriptions: [FeedSubscription]) throws { try store.subscribe(subscriptions) }
    func unsubscribe(_ feed: EntityName) throws -> Bool { try store.unsubscribe(feed) }
    func indexPending(limit: Int) throws -> Int { try store.indexPending(limit: limit) }
    func retain(since instant: WallTime) throws -> Int { try store.retain(since: instant) }
}

@Suite("Refreshing the feeds of a replica")
struct RefreshTests {
    private let site = Site()
    private let store = ModelFeedStore()
    private let clock = ManualClock()
    private let a = "https://a.example/feed"
    private let b = "https://b.example/feed"

    private func refresh(lock: any SyncLock = FreeLock()) -> FeedRefresh {
        let fetcher = FeedFetcher(transport: site, clock: clock, random: SeededRandomSource(seed: 1))
        return FeedRefresh(
            store: store, fetcher: fetcher, clock: clock, lock: lock, executor: DispatchExecutor(label: "test"))
    }

    private func both() async throws {
        site[a] = rss(["1", "2"], site: "https://a.example/")
        site[b] = rss(["3"], site: "https://b.example/")
        for url in [a, b] { _ = try await refresh().add(url) }
    }

    @Test("a feed is added with what it holds, under the host's name where its own says nothing")
    func add() async throws {
        site[a] = rss(["1", "2"], site: "https://a.example/")
        let addition = try await refresh().add(
            "a.example/feed", title: "Mine", tags: [TagName("news")].compactMap { $0 })
        guard case .added(let subscription, let summary, _, _) = addition else {
            Issue.record("it was \(addition)")
            return
        }
        #expect(subscription.feed.text == "a.example" && subscription.shownTitle == "Mine" && summary.added == 2)
        #expect(try store.subscriptions() == [subscription] && subscription.tags.map(\.text) == ["news"])
        #expect(store.articles.allSatisfy { $0.article.revision == 1 })
    }

    @Test("a feed that is there is known, in every spelling of its address")
    func known() async throws {
        try await both()
        for typed in ["a.example/feed", "http://www.a.example/feed/", "feed:https://a.example/feed?utm_source=x"] {
            guard case .known(let subscription) = try await refresh().add(typed) else {
                Issue.record("\(typed) was added")
                continue
            }
            #expect(subscription.fetch.url == a)
        }
    }

    @Test("feeds that would have one name are numbered")
    func names() async throws {
        for path in ["x", "y"] {
            site["https://a.example/\(path)/feed"] = rss([path], site: "https://a.example/")
            _ = try await refresh().add("https://a.example/\(path)/feed")
        }
        #expect(try store.subscriptions().map(\.feed.text) == ["a.example", "a.example-2"])
    }

    @Test("an address without a feed says why, and leaves nothing behind")
    func noFeed() async throws {
        let error = try await #require(throws: FeedEngineError.self) { try await refresh().add("a.example/x") }
        #expect(error.code == .fetch && (error.underlying as? FetchFailure)?.code == .refused)
        #expect(error.description.contains("404") && store.writes == 0)
    }

    @Test("each feed is applied as it comes, and the report counts what happened")
    func counts() async throws {
        try await both()
        site[a] = rss(["2", "4"], site: "https://a.example/")
        site["https://c.example/feed"] = rss(["5"])
        _ = try await refresh().add("https://c.example/feed")
        site["https://c.example/feed"] = nil
        let seen = Mutex<[Int]>([])
        let report = try await refresh().refresh(.all, keeping: nil) { report in
            seen.withLock { $0.append(report.done) }
        }
        #expect([report.total, report.done, report.changed, report.unchanged] == [3, 3, 1, 1])
        #expect(report.failures.map(\.failure.code) == [.refused] && report.catalog.added == 1)
        #expect(seen.withLock { $0 } == [0, 1, 2, 3])
    }

    @Test("a corrected article is a revision that stays read; one that fell out stays until retention takes it")
    func lifetimes() async throws {
        try await both()
        for held in store.articles { store.mark(held.article.id, read: true, kept: held.article.guid == "3") }
        site[a] = rss(["1"], site: "https://a.example/").replacing("Text of 1", with: "Corrected")
        site[b] = rss([], site: "https://b.example/")
        var report = try await refresh().refresh(.all, keeping: 1_000)
        #expect(report.catalog.corrected == 1 && report.dropped == 0)
        clock.advance(by: 2_000)
        report = try await refresh().refresh(.all, keeping: 1_000)
        #expect(report.dropped == 1)
        let held = Dictionary(uniqueKeysWithValues: store.articles.map { ($0.article.guid, $0) })
        #expect(held["1"]?.article.revision == 2 && held["1"]?.isRead == true && held["1"]?.isDropped == false)
        #expect(held["2"]?.isDropped == true && held["2"]?.isRead == true && held["3"]?.isDropped == false)
    }

    @Test("records of feeds without news are written together")
    func together() async throws {
        try await both()
        let writes = store.writes
        let report = try await refresh().refresh(.all, keeping: nil)
        #expect(report.unchanged == 2 && store.writes == writes + 1)
        #expect(try store.subscriptions().allSatisfy { $0.fetch.checked == clock.now() })
    }

    @Test(
        "a feed that cannot be kept takes nothing with it that was to be kept at once with it, before or after",
        arguments: [true, false])
    func refused(refusesFirst: Bool) async throws {
        try await both()
        clock.advance(by: 1_000)
        let feeds = try store.subscriptions().map(\.feed).sorted()
        let refused = try #require(refusesFirst ? feeds.first : feeds.last)
        var limits = FeedFetcher.Limits()
        // One after the other, and all wait for one transaction.
        limits.feedsAtOnce = 1
        let refresh = FeedRefresh(
            store: Picky(store: store, refused: refused),
            fetcher: FeedFetcher(
                transport: site, clock: clock, random: SeededRandomSource(seed: 1), limits: limits),
            clock: clock, lock: FreeLock(), executor: DispatchExecutor(label: "test"))
        let error = try await #require(throws: FeedEngineError.self) { try await refresh.refresh(.all, keeping: nil) }
        #expect(error.code == .storage)
        let checked = try store.subscriptions().filter { $0.fetch.checked == clock.now() }.map(\.feed)
        #expect(checked.count == 1 && !checked.contains(refused))
    }

    @Test("only what is due is asked, unless a person wants more")
    func scopes() async throws {
        try await both()
        var report = try await refresh().refresh(.due, keeping: nil)
        #expect([report.postponed, report.unchanged] == [2, 0])
        report = try await refresh().refresh(.all, keeping: nil)
        #expect([report.postponed, report.unchanged] == [0, 2])
        let name = try store.subscriptions()[0].feed
        report = try await refresh().refresh(.named([name]), keeping: nil)
        #expect([report.total, report.unchanged] == [1, 1])
    }

    @Test("a store that fails ends the run with its error")
    func storage() async throws {
        try await both()
        store.breakDown()
        let error = try await #require(throws: FeedEngineError.self) {
            try await refresh().refresh(.all, keeping: nil)
        }
        #expect(error.code == .storage && error.underlying is ModelFeedStore.Refusal)
    }

    @Test("two processes do not refresh one replica at once")
    func locked() async throws {
        try await both()
        let writes = store.writes
        let refresh = refresh(lock: TakenLock())
        let error = try await #require(throws: FeedEngineError.self) { try await refresh.refresh(.all, keeping: nil) }
        let other = try await #require(throws: FeedEngineError.self) { try await refresh.add("c.example") }
        #expect(error.code == .alreadySyncing && other.code == .alreadySyncing && store.writes == writes)
    }

    @Test("a cancelled refresh reports the rest as cancelled and remembers nothing of it")
    func cancelled() async throws {
        try await both()
        let writes = store.writes
        let refresh = refresh()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await refresh.refresh(.all, keeping: 0)
        }
        let report = try await task.value
        #expect(report.failures.map(\.failure.code) == [.cancelled, .cancelled] && report.done == 0)
        #expect(store.writes == writes)
    }

    @Test("an article in two feeds of one publication is one")
    func shared() async throws {
        for path in ["all", "spotlight"] {
            site["https://a.example/\(path).xml"] = rss(["1"], site: "https://a.example/")
            _ = try await refresh().add("https://a.example/\(path).xml")
        }
        #expect(store.articles.count == 1 && store.articles[0].entries.count == 2)
    }
}

extension String {
    fileprivate func replacing(_ text: String, with other: String) -> String {
        let parts = self.split(separator: text, omittingEmptySubsequences: false)
        return parts.joined(separator: other)
    }
}
