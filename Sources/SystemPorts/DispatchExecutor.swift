import Dispatch

/// Runs an actor's jobs one after the other on a dispatch queue of its own, so that a synchronous store does not
/// hold up the threads of the cooperative pool. `DispatchSerialQueue` is no executor on Linux; this is.
public final class DispatchExecutor: SerialExecutor {
    private let queue: DispatchQueue

    /// Makes an executor with a queue of that name.
    public init(label: String) {
        queue = DispatchQueue(label: label)
    }

    /// Runs a job after those before it.
    public func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        let executor = asUnownedSerialExecutor()
        queue.async { unowned.runSynchronously(on: executor) }
    }
}
