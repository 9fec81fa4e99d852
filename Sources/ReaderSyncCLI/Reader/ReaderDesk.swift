import ReaderScreen
import SQLiteReplica
import SyncCore
import TerminalText

/// Does what a reader's screen wants of the replica, at once.
struct ReaderDesk {
    /// Related articles that are looked up.
    private static let mostRelated = 20
    /// Columns of the words that were corrected.
    private static let changesWidth = 76

    let replica: Replica
    /// Whether anything can be written: a disk may be full, a medium read-only.
    let canWrite: Bool
    let now: @Sendable () -> WallTime

    func list(_ filter: ArticleFilter, limit: Int, ticket: Int) throws -> ReaderEvent {
        let handles = try replica.handles(filter, limit: limit)
        return .listed(handles, isAll: handles.count < limit, ticket: ticket)
    }

    func seekUnread(_ handles: [ArticleHandle]) throws -> ReaderEvent {
        .sought(try replica.firstUnread(among: handles))
    }

    /// Records what a person did at the screen, in the words under which `undo --list` has it.
    func record(_ edits: [Edit], done: String, articles: [ArticleID]) throws -> ReaderEvent {
        let summary = try replica.record(edits, as: "read: \(done)", at: now())
        guard let batch = summary.batch else { return .said("nothing to change") }
        return .recorded(
            done: done, articles: articles, undo: UndoStep(batches: [batch], articles: articles, what: done))
    }

    /// Records how far an article was read. What came meanwhile from another device or program holds if it is further, as it
    /// does between devices (DESIGN.md §3): nobody saw it on this screen, and so nobody went back from it.
    func recordProgress(of id: ArticleID, from known: Int, to points: Int) throws {
        guard canWrite, let edit = Edit.progress(id, points) else { return }
        if case .progress(let held)? = try replica.shown(edit.key), held != known, held >= points { return }
        _ = try replica.record([edit], as: Batch.readingPosition + ValueRendering.percent(points), at: now())
    }

    /// Takes marks back, the last first, as `undo` does.
    static func undo(_ step: UndoStep, in replica: Replica, at now: WallTime) throws -> ReaderEvent {
        for batch in step.batches.reversed() { _ = try replica.undo(.batch(batch), at: now) }
        return .recorded(done: "taken back: \(step.what)", articles: step.articles, undo: nil)
    }

    /// Fetches an article, and marks it read as `show` does; `nil` if it is not held.
    func open(
        _ reference: ArticleReference, _ opening: Opening, showing pictures: ReaderPictures
    ) throws -> ReaderEvent? {
        guard let id = try id(of: reference), let handle = try replica.handle(of: id) else { return nil }
        var detail = try replica.article(id.description)
        let corrected = try opening == .update ? nil : changes(in: detail)
        if opening != .update, canWrite { detail = try replica.noteOpened(detail, as: "read: opened", at: now()) }
        var article = OpenArticle(
            handle: handle, detail: detail, related: try related(to: detail), picture: try picture(of: detail, pictures)
        )
        article.changes = corrected
        return .opened(article, opening)
    }

    private func changes(in detail: ArticleDetail) throws -> [StyledText]? {
        guard detail.summary.correctedSinceRead,
            let changes = try ArticleChanges(since: detail.summary.id, in: replica), changes.read != nil
        else { return nil }
        return changes.lines(width: Self.changesWidth)
    }

    /// The lead image, if its file is here and the terminal can show it.
    private func picture(of detail: ArticleDetail, _ pictures: ReaderPictures) throws -> OpenArticle.Picture? {
        guard let url = detail.article.image?.url, let asset = try replica.asset(at: url) else { return nil }
        return pictures.picture(asset)
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
            let title = try handle.flatMap { try replica.listed([$0])[$0]?.summary.title }
            found.append(OpenArticle.Related(address: related.url, headline: title))
        }
        return found
    }
}
