import ReaderScreen
import SQLiteReplica
import SyncCore
import SyncPorts
import Synchronization
import SystemPorts
import TerminalScreen

/// Fetches the text of the article on the screen if it is not kept here, beside the screen. Where there is no network it asks
/// again, ever more rarely, until another article is wanted.
final class TextFetching: Sendable {
    private struct State {
        var wanted: ArticleID?
        var task: Task<Void, Never>?
        var answers: [ReaderEvent] = []
    }

    /// Milliseconds after which the server is asked again, at first and at most.
    private static let patience: (first: Int64, most: Int64) = (2_000, 60_000)

    private let state = Mutex(State())
    private let context: Context
    private let waker: Waker

    init(_ context: Context, waker: Waker) { (self.context, self.waker) = (context, waker) }

    /// Wants the text of this article, and no other's any more.
    func want(_ id: ArticleID?) {
        state.withLock { state in
            state.task?.cancel()
            state.wanted = id
            state.task = id.map { id in Task { await self.fetch(id) } }
        }
    }

    /// What was found out since the last time.
    func take() -> [ReaderEvent] {
        state.withLock { state in
            defer { state.answers = [] }
            return state.answers
        }
    }

    private func fetch(_ id: ArticleID) async {
        var (failures, pause) = (0, Duration.zero)
        while !Task.isCancelled {
            do {
                return tell(event(try await AbsentText.restore(id, known: try context.open(.reading), context), id))
            } catch let error as RemoteError where error.code == .offline || error.code == .busy {
                failures += 1
                pause = max(error.retryAfter ?? .zero, .milliseconds(delay(after: failures)))
                tell(.textAbsent(id, .offline))
            } catch {
                var failure = CommandFailure(error)
                failure.remedy = failure.remedy ?? "run '\(context.command("sync"))'"
                return tell(.textAbsent(id, .failed(failure.line)))
            }
            // The server could not be asked: it is left alone for as long as it said, or the failures' number says.
            do { try await SystemSleeper().sleep(for: pause) } catch { return }
        }
    }

    private func delay(after failures: Int) -> Int64 {
        var draw = RandomDraw(SystemRandomSource())
        let delay = Backoff.delay(after: failures, first: Self.patience.first, most: Self.patience.most)
        return Backoff.spread(delay, using: &draw)
    }

    private func event(_ answer: AbsentText.Answer, _ id: ArticleID) -> ReaderEvent {
        switch answer {
        case .restored: .textRestored(id)
        case .corrected: .textAbsent(id, .failed("it was corrected meanwhile; run '\(context.command("sync"))'"))
        case .nowhere:
            .textAbsent(
                id,
                .failed(
                    "no server has it; save the article and run '\(context.command("sync"))', or '\(context.command("sync --bodies all"))'"
                ))
        }
    }

    /// What was found out for an article that nobody wants any more is of no interest.
    private func tell(_ event: ReaderEvent) {
        guard !Task.isCancelled else { return }
        state.withLock { $0.answers.append(event) }
        waker.wake()
    }
}
