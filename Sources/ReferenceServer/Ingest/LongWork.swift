import Dispatch
import Synchronization

/// Work that takes seconds for a large document and cannot be stopped. On a thread that is nobody's: neither readers nor
/// whoever cancels wait for it.
enum LongWork {
    /// Does it.
    ///
    /// - Returns: its result; `nil` at once when the task is cancelled, and what the work comes to then is thrown away.
    static func result<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result? {
        let waiter = Waiter<Result>()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard waiter.begin(continuation) else { return }
                DispatchQueue.global(qos: .utility).async { waiter.end(work()) }
            }
        } onCancel: {
            waiter.end(nil)
        }
    }

    /// Resumes whoever waits, once: with the result or the cancellation, whichever is first.
    private final class Waiter<Result: Sendable>: Sendable {
        private enum State {
            case new
            case waiting(CheckedContinuation<Result?, Never>)
            case over
        }

        private let state = Mutex(State.new)

        /// - Returns: whether there is anything to wait for; if not, the waiter was resumed.
        func begin(_ continuation: CheckedContinuation<Result?, Never>) -> Bool {
            let isNew = state.withLock { state in
                guard case .new = state else { return false }
                state = .waiting(continuation)
                return true
            }
            if !isNew { continuation.resume(returning: nil) }
            return isNew
        }

        func end(_ result: Result?) {
            let continuation = state.withLock { state -> CheckedContinuation<Result?, Never>? in
                defer { state = .over }
                guard case .waiting(let continuation) = state else { return nil }
                return continuation
            }
            continuation?.resume(returning: result)
        }
    }
}
