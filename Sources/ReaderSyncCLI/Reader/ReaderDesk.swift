import ReaderScreen
import SQLiteReplica
import SyncCore

/// Does what a reader's screen wants of the replica, at once.
struct ReaderDesk {
    /// Related articles that are looked up.
    private static let mostRelated = 20

    let replica: Replica
    let now: @Sendable () -> WallTime

    func list(_ filter: ArticleFilter, limit: Int, ticket: Int) throws -> ReaderEvent {
        let handles = try replica.handles(filter, limit: limit)
        return .listed(handles, isAll: handles.count < limit, ticket: ticket)
    }

    func seekUnread(_ handles: [ArticleHandle]) throws -> ReaderEvent {
        .sought(try replica.firstUnread(among: handles))
    }

    func record(_ edits: [Edit], done: String, articles: [ArticleID], undo: UndoStep?) throws -> ReaderEvent {
        let summary = try replica.record(edits, at: now())
        return summary.recorded > 0 ? .recorded(done: done, articles: articles, undo: undo) : .said("nothing to change")
    }

    /// Fetches an article, and marks it read as `show` does; `nil` if it is not held.
    func open(_ reference: ArticleReference, _ opening: Opening) throws -> ReaderEvent? {
        guard let id = try id(of: reference), let handle = try replica.handle(of: id) else { return nil }
        var detail = try replica.article(id.description)
        if opening != .update, !detail.summary.isRead, !detail.isRemoved, let edit = Edit.read(id, true, by: .implicit)
        {
            _ = try replica.record([edit], at: now())
            detail = try replica.article(id.description)
        }
        return .opened(OpenArticle(handle: handle, detail: detail, related: try related(to: detail)), opening)
    }

    private func id(of reference: ArticleReference) throws -> ArticleID? {
        switch reference {
        case .handle(let handle): return try replica.listed([handle])[handle]?.summary.id
        case .id(let id): return id
        case .address(let address): return try held(address)
        }
    }

    /// The article at an address, if it is held and no other is.
    private func held(_ address: String) throws -> ArticleID? {
        guard address.contains("/") else { return nil }
        do throws(ReplicaError) {
            return try replica.articleID(address)
        } catch {
            guard error.code == .notFound || error.code == .ambiguous else { throw error }
            return nil
        }
    }

    private func related(to detail: ArticleDetail) throws -> [OpenArticle.Related] {
        var found: [OpenArticle.Related] = []
        for related in detail.article.related.prefix(Self.mostRelated) {
            let named = try related.id.flatMap { try replica.handle(of: $0) == nil ? nil : $0 }
            let id = try named ?? held(related.url)
            let handle = try id.flatMap { try replica.handle(of: $0) }
            let headline = try handle.flatMap { try replica.listed([$0])[$0]?.summary.headline }
            found.append(OpenArticle.Related(address: related.url, headline: headline))
        }
        return found
    }
}
