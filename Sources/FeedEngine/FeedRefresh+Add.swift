public import FeedFormats
import FeedSession
public import SyncCore
import SyncPorts

extension FeedRefresh {
    /// Adds the feed at `address`, or the one feed that the page there names, and reads it.
    ///
    /// - Returns: ``FeedAddition/known(_:)`` if the replica reads it already, by that address, by the one that it
    ///   redirects to for good, or by another spelling of either.
    /// - Throws: ``FeedEngineError`` with code `fetch` if there is no feed, `storage` or `alreadySyncing`.
    public func add(
        _ address: String, title: String? = nil, tags: [TagName] = []
    ) async throws(FeedEngineError) -> FeedAddition {
        if case .success(let typed) = TypedAddress.candidates(address),
            let known = known(at: typed, among: try stored({ try store.subscriptions() }))
        {
            return .known(known)
        }
        let token = try acquire()
        defer { token.release() }
        switch await fetcher.find(address) {
        case .page(let feeds, _): return .choices(feeds)
        case .failed(let failure, _): throw FeedEngineError(.fetch, address, underlying: failure)
        case .read(let parsed, let record): return try subscribe(parsed, record, title: title, tags: tags)
        case .unchanged, .postponed:
            let failure = FetchFailure(.unreadable, "the server sent no document", remedy: "try again later")
            throw FeedEngineError(.fetch, address, underlying: failure)
        }
    }

    private func subscribe(
        _ parsed: ParsedFeed, _ record: FetchRecord, title: String?, tags: [TagName]
    ) throws(FeedEngineError) -> FeedAddition {
        let feeds = try stored { try store.subscriptions() }
        if let known = known(at: [record.url], among: feeds) { return .known(known) }
        let names = try stored { try store.feedNames() }
        let naming = Self.naming(siteURL: parsed.siteURL, url: record.url) { names.contains($0) }
        let reading = FeedReading(parsed, naming: naming, url: record.url)
        // As if it had never been fetched: if what follows fails, the next refresh reads it.
        var subscription = FeedSubscription(
            feed: naming.feed, publication: naming.publication, title: reading.feed.title, ownTitle: title,
            siteURL: parsed.siteURL, tags: Array(Set(tags)).sorted(), fetch: FetchRecord(url: record.url))
        let summary = try stored {
            try store.subscribe([subscription])
            return try store.apply(reading, fetch: record, at: clock.now())
        }
        subscription.fetch = record
        return .added(subscription, summary, warnings: reading.warnings, isDamaged: parsed.isDamaged)
    }

    private func known(at addresses: [String], among feeds: [FeedSubscription]) -> FeedSubscription? {
        let keys = Set(addresses.map(Self.key))
        return feeds.first { keys.contains(Self.key($0.fetch.url)) }
    }

    /// Adds the feeds of a list, all or none; they are read with the next refresh. Those that are
    /// there get the folders of the list as tags beside theirs, and stay as they are else.
    ///
    /// - Returns: how many were added, how many were there, and the folders that cannot be tags.
    /// - Throws: ``FeedEngineError`` with code `storage` or `alreadySyncing`.
    public func subscribe(to list: SubscriptionList) throws(FeedEngineError) -> FeedListAddition {
        let token = try acquire()
        defer { token.release() }
        let known = Dictionary(
            try stored { try store.subscriptions() }.map { (Self.key($0.fetch.url), $0) },
            uniquingKeysWith: { first, _ in first })
        var addresses = Set(known.keys)
        var names = try stored { try store.feedNames() }
        var result = FeedListAddition()
        var (added, tagged) = ([FeedSubscription](), [FeedSubscription]())
        for entry in list.subscriptions {
            let key = Self.key(entry.feedURL)
            let tags = Set(entry.tags.compactMap { TagName($0) })
            guard addresses.insert(key).inserted else {
                result.known += 1
                if var feed = known[key], !tags.isSubset(of: feed.tags) {
                    feed.tags = tags.union(feed.tags).sorted()
                    tagged.append(feed)
                }
                continue
            }
            let naming = Self.naming(siteURL: entry.siteURL, url: entry.feedURL) { names.contains($0) }
            names.insert(naming.feed)
            let title = entry.title.isEmpty ? nil : entry.title
            result.untaken += entry.tags.filter { TagName($0) == nil }
            added.append(
                FeedSubscription(
                    feed: naming.feed, publication: naming.publication, title: title ?? entry.feedURL, ownTitle: title,
                    siteURL: entry.siteURL, tags: tags.sorted(),
                    fetch: FetchRecord(url: entry.feedURL)))
        }
        (result.added, result.tagged) = (added.count, tagged.count)
        try stored { try store.subscribe(added + tagged) }
        return result
    }

    /// Equal for the spellings of one address.
    private static func key(_ url: String) -> String { ArticleAlias.key(of: url) ?? ArticleGUID.normalised(url) }

    /// The ids of a new feed. Half of all feeds lie at `/feed` or `/rss.xml`: such a name says nothing, the host's does.
    private static func naming(
        siteURL: String?, url: String, isTaken: (EntityName) -> Bool
    ) -> FeedNaming {
        var naming = FeedNaming(siteURL: siteURL, effectiveURL: url, source: url)
        if generic.contains(naming.feed.text), let host = FeedNaming.host(of: siteURL ?? url) {
            naming.feed = EntityName(feedNamed: host)
        }
        naming.feed = naming.feed.unique(isTaken: isTaken)
        return naming
    }

    private static let generic: Set<String> = [
        "all", "atom", "atom1", "default", "feed", "feed1", "feeds", "index", "latest", "main", "news", "posts", "rdf",
        "rss", "rss2", "xml",
    ]
}
