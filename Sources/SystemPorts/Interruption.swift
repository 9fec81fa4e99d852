import Dispatch
import Glibc

/// Ctrl-C and SIGTERM during long work.
public enum Interruption {
    /// How an interrupted process ends: 128 and SIGINT's number, as shells say it.
    public static let exitStatus: Int32 = 130

    /// Runs work in a task that a first signal cancels, so that the transaction under way is finished; a second signal
    /// ends the process on the spot, which the files survive too.
    public static func guarding<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await observing(work).result
    }

    /// The same, and whether a signal came.
    public static func observing<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> (result: Result, isInterrupted: Bool) {
        let task = Task { try await work() }
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler {
                if task.isCancelled { _exit(exitStatus) }
                task.cancel()
            }
            source.resume()
            return source
        }
        defer {
            for source in sources { source.cancel() }
            for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
        }
        let result = try await task.value
        return (result, task.isCancelled)
    }
}
