import Dispatch
import Glibc
import Synchronization

/// Ctrl-C and SIGTERM during long work.
public enum Interruption {
    /// How an interrupted process ends: 128 and SIGINT's number, as shells say it.
    public static let exitStatus: Int32 = 130

    /// How long work may go on after a signal where the person was promised that it ends within a second.
    public static let grace = DispatchTimeInterval.milliseconds(700)

    /// Runs work in a task that a first signal cancels, so that the transaction under way is finished; a second signal
    /// ends the process on the spot, which the files survive too.
    ///
    /// - Parameter overrun: called if the work goes on for longer than ``grace`` after the signal; then the process ends
    ///   as by a second one. `nil`: the work may take its time.
    public static func guarding<Result: Sendable>(
        overrun: (@Sendable () -> Void)? = nil, _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await observing(overrun: overrun, work).result
    }

    /// The same, and whether a signal came.
    public static func observing<Result: Sendable>(
        overrun: (@Sendable () -> Void)? = nil, _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> (result: Result, isInterrupted: Bool) {
        // Until the signals are looked after they end the process, which is as good as long as nothing has begun.
        let (ready, announce) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            var waiting = signals.count
            for await _ in ready {
                waiting -= 1
                if waiting == 0 { break }
            }
            return try await work()
        }
        let isOver = Over()
        let sources = signals.map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler {
                if task.isCancelled { _exit(exitStatus) }
                task.cancel()
                guard let overrun else { return }
                DispatchQueue.global(qos: .userInteractive).asyncAfter(deadline: .now() + grace) {
                    isOver.otherwise {
                        overrun()
                        _exit(exitStatus)
                    }
                }
            }
            source.setRegistrationHandler {
                signal(number, Self.leaveToSource)
                announce.yield()
            }
            source.resume()
            return source
        }
        defer {
            isOver.set()
            for source in sources { source.cancel() }
            for number in signals { signal(number, SIG_DFL) }
        }
        let result = try await task.value
        return (result, task.isCancelled)
    }

    private static let signals = [SIGINT, SIGTERM]

    /// Keeps a signal from the thread that it came to, so that the source learns of it (signalfd(2)). libdispatch installs
    /// the like for the first source of a process alone, so that work after other work would be without.
    private static let leaveToSource: @convention(c) (Int32) -> Void = { number in
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, number)
        pthread_sigmask(SIG_BLOCK, &set, nil)
        kill(getpid(), number)
    }

    /// Whether the work has ended. Its end waits for what is done because it has not.
    private final class Over: Sendable {
        private let flag = Mutex(false)

        func set() { flag.withLock { $0 = true } }

        func otherwise(_ body: () -> Void) {
            flag.withLock { isOver in
                if !isOver { body() }
            }
        }
    }
}
