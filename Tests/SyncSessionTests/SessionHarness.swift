import SyncCore
import SyncSession
import SyncTestKit

let replica = ReplicaID(rawValue: 0xA)
let meridian = publication("meridian")

func publication(_ name: String) -> EntityName {
    guard let name = EntityName(name) else { preconditionFailure("not a name: \(name)") }
    return name
}

func cursor(_ sequence: UInt64, epoch: UInt64 = 1, salt: UInt64 = 0) -> StateCursor {
    StateCursor(epoch: epoch, sequence: sequence, prefix: Digest128(high: salt, low: sequence))
}

func state(
    _ sequence: UInt64 = 0, replica: ReplicaID = replica, salt: UInt64 = 0
) -> SyncState {
    SyncState(
        replica: replica, cursor: cursor(sequence, salt: salt), libraryVersion: nil,
        accountVersion: nil)
}

func reply(
    _ sequence: UInt64, entries: [UInt64] = [], remaining: UInt64 = 0, heads: [CatalogHead] = [],
    tails: [CatalogPage] = []
) -> ExchangeReply {
    ExchangeReply(
        time: WallTime(milliseconds: 0),
        entries: entries.map {
            LogEntry(sequence: $0, received: WallTime(milliseconds: 0), change: pendingChange($0))
        }, cursor: cursor(sequence), remaining: remaining, heads: heads,
        tails: tails)
}

func pendingChange(_ number: UInt64) -> Change {
    guard let key = RegisterKey(.article(ArticleID(publication: "p", guid: "\(number)")), .saved),
        let change = Change(
            id: ChangeID(replica: replica, number: number), stamp: HybridTimestamp(milliseconds: 1),
            seen: SeenContext(through: 0), key: key, value: .flag(true))
    else { preconditionFailure("saved takes a flag") }
    return change
}

/// A session that is fed by hand.
struct Harness {
    var session: ClientSession
    var random = SeededRandom(seed: 1)

    init(options: ClientSession.Options = ClientSession.Options()) {
        session = ClientSession(options: options)
    }

    mutating func on(_ event: ClientSession.Event) -> [ClientSession.Action] {
        session.handle(event, using: &random)
    }

    /// Starts the session and answers the first load, up to the first exchange.
    mutating func start(
        _ state: SyncState = state(), catalog: [CatalogState] = [], push: [Change] = []
    ) -> [ClientSession.Action] {
        _ = on(.began(state, catalog, .full(pushLimit: 1_000)))
        return on(.pushLoaded(push))
    }
}

extension ClientSession.Action {
    var isLoad: Bool { if case .loadPush = self { true } else { false } }
}

extension [ClientSession.Action] {
    var exchange: Exchange? {
        for case .exchange(let exchange) in self { return exchange }
        return nil
    }

    var report: SyncReport? {
        for case .finish(let report) in self { return report }
        return nil
    }

    var catalogRequests: [CatalogRequest] {
        compactMap { if case .fetchCatalog(let request) = $0 { request } else { nil } }
    }

    var wait: Duration? {
        for case .wait(let duration) in self { return duration }
        return nil
    }
}

/// A publication's whole history, as a server holds it.
struct ModelCatalog {
    let generation: String
    private(set) var hashes: [Digest128] = [.zero]

    init(generation: String = "g1", count: Int, salt: UInt8 = 0) {
        self.generation = generation
        grow(by: count, salt: salt)
    }

    var count: UInt64 { UInt64(hashes.count - 1) }

    var head: CatalogHead {
        CatalogHead(
            publication: meridian, generation: generation, count: count, hash: hashes[hashes.count - 1])
    }

    mutating func grow(by count: Int, salt: UInt8 = 0) {
        for _ in 0..<count { hashes.append(hashes[hashes.count - 1].chained(with: [salt])) }
    }

    func page(_ request: CatalogRequest) -> CatalogPage {
        page(from: request.from, to: request.to ?? count)
    }

    func page(from: UInt64, to: UInt64) -> CatalogPage {
        CatalogPage(
            publication: meridian, generation: generation, from: from,
            entries: (from..<to).map { .removed(number: $0) }, hashes: Array(hashes[Int(from)...Int(to)]))
    }

    func range(_ from: UInt64, _ to: UInt64) -> CatalogRange {
        CatalogRange(from: from, to: to, fromHash: hashes[Int(from)], toHash: hashes[Int(to)])
    }

    func state(_ ranges: CatalogRange...) -> CatalogState {
        CatalogState(publication: meridian, generation: generation, ranges: ranges)
    }
}
