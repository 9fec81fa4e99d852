import Dispatch
import ReaderScreen
import SQLiteReplica
import SyncCore
import Synchronization
import TerminalScreen

/// What takes long, beside the screen: on a thread and a connection of its own. Of two requests of a kind that wait, the
/// later counts. Answers are fetched with ``take()``; the screen is woken for them.
final class BackgroundReading: Sendable {
    private struct State {
        var waiting: [ReaderEffect] = []
        var answers: [ReaderEvent] = []
        var isRunning = false
        var isStopped = false
    }

    /// Most articles that a search shows.
    static let mostFound = 200

    private let state = Mutex(State())
    private let path: String
    private let access: Replica.Access
    private let waker: Waker
    private let now: @Sendable () -> WallTime

    init(path: String, for access: Replica.Access, waker: Waker, now: @escaping @Sendable () -> WallTime) {
        (self.path, self.access, self.waker, self.now) = (path, access, waker, now)
    }

    /// Answers from now on are of no interest.
    func stop() { state.withLock { $0.isStopped = true } }

    /// What was found out since the last time.
    func take() -> [ReaderEvent] {
        state.withLock { state in
            defer { state.answers = [] }
            return state.answers
        }
    }

    /// Wants something done.
    func ask(_ effect: ReaderEffect) {
        let starts = state.withLock { state in
            state.waiting.removeAll { Self.isReplaced($0, by: effect) }
            state.waiting.append(effect)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if starts { DispatchQueue.global(qos: .userInitiated).async { self.work() } }
    }

    private static func isReplaced(_ waiting: ReaderEffect, by effect: ReaderEffect) -> Bool {
        switch (waiting, effect) {
        case (.list, .list), (.count, .count), (.search, .search): true
        default: false
        }
    }

    private func work() {
        var replica: Replica?
        while let effect = next() {
            do {
                let open = try replica ?? Replica(opening: path, for: access)
                replica = open
                let event = try answer(effect, open)
                if let event { tell(event) }
            } catch {
                tell(.failed(CommandFailure(error).line))
            }
        }
    }

    private func next() -> ReaderEffect? {
        state.withLock { state in
            guard !state.isStopped, !state.waiting.isEmpty else {
                state.isRunning = false
                return nil
            }
            return state.waiting.removeFirst()
        }
    }

    private func tell(_ event: ReaderEvent) {
        state.withLock { $0.answers.append(event) }
        waker.wake()
    }

    private func answer(_ effect: ReaderEffect, _ replica: Replica) throws -> ReaderEvent? {
        switch effect {
        case .list(let filter, let limit, let ticket):
            return .listed(try replica.handles(filter, limit: limit ?? .max), isAll: limit == nil, ticket: ticket)
        case .count: return .counted(try replica.sources())
        case .search(let text, let filter, let ticket):
            guard try completeIndex(replica) else { return nil }
            return try search(text, filter, replica).map { .found($0, ticket: ticket) }
        case .markRead(let handles): return try markRead(handles, replica)
        case .undo(let step): return try ReaderDesk.undo(step, in: replica, at: now())
        default: return nil
        }
    }

    /// Puts the articles into the full-text index that it lacks, which takes a while after a first sync.
    ///
    /// - Returns: `false` if meanwhile something else is looked for, or nothing.
    private func completeIndex(_ replica: Replica) throws -> Bool {
        var count = 0
        while case let added = try replica.indexPending(limit: 1_000), added > 0 {
            count += added
            tell(.said("indexing: \(Plural.articles(count))"))
            if state.withLock({ $0.isStopped }) { return false }
        }
        return state.withLock { $0.waiting.isEmpty }
    }

    /// What is found; `nil` if meanwhile something else is looked for, or nothing.
    private func search(_ text: String, _ filter: ArticleFilter, _ replica: Replica) throws -> FoundArticles? {
        let isWanted = { self.state.withLock { !$0.isStopped && $0.waiting.isEmpty } }
        let result = try replica.search(text, filter, limit: Self.mostFound, while: isWanted)
        guard isWanted() else { return nil }
        var found = FoundArticles(hasMore: result.hasMore)
        for hit in result.hits {
            guard let handle = try replica.handle(of: hit.article.id) else { continue }
            found.handles.append(handle)
            found.snippets[handle] = hit.snippet
        }
        found.articles = try replica.listed(found.handles)
        return found
    }

    /// One press of a key is one command to be taken back, however many transactions it takes.
    private func markRead(_ handles: [ArticleHandle], _ replica: Replica) throws -> ReaderEvent {
        let ids = try replica.unreadIDs(among: handles)
        var step = UndoStep(batches: [], articles: [], what: "")
        do {
            _ = try replica.record(
                many: ids.compactMap { .read($0, true, by: .bulk) }, as: "read: all of a list", at: now()
            ) { done in
                step.batches = done.batch.map { [$0] } ?? []
                step.articles = Array(ids.prefix(done.recorded + done.unchanged))
                if step.articles.count < ids.count {
                    tell(.said("marked \(step.articles.count) of \(Plural.articles(ids.count)) read"))
                }
                return !state.withLock { $0.isStopped }
            }
        } catch {
            // What was done is said, and can be taken back.
            tell(Self.marked(step))
            throw error
        }
        return Self.marked(step)
    }

    private static func marked(_ step: UndoStep) -> ReaderEvent {
        var step = step
        step.what = "\(Plural.articles(step.articles.count)) read"
        let text = step.articles.isEmpty ? "all were read already" : "marked \(step.what); z takes it back"
        return .recorded(done: text, articles: step.articles, undo: step)
    }
}
