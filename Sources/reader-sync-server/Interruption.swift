import Dispatch
import Glibc

/// Ctrl-C and SIGTERM during an ingest.
enum Interruption {
    /// The exit code of an interrupted command.
    static let exitCode: Int32 = 130

    /// Runs work in a task that a first signal cancels; a second one ends the process on the spot, which the database
    /// survives too.
    static func guarding<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> (result: Result, isInterrupted: Bool) {
        let task = Task { try await work() }
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler {
                if task.isCancelled { _exit(exitCode) }
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
