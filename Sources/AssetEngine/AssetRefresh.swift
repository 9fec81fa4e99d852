import SyncCore
public import SyncPorts

/// Keeps the pictures of articles at hand: finds out which there are, fetches those that are wanted, and drops what is
/// wanted no longer or has no room. The actor runs on the executor that is handed in, since the store is synchronous.
public actor AssetRefresh {
    /// What is reported while it runs.
    public typealias Observer = @Sendable (AssetReport) -> Void
    /// Finds the addresses of the pictures in an article.
    public typealias Finder = @Sendable (PictureSource) -> [String]

    private let store: any AssetStore
    private let folder: AssetFolder
    private let fetcher: AssetFetcher
    private let clock: any WallClock
    private let lock: any SyncLock
    private let finder: Finder
    private let executor: any SerialExecutor

    /// The executor that was handed in.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Pictures fetched at once.
    static let atOnce = 6
    /// Articles that are looked at in one transaction.
    private static let articlesAtOnce = 500
    /// Pictures that are asked for in one query.
    private static let assetsAtOnce = 500
    /// After so many pictures in a row that no server could be asked for, there is no network.
    private static let offlineAfter = 8
    /// Makes one over its ports. Whether private addresses may be asked is the transport's matter.
    public init(
        store: any AssetStore, folder: AssetFolder, transport: any DownloadTransport, clock: any WallClock,
        random: any RandomSource, lock: any SyncLock, executor: any SerialExecutor, finder: @escaping Finder
    ) {
        self.store = store
        self.folder = folder
        self.clock = clock
        self.lock = lock
        self.executor = executor
        self.finder = finder
        fetcher = AssetFetcher(transport: transport, folder: folder, clock: clock, random: random)
    }

    /// Brings the pictures in line with what is kept. A picture that cannot be fetched stops no other. Cancelling the task
    /// ends it at once; what was fetched of a picture stays, and the next run goes on from there.
    ///
    /// - Parameters:
    ///   - budget: most bytes on disk; `nil`: no bound.
    ///   - allowsPrivate: whether the transport asks private addresses; what was refused for being at one is due then.
    /// - Throws: ``AssetError``.
    public func run(
        keeping kept: KeptArticles, budget: Int64?, allowsPrivate: Bool = false, observer: Observer? = nil
    ) async throws(AssetError) -> AssetReport {
        guard let token = try stored({ try lock.acquire() }) else {
            throw AssetError(.alreadySyncing, "another reader-sync is syncing this replica; wait until it is done")
        }
        defer { token.release() }
        if try folder.open() { try sweep() }
        var report = AssetReport()
        if allowsPrivate { try stored { try store.retryAssets(failedFor: AssetFetcher.refusedAddress) } }
        try find(for: kept)
        report.dropped = try drop(keeping: kept, budget: budget)
        folder.dropParts(except: try stored { try store.partURLs() })
        if kept != .none { try await fetch(for: kept, budget: budget, &report, observer) }
        report.totals = try stored { try store.assetTotals() }
        folder.close()
        return report
    }

    private func sweep() throws(AssetError) {
        let named = try stored { try store.heldAssets(without: []) }
        let missing = folder.sweep(keeping: named)
        if !missing.isEmpty { _ = try stored { try store.heldAssets(without: missing) } }
    }

    private func find(for kept: KeptArticles) throws(AssetError) {
        guard kept != .none else { return }
        var last: PictureSource?
        while !Task.isCancelled {
            let after = last
            let sources = try stored {
                try store.picturesToFind(for: kept, after: after, limit: Self.articlesAtOnce)
            }
            guard !sources.isEmpty else { return }
            let found = sources.map {
                ArticlePictures(article: $0.article, revision: $0.revision, urls: finder($0))
            }
            try stored { try store.keep(found) }
            last = sources.last
        }
    }

    private func drop(keeping kept: KeptArticles, budget: Int64?) throws(AssetError) -> Int {
        let dropped = try stored { try store.dropAssets(keeping: kept, budget: budget, at: clock.now()) }
        folder.remove(dropped)
        return dropped.count
    }

    private func fetch(
        for kept: KeptArticles, budget: Int64?, _ report: inout AssetReport, _ observer: Observer?
    ) async throws(AssetError) {
        report.totals = try stored { try store.assetTotals() }
        observer?(report)
        // What had to go for want of room is not fetched again, or this would go on for ever.
        var tried: Set<Int64> = []
        while !Task.isCancelled, !report.isOffline, !report.isStopped {
            let due = try stored {
                try store.assetsToFetch(for: kept, at: clock.now(), limit: Self.assetsAtOnce + tried.count)
            }
            let wanted = due.filter { tried.insert($0.row).inserted }
            guard !wanted.isEmpty else { return }
            var progress = report
            let failure = await withTaskGroup(
                of: (WantedAsset, Result<AssetFetcher.Result, AssetError>).self, returning: AssetError?.self
            ) { group in
                await run(wanted, in: &group, budget: budget, kept, &progress, observer)
            }
            report = progress
            if let failure { throw failure }
        }
    }

    /// Fetches pictures in their order, several at once, and takes note of each as it comes.
    private func run(
        _ wanted: [WantedAsset], in group: inout TaskGroup<(WantedAsset, Result<AssetFetcher.Result, AssetError>)>,
        budget: Int64?, _ kept: KeptArticles, _ report: inout AssetReport, _ observer: Observer?
    ) async -> AssetError? {
        var (next, running, offlineInARow) = (0, 0, 0)
        do throws(AssetError) {
            while true {
                while running < Self.atOnce, next < wanted.count, !Task.isCancelled, !report.isOffline,
                    !report.isStopped
                {
                    guard try hasRoom(for: wanted[next], report, budget) else {
                        (report.isFull, report.isStopped) = (true, true)
                        break
                    }
                    let (asset, fetcher) = (wanted[next], fetcher)
                    group.addTask { (asset, await Self.result(of: asset, fetcher)) }
                    next += 1
                    running += 1
                }
                guard let (asset, result) = await group.next() else { return nil }
                running -= 1
                let fetched = try result.get()
                try note(fetched, of: asset)
                offlineInARow = fetched.isOffline ? offlineInARow + 1 : 0
                report.isOffline = report.isOffline || offlineInARow >= Self.offlineAfter
                report.count(fetched.outcome, url: asset.url, isCancelled: fetched.isCancelled)
                if let budget, report.totals.bytes > budget {
                    report.dropped += try drop(keeping: kept, budget: budget)
                    report.isFull = true
                    report.totals = try stored { try store.assetTotals() }
                }
                observer?(report)
            }
        } catch {
            group.cancelAll()
            return error
        }
    }

    private func note(_ fetched: AssetFetcher.Result, of asset: WantedAsset) throws(AssetError) {
        // Nothing came, and nothing was learned.
        if fetched.isCancelled, case .failed = fetched.outcome { return }
        // The same picture under another address may have been dropped meanwhile, and the file with it.
        if case .held(let hash, _, _) = fetched.outcome, !folder.holds(hash) { return }
        try stored { try store.keep(fetched.outcome, of: asset.row) }
    }

    private static func result(
        of asset: WantedAsset, _ fetcher: AssetFetcher
    ) async -> Result<AssetFetcher.Result, AssetError> {
        do throws(AssetError) { return .success(try await fetcher.fetch(asset)) } catch { return .failure(error) }
    }

    /// Whether a picture may be fetched: while there is room, and nothing had to go for want of it; else if something is
    /// held that is worth less. The last fiftieth is left free, so that what is fetched last is not what is dropped next.
    private func hasRoom(
        for asset: WantedAsset, _ report: AssetReport, _ budget: Int64?
    ) throws(AssetError) -> Bool {
        guard let budget, report.isFull || report.totals.bytes >= budget - budget / 50 else { return true }
        guard let least = try stored({ try store.leastUse() }) else { return false }
        return !least.isSaved && least < asset.use
    }

    private func stored<Value>(_ body: () throws -> Value) throws(AssetError) -> Value {
        do {
            return try body()
        } catch let error as AssetError {
            throw error
        } catch {
            throw AssetError(.storage, "\(error)", underlying: error)
        }
    }
}
