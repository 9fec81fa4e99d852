public import SyncCore
public import SyncPorts
import Synchronization

/// A ``FeedStore`` in memory: the plainest statement of what a store of feeds promises. Slow and complete; a real store
/// must answer as it does.
public final class ModelFeedStore: FeedStore {
    /// An article as the store holds it.
    public struct Held: Sendable, Hashable {
        /// The article, under the identity that it was first met by; its revision counts from 1.
        public var article: Article
        /// What each feed said the last time, and whether it still has it.
        public var entries: [EntityName: Entry] = [:]
        /// When it fell out of the last feed that had it; `nil` while one has it.
        public var fallenOut: WallTime?
        /// Whether the reader read it.
        public var isRead = false
        /// Whether the reader saved, tagged or annotated it.
        public var isKept = false
        /// Whether retention dropped its texts; the reader's marks stay.
        public var isDropped = false
    }

    /// What one feed said of an article.
    public struct Entry: Sendable, Hashable {
        /// The digest of what it said.
        public var hash: Digest128
        /// Whether it is in the feed, as far as the last complete reading says.
        public var isCurrent: Bool
    }

    /// A store that was told to fail.
    public struct Refusal: Error, Hashable {}

    fileprivate struct State {
        var subscriptions: [EntityName: FeedSubscription] = [:]
        var held: [ArticleID: Held] = [:]
        /// Per publication: an alias, or an identity that a feed gave, and the articles that it stands for.
        var aliases: [String: Set<ArticleID>] = [:]
        var last = WallTime(milliseconds: 0)
        var isBroken = false
        var writes = 0
    }

    private let state = Mutex(State())

    /// Makes a store without feeds.
    public init() {}

    /// Makes every later call throw ``Refusal``.
    public func breakDown() { state.withLock { $0.isBroken = true } }

    /// Transactions that wrote so far.
    public var writes: Int { state.withLock { $0.writes } }

    /// The articles held, by identity.
    public var articles: [Held] {
        state.withLock { $0.held.values.sorted { $0.article.id < $1.article.id } }
    }

    /// Lets the reader read or keep an article.
    public func mark(_ id: ArticleID, read: Bool = false, kept: Bool = false) {
        state.withLock {
            if read { $0.held[id]?.isRead = true }
            if kept { $0.held[id]?.isKept = true }
        }
    }

    /// The feeds, by id.
    public func subscriptions() throws -> [FeedSubscription] {
        try state.withLock { state in
            guard !state.isBroken else { throw Refusal() }
            return state.subscriptions.values.sorted { $0.feed < $1.feed }
        }
    }

    /// Adds or changes a feed; refuses the address of another one.
    public func subscribe(_ subscriptions: [FeedSubscription]) throws {
        try write { state in
            var feeds = state.subscriptions
            for subscription in subscriptions {
                let others = feeds.values.filter { $0.feed != subscription.feed }
                guard !others.contains(where: { $0.fetch.url == subscription.fetch.url }) else { throw Refusal() }
                feeds[subscription.feed] = subscription
            }
            state.subscriptions = feeds
        }
    }

    /// The ids of the feeds; the model knows no server's.
    public func feedNames() throws -> Set<EntityName> { Set(try subscriptions().map(\.feed)) }

    /// Takes a feed out; what it alone had counts as fallen out at the last instant the store was told.
    public func unsubscribe(_ feed: EntityName) throws -> Bool {
        try write { state in
            guard state.subscriptions.removeValue(forKey: feed) != nil else { return false }
            for id in state.held.keys { state.leave(id, feed, at: state.last) }
            return true
        }
    }

    /// Keeps what came of some fetches; of a feed that was taken out meanwhile nothing.
    public func keep(_ news: [FeedNews], at now: WallTime) throws -> CatalogSummary {
        try write { state in
            state.last = max(state.last, now)
            return news.reduce(CatalogSummary()) { summary, news in
                switch news {
                case .reading(let reading, let fetch): return summary + state.apply(reading, fetch: fetch, at: now)
                case .record(let fetch, let feed):
                    guard var subscription = state.subscriptions[feed] else { return summary }
                    subscription.fetch = state.free(fetch, for: subscription)
                    state.subscriptions[feed] = subscription
                    return summary
                }
            }
        }
    }

    /// The model has no index.
    public func indexPending(limit: Int) throws -> Int { 0 }

