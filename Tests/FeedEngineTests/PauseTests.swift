import FeedEngine
import FeedSession
import SyncCore
import SyncPorts
import SyncTestKit
import Synchronization
import SystemPorts
import Testing

import struct FoundationEssentials.Data

/// A web of which one host may say that it wants to be left alone.
private final class BusyWeb: HTTPTransport {
    private let state = Mutex((isBusy: false, asked: [String]()))

    var isBusy: Bool {
        get { state.withLock { $0.isBusy } }
        set { state.withLock { $0.isBusy = newValue } }
    }

    /// What was asked since the last time this was read, in order.
    func asked() -> [String] {
        state.withLock { state in
            defer { state.asked = [] }
            return state.asked.sorted()
        }
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let isBusy = state.withLock { state in
            state.asked.append(request.url)
            return state.isBusy && request.url.contains("busy.example")
        }
        let name = request.url.split(separator: "/").last.map(String.init) ?? ""
        return HTTPResponse(
            status: isBusy ? 429 : 200, headers: isBusy ? [HTTPHeader("Retry-After", "7200")] : [],
            body: Data(rss([name], site: "https://\(name).example/").utf8), effectiveURL: request.url)
    }
}

@Suite("A host that wants to be left alone")
struct PauseTests {
    private let web = BusyWeb()
    private let store = ModelFeedStore()
    private let clock = ManualClock()
    private let busy = ["https://busy.example/1", "https://busy.example/2", "https://www.busy.example/3"]
    private let calm = "https://calm.example/4"

    private func refresh() -> FeedRefresh {
        var limits = FeedFetcher.Limits()
        limits.perHost = 1
        let fetcher = FeedFetcher(transport: web, clock: clock, random: SeededRandomSource(seed: 1), limits: limits)
        return FeedRefresh(
            store: store, fetcher: fetcher, clock: clock, lock: FreeLock(), executor: DispatchExecutor(label: "test"))
    }

    /// Adds the feeds, and lets the busy host answer 429 in a run of them all.
    private func pause() async throws {
        for url in busy + [calm] { _ = try await refresh().add(url) }
        web.isBusy = true
        _ = web.asked()
        let report = try await refresh().refresh(.all, keeping: nil)
        #expect([report.failures.count, report.postponed, report.done] == [1, 2, 4] && web.asked().count == 2)
    }

    @Test("is asked for none of its feeds in the next run either, until its time is over")
    func runs() async throws {
        try await pause()
        let until = clock.now().advanced(by: 7_200_000)
        let fetches = try store.subscriptions().filter { busy.contains($0.fetch.url) }.map(\.fetch)
        #expect(fetches.map(\.pausedUntil) == [until, until, until] && fetches.allSatisfy { $0.due >= until })
        clock.advance(by: 3_600_000)
        let report = try await refresh().refresh(.all, keeping: nil)
        #expect(report.postponed == 3 && web.asked() == [calm])
        clock.advance(by: 3_600_000)
        web.isBusy = false
        _ = try await refresh().refresh(.all, keeping: nil)
        #expect(web.asked() == (busy + [calm]).sorted())
        #expect(try store.subscriptions().allSatisfy { $0.fetch.pausedUntil == nil })
    }

    @Test("is asked for a feed that a person names")
    func named() async throws {
        try await pause()
        let feed = try #require(try store.subscriptions().last { busy.contains($0.fetch.url) })
        _ = try await refresh().refresh(.named([feed.feed]), keeping: nil)
        #expect(web.asked() == [feed.fetch.url])
    }

    @Test("is not asked for those of its feeds either that were not due when it said so")
    func notDue() async throws {
        for url in busy { _ = try await refresh().add(url) }
        var subscription = try #require(try store.subscriptions().first)
        subscription.fetch.due = clock.now()
        try store.record(subscription.fetch, of: subscription.feed, at: clock.now())
        web.isBusy = true
        _ = web.asked()
        var report = try await refresh().refresh(.due, keeping: nil)
        #expect([report.failures.count, report.postponed] == [1, 2] && web.asked() == [subscription.fetch.url])
        clock.advance(by: 7_000_000)
        report = try await refresh().refresh(.due, keeping: nil)
        #expect(report.postponed == 3 && web.asked().isEmpty)
    }
}
