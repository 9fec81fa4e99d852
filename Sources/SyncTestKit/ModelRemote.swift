public import SyncCore
public import SyncPorts
import Synchronization

/// A remote in memory, in the plainest way: one reader, one log, catalogs as lists. With faults to order.
public final class ModelRemote: Remote {
    /// Everything it holds.
    public struct Content: Sendable {
        /// The reader's log.
        public var log: ModelLog
        /// Below this, the log is compacted away.
        public var floor: UInt64 = 0
        /// Each publication's history.
        public var catalogs: [EntityName: Catalog] = [:]
        /// The small part of the catalog.
        public var library: Library?
        /// Entries in a page.
        public var pageSize = 100
        /// Its clock.
        public var time = WallTime(milliseconds: 1_764_000_000_000)
        /// Called before each exchange; what it throws or changes comes true.
        public var beforeExchange: (@Sendable (inout Content, Exchange) throws(RemoteError) -> Void)?
        /// Called with each answer before it is given; what it throws is what the replica gets instead.
        public var afterExchange: (@Sendable (inout Content, ExchangeReply) throws(RemoteError) -> Void)?
        /// Requests of all kinds that came.
        public var requests = 0

        /// Starts empty.
        public init(epoch: UInt64 = 1) {
            log = ModelLog(epoch: epoch)
        }
    }

    /// One publication's history.
    public struct Catalog: Sendable {
        /// Its generation.
        public var generation: String
        /// Its entries.
        public private(set) var entries: [CatalogEntry] = []
        /// The chained hashes, one more than entries.
        public private(set) var hashes: [Digest128] = [.zero]

        /// Starts empty.
        public init(generation: String) {
            self.generation = generation
        }

        /// Adds an entry.
        public mutating func append(_ entry: CatalogEntry) {
            let text = "\(entry)"
            hashes.append(hashes[entries.count].chained(with: text.utf8))
            entries.append(entry)
        }
    }

    private let content: Mutex<Content>

    /// Makes a remote.
    public init(_ content: Content = Content()) {
        self.content = Mutex(content)
    }

    /// Looks at or changes what it holds.
    public func with<Result: Sendable>(_ body: (inout sending Content) -> Result) -> Result {
        content.withLock { body(&$0) }
    }

    /// Everything.
    public var capabilities: RemoteCapabilities { .full(pushLimit: 100) }

    /// Takes in what is pushed and gives the next page.
    public func exchange(_ exchange: Exchange) async throws(RemoteError) -> ExchangeReply {
        try attempt { content throws(RemoteError) in
            content.requests += 1
            try content.beforeExchange?(&content, exchange)
            let reply = try content.answer(exchange)
            try content.afterExchange?(&content, reply)
            return reply
        }
    }

    /// Gives a piece of history.
    public func catalogPage(_ request: CatalogRequest) async throws(RemoteError) -> CatalogPage {
        try attempt { content throws(RemoteError) in
            content.requests += 1
            guard let catalog = content.catalogs[request.publication], catalog.generation == request.generation,
                request.from <= UInt64(catalog.entries.count)
            else { throw RemoteError(.catalogChanged, "another history") }
            let to = min(Int(request.to ?? UInt64(catalog.entries.count)), catalog.entries.count)
            return CatalogPage(
                publication: request.publication, generation: request.generation, from: request.from,
                entries: Array(catalog.entries[Int(request.from)..<to]),
                hashes: Array(catalog.hashes[Int(request.from)...to]))
        }
    }

    /// Gives all registers in one page.
    public func snapshotPage(after: SnapshotToken?) async throws(RemoteError) -> SnapshotPage {
        try attempt { content throws(RemoteError) in
            content.requests += 1
            let registers = content.log.registers.sorted { $0.key.digest < $1.key.digest }
            return SnapshotPage(
                cursor: content.log.head, versions: registers.flatMap(\.value.versions), next: nil)
        }
    }

    /// Finds a common cursor.
    public func commonCursor(of cursors: [StateCursor]) async throws(RemoteError) -> StateCursor {
        try attempt { content throws(RemoteError) in content.log.common(of: cursors) }
    }

    /// Takes in what was lost.
    public func restore(_ offer: RestoreOffer) async throws(RemoteError) -> RestoreReply {
        try attempt { content throws(RemoteError) in try content.log.restore(offer) }
    }

    private func attempt<Answer: Sendable>(
        _ body: (inout sending Content) throws(RemoteError) -> Answer
    ) throws(RemoteError) -> Answer {
        let result: Result<Answer, RemoteError> = content.withLock { content in
            do throws(RemoteError) {
                return .success(try body(&content))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

extension ModelRemote.Content {
    fileprivate mutating func answer(_ exchange: Exchange) throws(RemoteError) -> ExchangeReply {
        guard log.holds(exchange.cursor) else { throw RemoteError(.prefixMismatch, "not a cursor of this log") }
        guard exchange.cursor.sequence >= floor else { throw RemoteError(.cursorExpired, "below the floor") }
        let refused = try log.push(exchange.push, cursor: exchange.cursor, now: time)
        let settled = exchange.push.filter { change in
            log.entries.prefix(Int(exchange.cursor.sequence)).contains { $0.change.id == change.id }
        }
        let page = log.entries.dropFirst(Int(exchange.cursor.sequence)).prefix(pageSize)
        let last = exchange.cursor.sequence + UInt64(page.count)
        let heads = catalogs.map { publication, catalog in
            CatalogHead(
                publication: publication, generation: catalog.generation, count: UInt64(catalog.entries.count),
                hash: catalog.hashes[catalog.entries.count])
        }
        return ExchangeReply(
            time: time, entries: Array(page), cursor: log.cursor(at: last),
            remaining: UInt64(log.entries.count) - last, refused: refused,
            settled: settled.map(\.id.number),
            heads: heads.filter { !exchange.catalog.contains($0) }.sorted { $0.publication < $1.publication },
            library: library?.version == exchange.libraryVersion ? nil : library)
    }
}
