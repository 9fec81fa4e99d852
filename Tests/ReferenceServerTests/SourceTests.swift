import CurlTransport
import FoundationEssentials
import ReferenceServer
import SyncCore
import SyncPorts
import SyncTestKit
import Synchronization
import Testing

/// Feeds over real HTTP, with a clock that the test moves.
@Suite("Sources of feeds") struct SourceTests {
    private func ingest(_ server: TestServer, _ transport: (any HTTPTransport)? = nil) -> FeedIngest {
        FeedIngest(
            store: server.store, transport: transport ?? CurlTransport(), clock: server.clock,
            random: SeededRandomSource(seed: 3))
    }

    private func source(_ server: TestServer) throws -> FeedSourceStatus {
        try #require(try server.store.feedSources().first)
    }

    private func fetch(_ site: FeedSite, _ server: TestServer, _ path: String = "/all.xml") async throws -> IngestReport
    {
        try #require(
            await ingest(server).ingest([IngestRequest(source: site.url(path), publication: "pub")]).first)
    }

    private static let day: Int64 = 24 * 3_600_000

    @Test("a feed that did not change is asked with what is known of it, and what is known stays")
    func unchanged() async throws {
        try await FeedSite.run { site in
            let server = try TestServer()
            site.publish("/all.xml", rss([item("a1")]), tag: "1")
            #expect(try await fetch(site, server).added == 1)
            let (head, before) = (try await server.head(), try source(server))
            server.clock.advance(by: Self.day)
            #expect(try await ingest(server).refresh(.due).map(\.status) == [.notModified])
            let after = try source(server)
            #expect(site.requests.map { $0.headers["if-none-match"] } == [nil, "\"1\""])
            #expect(try await server.head() == head && after.changed == before.changed)
            #expect(after.checked == server.clock.now().milliseconds && after.due > before.due)
            // The validators are still known.
            server.clock.advance(by: Self.day)
            _ = try await ingest(server).refresh(.due)
            #expect(site.requests.last?.headers["if-none-match"] == "\"1\"")
        }
    }

    @Test("only what is due is asked")
    func due() async throws {
        try await FeedSite.run { site in
            let server = try TestServer()
            for name in ["/one.xml", "/two.xml"] { site.publish(name, rss([item("a1")])) }
            #expect(try await fetch(site, server, "/one.xml").status == .read)
            #expect(try await ingest(server).refresh(.due).isEmpty)
            #expect(try server.store.addFeedSources([IngestRequest(source: site.url("/two.xml"))]) == 1)
            #expect(try await ingest(server).refresh(.due).map(\.source) == [site.url("/two.xml")])
            #expect(site.requests.map(\.path) == ["/one.xml", "/two.xml"])
            #expect(try await ingest(server).refresh(.all).count == 2)
        }
    }

    @Test("a corrected article is a new revision, and one that is known from another source joins")
    func corrected() async throws {
        try await FeedSite.run { site in
            let server = try TestServer()
            site.publish("/all.xml", rss([item("a1")]), tag: "1")
            site.publish("/spotlight.xml", rss([item("a1")]), tag: "1")
            #expect(try await fetch(site, server).added == 1)
            #expect(try await fetch(site, server, "/spotlight.xml").joined == 1)
            site.publish("/all.xml", rss([item("a1", title: "Corrected")]), tag: "2")
            let report = try await fetch(site, server)
            #expect(report.corrected == 1 && report.added == 0)
            #expect(try await server.articles().map(\.revision) == [1, 2])
        }
    }

    @Test("a feed that moved for good is asked at its new address once that was seen three times")
    func moved() async throws {
        try await FeedSite.run { site in
            let server = try TestServer()
            site.publish("/all.xml", rss([item("a1")]))
            _ = try await fetch(site, server)
            site.answer("/all.xml", FeedSite.Answer(status: 301, headers: ["Location": "/new.xml"]))
            site.publish("/new.xml", rss([item("a2"), item("a1")]), tag: "n")
            for count in 1...3 {
                #expect(try source(server).url == site.url("/all.xml"))
                server.clock.advance(by: Self.day)
                #expect(try await ingest(server).refresh(.due).map(\.feed) == ["all"])
                #expect(site.count("/new.xml") == count)
            }
            #expect(try source(server).url == site.url("/new.xml"))
            #expect(try server.store.library().feeds.map(\.url) == [site.url("/new.xml")])
            #expect(try await server.articles().map(\.guid) == ["a1", "a2"])
            server.clock.advance(by: Self.day)
            _ = try await ingest(server).refresh(.due)
            #expect(site.count("/all.xml") == 4)
        }
    }

    @Test("a feed that is gone for good is asked no more, unless a person names it")
    func gone() async throws {
        try await FeedSite.run { site in
            let server = try TestServer()
            site.publish("/all.xml", rss([item("a1")]))
            _ = try await fetch(site, server)
            site.answer("/all.xml", FeedSite.Answer(status: 410))
            server.clock.advance(by: Self.day)
            #expect(try await ingest(server).refresh(.due).map(\.code) == ["gone"])
            #expect(try source(server).isGone)
            server.clock.advance(by: 30 * Self.day)
            #expect(try await ingest(server).refresh(.due).isEmpty)
            #expect(try await ingest(server).refresh(.all).isEmpty)
            #expect(site.count("/all.xml") == 2)
            site.publish("/all.xml", rss([item("a1")]))
            let report = try #require(
                await ingest(server).ingest([IngestRequest(source: site.url("/all.xml"))]).first)
            #expect(report.status != .failed && report.feed == "all")
            #expect(try !source(server).isGone)
        }
    }

    @Test("a server that wants to be left alone is, also when all feeds are asked for")
    func pause() async throws {
        try await FeedSite.run { site in
            let server = try TestServer()
            site.publish("/all.xml", rss([item("a1")]))
            _ = try await fetch(site, server)
            site.answer("/all.xml", FeedSite.Answer(status: 503, headers: ["Retry-After": "7200"]))
            server.clock.advance(by: Self.day)
            #expect(try await ingest(server).refresh(.due).map(\.status) == [.failed])
            #expect(try await ingest(server).refresh(.all).map(\.status) == [.postponed])
            #expect(site.count("/all.xml") == 2)
            let source = try source(server)
            #expect(source.failures == 1 && source.problem != nil)
            #expect(source.pausedUntil == server.clock.now().milliseconds + 7_200_000)
        }
    }

    @Test("a private address is refused, and the feed is not asked")
    func forbidden() async throws {
        try await FeedSite.run { site in
            let server = try TestServer()
            site.publish("/all.xml", rss([item("a1")]))
            let transport = CurlTransport(CurlTransport.Configuration(refusesAddress: { !$0.isPublic }))
            let report = try #require(
                await ingest(server, transport).ingest([IngestRequest(source: site.url("/all.xml"))]).first)
            #expect(report.status == .failed && report.error?.contains("127.0.0.1") == true)
            #expect(site.requests.isEmpty)
            #expect(try server.store.feedSources().isEmpty)
        }
    }

    @Test("one that is listed stays known though it fails at first, one that was only named does not")
    func listed() async throws {
        try await FeedSite.run { site in
            let server = try TestServer()
            site.answer("/all.xml", FeedSite.Answer(status: 404))
            let path = server.folder.path + "/feeds.opml"
            let list =
                "<opml version=\"2.0\"><body><outline text=\"T\" xmlUrl=\"\(site.url("/all.xml"))\"/></body></opml>"
            try Data(list.utf8).write(to: URL(filePath: path))
            #expect(try await fetch(site, server).status == .failed)
            #expect(try server.store.feedSources().isEmpty)
            let reports = try await ingest(server).ingest(try FeedList(opml: path))
            #expect(reports.map(\.status) == [.failed])
            #expect(try source(server).failures == 1)
            site.publish("/all.xml", rss([item("a1")]))
            server.clock.advance(by: Self.day)
            #expect(try await ingest(server).refresh(.due).map(\.added) == [1])
            #expect(try source(server).title == "T")
        }
    }

    @Test("what the catalog does not take is not asked for again at once")
    func refusedByCatalog() async throws {
        try await FeedSite.run { site in
            let server = try TestServer()
            site.publish("/all.xml", rss([item("a1")]))
            _ = try await fetch(site, server)
            let other = IngestRequest(source: site.url("/other.xml"), publication: "other", feed: "all")
            site.publish("/other.xml", rss([item("b1")]))
            #expect(try server.store.addFeedSources([other]) == 1)
            #expect(try await ingest(server).refresh(.due).map(\.status) == [.read])
            #expect(try server.store.library().feeds.map(\.id.text) == ["all", "other.all"])
            let clash = IngestRequest(source: site.url("/other.xml"), publication: "third", feed: "all")
            #expect(await ingest(server).ingest([clash]).map(\.status) == [.failed])
            let failed = try #require(try server.store.feedSources().first { $0.url == clash.source })
            #expect(failed.failures == 1 && failed.problem?.contains("all") == true)
            #expect(failed.due > server.clock.now().milliseconds)
        }
    }

    @Test("beside a server, a new article comes when its feed's time has come")
    func schedule() async throws {
        try await FeedSite.run { site in
            let server = try TestServer()
            site.publish("/all.xml", rss([item("a1")]))
            #expect(try server.store.addFeedSources([IngestRequest(source: site.url("/all.xml"))]) == 1)
            // Each rest of the schedule is an hour; after the first the publisher adds an article.
            let sleeper = HourlySleeper(clock: server.clock) { rests in
                if rests == 1 { site.publish("/all.xml", rss([item("a2"), item("a1")])) }
            }
            let schedule = IngestSchedule(ingest: ingest(server), sleeper: sleeper)
            await schedule.run(
                observer: { sleeper.count($0.added) }, onFailure: { Issue.record($0) })
            #expect(try await server.articles().map(\.guid) == ["a1", "a2"])
            #expect(sleeper.added == [1, 1])
        }
    }

    /// Lets an hour pass at each rest, for at most a week, until two articles were added.
    private final class HourlySleeper: Sleeper {
        private let clock: ManualClock
        private let onRest: @Sendable (Int) -> Void
        private let state = Mutex((rests: 0, added: [Int]()))

        init(clock: ManualClock, onRest: @escaping @Sendable (Int) -> Void) {
            self.clock = clock
            self.onRest = onRest
        }

        /// What was added, where anything was.
        var added: [Int] { state.withLock { $0.added } }

        func count(_ added: Int) {
            if added > 0 { state.withLock { $0.added.append(added) } }
        }

        func sleep(for duration: Duration) async throws {
            let (rests, added) = state.withLock { state in
                state.rests += 1
                return (state.rests, state.added.reduce(0, +))
            }
            guard rests <= 168, added < 2 else { throw CancellationError() }
            onRest(rests)
            clock.advance(by: 3_600_000)
        }
    }
}
