import FeedFormats
import FeedSession
public import SyncCore
public import SyncPorts

/// Refreshes a replica's own feeds: fetches them side by side and keeps what they say as it comes, in one transaction what
/// came while the last one was written. Runs on the executor that is handed in, since the store is synchronous.
public actor FeedRefresh {
    /// Which feeds.
    public enum Scope: Sendable, Hashable {
        /// Those whose time has come.
        case due
        /// All that their servers let us ask.
        case all
        /// These, whatever was said before.
        case named([EntityName])
    }

    /// What is reported while a refresh runs.
    public typealias Observer = @Sendable (FeedRefreshReport) -> Void

    let store: any FeedStore
    let fetcher: FeedFetcher
    let clock: any WallClock
    let lock: any SyncLock
    private let executor: any SerialExecutor

    /// The executor that was handed in.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Makes a refresh over its ports.
    public init(
        store: any FeedStore, fetcher: FeedFetcher, clock: any WallClock, lock: any SyncLock,
        executor: any SerialExecutor
    ) {
        self.store = store
        self.fetcher = fetcher
        self.clock = clock
        self.lock = lock
        self.executor = executor
    }

    /// Articles after which some are indexed while others are still fetched: as many as make a piece of the index that
    /// need not be merged with others soon.
    private static let indexed = 1_000

    /// Feeds without news whose records wait for a transaction: until something else has to be written, there are as many,
    /// or all is done. Whoever loses them asks those feeds once more.
    private static let mostWaiting = 64

    /// Refreshes feeds. What was applied before an error or a cancellation stays; feeds that a cancellation kept from
    /// being done are among the failures, with code `cancelled`, and not counted as done.
    ///
    /// - Parameters:
    ///   - keeping: how long an article that fell out of all feeds is kept, in milliseconds; `nil`: for ever.
    ///   - observer: called before the first feed and after each.
    /// - Throws: ``FeedEngineError`` with code `storage` or `alreadySyncing`; a feed that fails stops no other.
    public func refresh(
        _ scope: Scope, keeping: Int64?, observer: Observer? = nil
    ) async throws(FeedEngineError) -> FeedRefreshReport {
        let token = try acquire()
        defer { token.release() }
        let feeds = try stored { try store.subscriptions() }.filter { scope.contains($0.feed) }
            .sorted { ($0.fetch.due, $0.feed) < ($1.fetch.due, $1.feed) }
        var report = FeedRefreshReport()
        report.total = feeds.count
        observer?(report)
        var (unindexed, waiting) = (0, [FeedNews]())
        do {
            let prepare: FeedFetcher.Preparation = { position, parsed, record in
                FeedReading(parsed, naming: Self.naming(of: feeds[position], parsed, record), url: record.url)
            }
            try await fetcher.fetch(feeds.map(\.fetch), reason: scope.reason, prepare: prepare) { arrivals in
                waiting += arrivals.compactMap { Self.news($0, of: feeds[$0.position]) }
                if waiting.count >= Self.mostWaiting || waiting.contains(where: \.isReading) {
                    let summary = try keep(waiting)
                    waiting = []
                    report.catalog = report.catalog + summary
                    unindexed += summary.added
                }
                for arrival in arrivals {
                    count(arrival, of: feeds[arrival.position], in: &report)
                    observer?(report)
                }
                // Now, for the network is slower than the index, and the texts are still at hand. The rest is left to
                // whoever completes the index.
                while unindexed >= Self.indexed, !Task.isCancelled {
                    _ = try store.indexPending(limit: Self.indexed)
                    unindexed -= Self.indexed
                }
            }
            _ = try keep(waiting)
            if let keeping, !Task.isCancelled {
                report.dropped = try store.retain(since: clock.now().advanced(by: -max(0, keeping)))
            }
        } catch {
            throw Self.storage(error)
        }
        return report
    }

    /// A feed that was never read belongs where its document says: a list of feeds may know no more than addresses, and
    /// the publication is part of what names an article.
    private static func naming(
        of subscription: FeedSubscription, _ parsed: ParsedFeed, _ record: FetchRecord
    ) -> FeedNaming {
        guard subscription.fetch.changed == nil else {
            return FeedNaming(publication: subscription.publication, feed: subscription.feed)
        }
        return FeedNaming(
            feed: subscription.feed, siteURL: parsed.siteURL ?? subscription.siteURL, effectiveURL: record.url,
            source: record.url)
    }

    /// Keeps all of it at once; where that cannot be done each by itself, as far as it goes: what is wrong with one feed is
    /// no reason to lose what another says.
    private func keep(_ news: [FeedNews]) throws -> CatalogSummary {
        guard !news.isEmpty else { return CatalogSummary() }
        let now = clock.now()
        do {
            return try store.keep(news, at: now)
        } catch {
            guard news.count > 1 else { throw error }
            var (summary, failure): (CatalogSummary, (any Error)?) = (CatalogSummary(), nil)
            for item in news {
                do { summary = try summary + store.keep([item], at: now) } catch { failure = failure ?? error }
            }
            if let failure { throw failure }
            return summary
        }
    }

    private static func news(_ arrival: Arrival, of subscription: FeedSubscription) -> FeedNews? {
        switch arrival.fetch {
        case .read(_, let record): arrival.reading.map { .reading($0, record) }
        case .unchanged(let record): .record(record, of: subscription.feed)
        case .postponed: arrival.fetch.pausing(subscription.fetch).map { .record($0, of: subscription.feed) }
        case .page: nil
        case .failed(let failure, let record):
            // One that is gone was not asked, and there is nothing new to remember.
            failure.code == .cancelled || record == subscription.fetch ? nil : .record(record, of: subscription.feed)
        }
    }

    private func count(_ arrival: Arrival, of subscription: FeedSubscription, in report: inout FeedRefreshReport) {
        switch arrival.fetch {
        case .read(let parsed, let record):
            if let damage = parsed.warnings.first(where: { $0.code == .damaged || $0.code == .limitReached }) {
                report.damaged.append(
                    FeedRefreshReport.Damage(
                        feed: subscription.feed, title: subscription.shownTitle, url: record.url, detail: damage.message
                    ))
            }
            report.skipped += arrival.reading?.skipped ?? 0
            report.changed += 1
        case .unchanged: report.unchanged += 1
        case .postponed, .page: report.postponed += 1
        case .failed(let failure, _):
            report.failures.append(
                FeedRefreshReport.Failure(
                    feed: subscription.feed, title: subscription.shownTitle, failure: failure))
            guard failure.code != .cancelled else { return }
        }
        report.done += 1
    }

    func acquire() throws(FeedEngineError) -> any SyncLockToken {
        guard let token = try stored({ try lock.acquire() }) else {
            throw FeedEngineError(
                .alreadySyncing, "another process is syncing this replica; wait until it is done, or stop it")
        }
        return token
    }

    func stored<Value>(_ body: () throws -> Value) throws(FeedEngineError) -> Value {
        do {
            return try body()
        } catch {
            throw Self.storage(error)
        }
    }

    private static func storage(_ error: any Error) -> FeedEngineError {
        error as? FeedEngineError ?? FeedEngineError(.storage, "\(error)", underlying: error)
    }
}

extension FeedRefresh.Scope {
    /// Whether a feed belongs to it, due or not.
    fileprivate func contains(_ feed: EntityName) -> Bool {
        if case .named(let names) = self { names.contains(feed) } else { true }
    }

    fileprivate var reason: FetchSession.Reason {
        switch self {
        case .due: .schedule
        case .all: .person
        case .named: .named
        }
    }
}
