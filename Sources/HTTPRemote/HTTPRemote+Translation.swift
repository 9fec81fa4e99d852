import SyncCore
import SyncPorts
import SyncProtocol

// Between the replica's terms and the protocol's messages.
extension HTTPRemote {
    /// The changes as messages, as many as one push may hold in bytes.
    func wireChanges(
        of changes: [Change], reference: [ArticleID: ArticleReference]
    ) throws(RemoteError) -> [WireChange] {
        var bytes = 0
        var result: [WireChange] = []
        for change in changes.prefix(Limits.pushChanges) {
            let wire = WireChange(change, reference: { reference[$0] })
            bytes += try Self.weight(of: wire)
            guard bytes <= Limits.pushBytes || result.isEmpty else { break }
            result.append(wire)
        }
        return result
    }

    /// The first of the entries as messages, as many as one request may hold in bytes, and at least one.
    func piece(of entries: ArraySlice<RestoreOffer.Entry>) throws(RemoteError) -> [WireOffer] {
        var bytes = 0
        var result: [WireOffer] = []
        for offered in entries {
            let wire = WireChange(offered.entry.change, reference: { _ in nil })
            // A name in `saw` has at most 37 bytes.
            bytes += try Self.weight(of: wire) + 40 * offered.saw.count
            guard bytes <= Limits.pushBytes || result.isEmpty else { break }
            result.append(
                WireOffer(
                    sequence: offered.entry.sequence, received: offered.entry.received,
                    author: offered.entry.change.id.replica, change: wire,
                    saw: offered.saw.map { WireChangeID($0) }))
        }
        return result
    }

    /// At least the bytes of a change in a message. It is encoded only where it may be large.
    private static func weight(of change: WireChange) throws(RemoteError) -> Int {
        let other = 512 + 20 * change.seen.also.count
        switch change.value {
        case .note, .other: break
        default: if change.extra.isEmpty { return other }
        }
        do {
            return other + (try WireCodec.encode(change).count)
        } catch {
            throw RemoteError(.refused, "the request cannot be written: \(error)")
        }
    }

    func references(of changes: [Change]) throws(RemoteError) -> [ArticleID: ArticleReference] {
        let articles = changes.compactMap { change -> ArticleID? in
            if case .article(let id) = change.key.entity { id } else { nil }
        }
        let names: [ArticleName?]
        do {
            names = try directory.names(of: articles)
        } catch {
            throw RemoteError(.refused, "the replica cannot be read: \(error)")
        }
        var result: [ArticleID: ArticleReference] = [:]
        for name in names {
            if let name { result[name.id] = .number(publication: name.publication, article: name.number) }
        }
        return result
    }

    func send(_ exchange: Exchange, push: [WireChange], names: Bool) async throws(RemoteError) -> SyncResponse {
        let request = SyncRequest(
            replica: exchange.replica, cursor: exchange.cursor, push: push,
            catalog: Array(exchange.catalog.prefix(Limits.publications)), library: exchange.libraryVersion,
            account: exchange.accountVersion, names: names)
        return try await endpoint.post(Route.sync, request, as: SyncResponse.self)
    }

    /// What the numbers in an answer mean: by the answer's own table, its tails, or the replica.
    func resolver(for response: SyncResponse) throws(RemoteError) -> ArticleResolver {
        var resolver = ArticleResolver(names: (response.articles ?? []).map(\.name))
        let wanted = response.entries.elements.compactMap(\.articleNumber).filter {
            resolver.article($0.publication, $0.number) == nil
        }
        do {
            let found = try directory.articles(named: wanted)
            for (name, id) in zip(wanted, found) {
                if let id {
                    resolver.add(ArticleName(publication: name.publication, number: name.number, id: id))
                }
            }
        } catch {
            throw RemoteError(.refused, "the replica cannot be read: \(error)")
        }
        return resolver
    }

    func reply(
        to exchange: Exchange, from response: SyncResponse, resolver: ArticleResolver
    ) throws(RemoteError) -> ExchangeReply {
        var pushed: [UInt64: Change] = [:]
        for change in exchange.push { pushed[change.id.number] = change }
        var entries: [LogEntry] = []
        var unreadable = response.entries.failures.map(\.description)
        for wire in response.entries.elements {
            if let entry = wire.entry(pushed: pushed, resolver: resolver) {
                entries.append(entry)
            } else {
                unreadable.append("entry \(wire.sequence) speaks of something that is not known here")
            }
        }
        guard zip(entries, entries.dropFirst()).allSatisfy({ $0.sequence < $1.sequence }),
            entries.allSatisfy({ $0.sequence > exchange.cursor.sequence && $0.sequence <= response.cursor.sequence })
        else { throw RemoteError(.brokenAnswer, "the server's entries are out of order") }
        var tails: [CatalogPage] = []
        for tail in response.tails {
            tails.append(try Endpoint.readable { () throws(WireError) in try CatalogLines.page(from: tail) })
        }
        return ExchangeReply(
            time: response.time, entries: entries, cursor: response.cursor,
            remaining: response.remaining, refused: response.refused.map(\.refusal),
            settled: response.settled ?? [], unreadable: unreadable,
            heads: response.heads, tails: tails, library: response.library?.library,
            account: response.account?.account)
    }
}

/// Finds articles by the numbers of one answer.
struct ArticleResolver {
    private struct Key: Hashable {
        var publication: UInt32
        var number: UInt64
    }

    private var table: [Key: ArticleID] = [:]

    init(names: [ArticleName]) {
        for name in names { add(name) }
    }

    mutating func add(_ name: ArticleName) {
        table[Key(publication: name.publication, number: name.number)] = name.id
    }

    func article(_ publication: UInt32, _ number: UInt64) -> ArticleID? {
        table[Key(publication: publication, number: number)]
    }

    func misses(in entries: [WireEntry]) -> Bool {
        entries.contains { entry in
            entry.articleNumber.map { article($0.publication, $0.number) == nil } ?? false
        }
    }
}

extension WireArticleName {
    var name: ArticleName { ArticleName(publication: publication, number: number, id: id) }
}

extension WireEntry {
    var articleNumber: (publication: UInt32, number: UInt64)? {
        guard case .full(_, _, _, let change) = self,
            case .article(.number(let publication, let article)) = change.entity
        else { return nil }
        return (publication, article)
    }

    func entry(pushed: [UInt64: Change], resolver: ArticleResolver) -> LogEntry? {
        switch self {
        case .own(let sequence, let number, let received, let stamp):
            guard var change = pushed[number] else { return nil }
            if let stamp { change.stamp = stamp }
            return LogEntry(sequence: sequence, received: received, change: change)
        case .full(let sequence, let received, let author, let wire):
            return wire.change(by: author, resolve: resolver.article).map {
                LogEntry(sequence: sequence, received: received, change: $0)
            }
        }
    }
}