    /// Drops the texts of what fell out before `instant` and the reader did not keep.
    public func retain(since instant: WallTime) throws -> Int {
        try write { state in
            var count = 0
            for (id, held) in state.held where !held.isKept && !held.isDropped {
                guard let fallenOut = held.fallenOut, fallenOut < instant else { continue }
                state.held[id]?.isDropped = true
                count += 1
            }
            return count
        }
    }

    /// One transaction: all of it, or nothing.
    private func write<Value>(_ body: (inout State) throws -> Value) throws -> Value {
        try state.withLock { state in
            guard !state.isBroken else { throw Refusal() }
            var copy = state
            let value = try body(&copy)
            copy.writes += 1
            state = copy
            return value
        }
    }
}

extension ModelFeedStore.State {
    /// Applies a reading.
    fileprivate mutating func apply(_ reading: FeedReading, fetch: FetchRecord, at now: WallTime) -> CatalogSummary {
        guard var subscription = subscriptions[reading.feed.id] else { return CatalogSummary() }
        subscription.fetch = free(fetch, for: subscription)
        if !reading.feed.title.isEmpty { subscription.title = reading.feed.title }
        subscription.siteURL = reading.publication.siteURL ?? subscription.siteURL
        subscriptions[reading.feed.id] = subscription
        var summary = CatalogSummary()
        var placed: Set<ArticleID> = []
        let named = Set(reading.articles.map(\.article.id))
        for item in reading.articles {
            let id = identity(of: item, named: named, placed: placed)
            guard placed.insert(id).inserted else { continue }
            take(item, as: id, in: reading.feed.id, &summary)
        }
        guard reading.isComplete else { return summary }
        for id in held.keys where !placed.contains(id) { leave(id, reading.feed.id, at: now) }
        return summary
    }

    /// The record with the feed's own address, where another feed has the new one.
    fileprivate func free(_ fetch: FetchRecord, for subscription: FeedSubscription) -> FetchRecord {
        var fetch = fetch
        let others = subscriptions.values.filter { $0.feed != subscription.feed }
        if others.contains(where: { $0.fetch.url == fetch.url }) { fetch.url = subscription.fetch.url }
        return fetch
    }

    private func key(_ alias: String, _ publication: EntityName) -> String { publication.text + " " + alias }

    /// The identity under which an article is held: its own, else that of the one article that shares an alias and that
    /// the reading does not itself name or has found already.
    fileprivate func identity(of item: FeedArticle, named: Set<ArticleID>, placed: Set<ArticleID>) -> ArticleID {
        let id = item.article.id
        guard held[id] == nil else { return id }
        for alias in item.aliases + [id.description] {
            let found = (aliases[key(alias, item.article.publication)] ?? []).subtracting(placed).filter {
                !named.contains($0)
            }
            if found.count == 1, let one = found.first { return one }
        }
        return id
    }

    fileprivate mutating func take(
        _ item: FeedArticle, as id: ArticleID, in feed: EntityName, _ summary: inout CatalogSummary
    ) {
        let hash = item.article.contentHash
        for alias in item.aliases + [item.article.id.description] {
            aliases[key(alias, item.article.publication), default: []].insert(id)
        }
        guard var known = held[id] else {
            var article = item.article
            article.revision = 1
            held[id] = ModelFeedStore.Held(article: article, entries: [feed: .init(hash: hash, isCurrent: true)])
            summary.count(new: article)
            return
        }
        // A feed that says otherwise than before corrects; one that is new to the article only if it is newer.
        let touched = FeedArticle(article: known.article, aliases: []).touched
        let isCorrection = known.entries[feed].map { $0.hash != hash } ?? (item.touched > touched)
        let isOther = hash != known.article.contentHash
        if isOther && (isCorrection || known.isDropped) {
            var article = item.article
            article.id = id
            article.revision = known.article.revision + 1
            known.article = article
            if !known.isDropped { summary.corrected += 1 }
        }
        if known.isDropped {
            known.isDropped = false
            summary.count(new: known.article)
        }
        known.entries[feed] = .init(hash: hash, isCurrent: true)
        known.fallenOut = nil
        held[id] = known
    }

    fileprivate mutating func leave(_ id: ArticleID, _ feed: EntityName, at now: WallTime) {
        guard var known = held[id], known.entries[feed]?.isCurrent == true else { return }
        known.entries[feed]?.isCurrent = false
        if !known.entries.values.contains(where: \.isCurrent) { known.fallenOut = now }
        held[id] = known
    }
}
