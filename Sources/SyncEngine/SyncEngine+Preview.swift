public import SyncCore
import SyncPorts
import SyncSession

/// What a sync would do.
public struct SyncPreview: Sendable, Hashable {
    /// What would happen to the reader's state.
    public var state: StatePreview
    /// Entries of article history that would come.
    public var articles: UInt64
    /// Whether the log goes on beyond what was looked at.
    public var isPartial: Bool
}

extension SyncEngine {
    /// Pages of the log that a preview looks at.
    static let previewPages = 20

    /// Asks the remote what is new, without sending or storing anything.
    ///
    /// - Throws: ``RemoteError`` if the remote cannot be asked, ``SyncEngineError`` if the replica cannot be read.
    public func preview() async throws -> SyncPreview {
        let state = try stored { try store.syncState() }
        let catalog = try stored { try store.catalogState() }
        let heads = catalog.compactMap { held in
            held.ranges.last.map {
                CatalogHead(
                    publication: held.publication, generation: held.generation, count: $0.to, hash: $0.toHash)
            }
        }
        var cursor = state.cursor
        var replies: [ExchangeReply] = []
        repeat {
            let exchange = Exchange(
                replica: state.replica, cursor: cursor, push: [], catalog: heads,
                libraryVersion: state.libraryVersion, accountVersion: state.accountVersion, spellsArticles: true)
            let reply = try await remote.exchange(exchange)
            replies.append(reply)
            cursor = reply.cursor
        } while (replies.last?.remaining ?? 0) > 0 && replies.count < Self.previewPages
        let preview = try stored { try store.preview(replies, at: clock.now()) }
        return SyncPreview(
            state: preview, articles: Self.missing(catalog, heads: replies.last?.heads ?? []),
            isPartial: (replies.last?.remaining ?? 0) > 0)
    }

    private static func missing(_ held: [CatalogState], heads: [CatalogHead]) -> UInt64 {
        var total: UInt64 = 0
        for state in held where !heads.contains(where: { $0.publication == state.publication }) {
            let count = state.ranges.reduce(0) { $0 + $1.to - $1.from }
            total += (state.ranges.last?.to ?? 0) - count
        }
        for head in heads {
            let ranges = held.first { $0.publication == head.publication && $0.generation == head.generation }?.ranges
            let count = (ranges ?? []).reduce(0) { $0 + min($1.to, head.count) - min($1.from, head.count) }
            total += head.count - count
        }
        return total
    }
}
