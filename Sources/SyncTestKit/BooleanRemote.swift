public import SyncCore
public import SyncPorts
import Synchronization

/// A service that knows two booleans for each article and nothing else: no log, no cursors, no authors. Most feed
/// services are like this.
public final class BooleanService: Sendable {
    /// What it knows.
    public struct Statuses: Sendable, Hashable {
        /// Articles that are read.
        public var read: Set<ArticleID> = []
        /// Articles that are starred.
        public var starred: Set<ArticleID> = []

        /// Knows nothing yet.
        public init() {}
    }

    private let statuses = Mutex(Statuses())

    /// Makes a service.
    public init() {}

    /// Looks at or changes what it knows, as any other client would.
    public func with<Result: Sendable>(_ body: (inout sending Statuses) -> Result) -> Result {
        statuses.withLock { body(&$0) }
    }
}

/// How such a service is a ``Remote``: the adapter remembers what it last saw there, and writes the differences down
/// as a log of its own. It shows that nothing above the port needs our protocol.
public final class BooleanRemote: Remote {
    private struct Memory {
        var log = ModelLog(epoch: 7)
        var seen = BooleanService.Statuses()
        var nextNumber: UInt64 = 1
    }

    private let service: BooleanService
    private let clock: any WallClock
    private let memory = Mutex(Memory())
    /// Stands for everyone who writes to the service without us.
    private let others = ReplicaID(rawValue: 0xB001)

    /// Makes an adapter to a service.
    public init(_ service: BooleanService, clock: any WallClock) {
        self.service = service
        self.clock = clock
    }

    /// Read and saved, without causality.
    public var capabilities: RemoteCapabilities {
        RemoteCapabilities(fields: [.read, .saved], causality: .none, restorable: false, pushLimit: 50)
    }

    /// Writes down what others changed, takes in what is pushed, and tells the service what came of it.
    public func exchange(_ exchange: Exchange) async throws(RemoteError) -> ExchangeReply {
        let result: Result<ExchangeReply, RemoteError> = memory.withLock { memory in
            let now = clock.now()
            observe(&memory, now: now)
            do throws(RemoteError) {
                let refused = try memory.log.push(exchange.push, cursor: exchange.cursor, now: now)
                write(exchange.push.map(\.key), &memory)
                let page = memory.log.entries.dropFirst(Int(exchange.cursor.sequence))
                return .success(
                    ExchangeReply(time: now, entries: Array(page), cursor: memory.log.head, refused: refused))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func observe(_ memory: inout Memory, now: WallTime) {
        let present = service.with { $0 }
        var changes: [(ArticleID, Field, Value)] = []
        for article in present.read.symmetricDifference(memory.seen.read).sorted() {
            changes.append((article, .read, .read(present.read.contains(article), by: .explicit)))
        }
        for article in present.starred.symmetricDifference(memory.seen.starred).sorted() {
            changes.append((article, .saved, .flag(present.starred.contains(article))))
        }
        for (article, field, value) in changes {
            guard let key = RegisterKey(.article(article), field) else { continue }
            let change = Change(
                id: ChangeID(replica: others, number: memory.nextNumber),
                stamp: HybridTimestamp(milliseconds: now.milliseconds),
                seen: SeenContext(through: memory.log.head.sequence), key: key, value: value)
            memory.nextNumber += 1
            if let change { memory.log.append(change, now: now) }
        }
        memory.seen = present
    }

    private func write(_ keys: [RegisterKey], _ memory: inout Memory) {
        for key in keys {
            guard case .article(let article) = key.entity, let outcome = memory.log.registers[key]?.outcome else {
                continue
            }
            let statuses = service.with { statuses in
                switch outcome.value {
                case .read(true, _): statuses.read.insert(article)
                case .read(false, _): statuses.read.remove(article)
                case .flag(true): statuses.starred.insert(article)
                case .flag(false): statuses.starred.remove(article)
                default: break
                }
                return statuses
            }
            memory.seen = statuses
        }
    }

    /// There is no history to fetch.
    public func catalogPage(_ request: CatalogRequest) async throws(RemoteError) -> CatalogPage { throw unsupported }

    /// There are no registers to fetch.
    public func snapshotPage(after: SnapshotToken?) async throws(RemoteError) -> SnapshotPage { throw unsupported }

    /// There are no cursors.
    public func commonCursor(of cursors: [StateCursor]) async throws(RemoteError) -> StateCursor { throw unsupported }

    /// There is no log.
    public func restore(_ offer: RestoreOffer) async throws(RemoteError) -> RestoreReply { throw unsupported }

    private var unsupported: RemoteError { RemoteError(.refused, "this service has no log") }
}
