public import FeedEngine
import FeedFormats
import FeedSession
import GRDB
import SyncCore
public import SyncPorts

/// Reads publishers' feeds into the catalog. Each source stands for itself: one that cannot be read changes
/// nothing and stops no other, and within a source one bad entry is left out with a warning.
///
/// Fetches side by side and politely (``FeedFetcher``), and remembers of each address what makes the next fetch cheap.
/// Cancelling the task ends a run within a second; the sources that were written by then are whole, the others are as
/// they were.
public struct FeedIngest: Sendable {
    /// Which of the known sources.
    public enum Scope: Sendable, Hashable {
        /// Those whose time has come.
        case due
        /// All but those that are gone for good, as far as their servers let us ask.
        case all
    }

    /// What is told of each source when it is done, in the order in which they are.
    public typealias Observer = @Sendable (IngestReport) -> Void

    let store: SQLiteServerStore
    let fetcher: FeedFetcher
    let clock: any WallClock
    let random: any RandomSource

    /// Most sources of one run over what is due.
    static let sources = 10_000

    /// Makes a reader of feeds.
    ///
    /// - Parameters:
    ///   - transport: whether private addresses may be asked is its matter.
    ///   - random: names the histories of new publications.
    public init(
        store: SQLiteServerStore, transport: any HTTPTransport, clock: any WallClock, random: any RandomSource,
        limits: FeedFetcher.Limits = FeedFetcher.Limits()
    ) {
        self.store = store
        self.fetcher = FeedFetcher(transport: transport, clock: clock, random: random, limits: limits)
        self.clock = clock
        self.random = random
    }

    /// Reads sources that a person names, now, and resolves what they say of each other's articles. A page that names
    /// one feed stands for that feed, unless the page's address is known as a feed's; the feed is kept under its own
    /// address.
    ///
    /// - Returns: a report for each request, in order.
    public func ingest(_ requests: [IngestRequest], observer: Observer? = nil) async -> [IngestReport] {
        await ingest(requests, reason: .named, observer: observer)
    }

    /// Remembers the feeds of a list, also those that cannot be read yet, and reads them now.
    ///
    /// - Returns: a report for each feed, in the list's order.
    /// - Throws: ``ServerError`` if the list cannot be kept; then nothing was read.
    public func ingest(
        _ list: FeedList, observer: Observer? = nil
    ) async throws(ServerError) -> [IngestReport] {
        _ = try store.addFeedSources(list.requests)
        return await ingest(
            list.requests.map { IngestRequest(source: $0.source) }, reason: .person, observer: observer)
    }

    /// Fetches known sources again.
    ///
    /// - Throws: ``ServerError`` with the code `storage` if the sources cannot be listed.
    public func refresh(
        _ scope: Scope, observer: Observer? = nil
    ) async throws(ServerError) -> [IngestReport] {
        let now = clock.now()
        let sources = try await store.reading("list the sources") { db in
            let sources = SQLiteSources(db: db)
            switch scope {
            case .due: return try sources.due(at: now, limit: Self.sources)
            case .all: return try sources.all().filter { !$0.fetch.isGone }
            }
        }
        let jobs = sources.enumerated().map { index, source in
            IngestJob(
                index: index, request: IngestRequest(source: source.fetch.url), source: source,
                knownURL: source.fetch.url)
        }
        return await IngestRun(self, jobs, observer).result(scope == .due ? .schedule : .person)
    }

    private func ingest(
        _ requests: [IngestRequest], reason: FetchSession.Reason, observer: Observer?
    ) async -> [IngestReport] {
        let jobs: [IngestJob]
        do {
            jobs = try await store.reading("list the sources") { db in
                let sources = SQLiteSources(db: db)
                return try requests.enumerated().map { try Self.job($1, at: $0, sources) }
            }
        } catch {
            let reports = requests.map { IngestReport.failed($0.source, "\(error)") }
            if let observer { reports.forEach(observer) }
            return reports
        }
        return await IngestRun(self, jobs, observer).result(reason)
    }

    static func job(
        _ request: IngestRequest, at index: Int, _ sources: SQLiteSources
    ) throws -> IngestJob {
        guard request.isURL else { return IngestJob(index: index, request: request) }
        guard var source = try sources.source(at: request.source) else {
            let source = FeedSource(title: request.title, fetch: FetchRecord(url: request.source))
            return IngestJob(index: index, request: request, source: source)
        }
        // What goes into another feed than before is wanted whole.
        let isMoved =
            request.feed.map { $0 != source.feed?.text } ?? false
            || request.publication.map { $0 != source.publication?.text } ?? false
        if isMoved {
            source.fetch = FetchRecord(url: request.source)
            (source.publication, source.feed, source.title) = (nil, nil, nil)
        }
        return IngestJob(index: index, request: request, source: source, knownURL: request.source)
    }
}
