public import SyncPorts

/// Where requests wait for news. A request that waits costs a few hundred bytes: no thread, no connection to the database.
/// One loop for all of them asks the store a few times a second whether anything was written, which takes microseconds; if
/// so, or if somebody came in meanwhile, it looks once for all that wait. So it does not matter which process wrote.
public actor WatchRoom {
    /// Bounds of waiting.
    public struct Limits: Sendable {
        /// Most requests that wait at once.
        public var requests = 10_000
        /// Most that wait for one reader.
        public var perReader = 32
        /// How often the store is asked.
        public var tick = Duration.milliseconds(200)

        /// The defaults.
        public init() {}
    }

    private struct Waiting {
        var reader: ReaderKey
        /// The token that the request has.
        var token: String
        var ticksLeft: Int
        var continuation: CheckedContinuation<String, Never>
    }

    private let source: any WatchSource
    private let sleeper: any Sleeper
    private let limits: Limits
    private let onFailure: @Sendable (any Error) -> Void
    private var waiting: [Int: Waiting] = [:]
    private var perReader: [ReaderKey: Int] = [:]
    private var nextNumber = 0
    /// Requests that came since the store was last looked at.
    private var arrived: Set<Int> = []
    private var stamp: Int64?
    private var loop: Task<Void, Never>?
    private var isClosed = false

    /// Makes an empty room.
    ///
    /// - Parameter onFailure: told why the store could not be asked; those who wait go on to.
    public init(
        source: any WatchSource, sleeper: any Sleeper, limits: Limits = Limits(),
        onFailure: @escaping @Sendable (any Error) -> Void = { _ in }
    ) {
        self.source = source
        self.sleeper = sleeper
        self.limits = limits
        self.onFailure = onFailure
    }

    /// How many requests wait.
    public var count: Int { waiting.count }

    /// Waits until a reader's token is another one than `token`, for `duration` at most, or until the task is cancelled or
    /// the room closed.
    ///
    /// - Returns: the reader's token, or `token` if nothing happened; `nil` if there is no place to wait.
    func wait(for reader: ReaderKey, token: String, atMost duration: Duration) async -> String? {
        guard !isClosed else { return token }
        guard waiting.count < limits.requests, perReader[reader, default: 0] < limits.perReader else { return nil }
        let number = nextNumber
        nextNumber += 1
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard !Task.isCancelled else { return continuation.resume(returning: token) }
                waiting[number] = Waiting(
                    reader: reader, token: token, ticksLeft: max(1, Int((duration / limits.tick).rounded(.up))),
                    continuation: continuation)
                perReader[reader, default: 0] += 1
                arrived.insert(number)
                if loop == nil { loop = Task { await self.run() } }
            }
        } onCancel: {
            Task { await self.leave(number) }
        }
    }

    /// Sends everybody home, and lets nobody in any more: the server stops.
    public func close() {
        isClosed = true
        for number in Array(waiting.keys) { leave(number) }
        loop?.cancel()
    }

    private func leave(_ number: Int, with token: String? = nil) {
        guard let request = waiting.removeValue(forKey: number) else { return }
        arrived.remove(number)
        if let count = perReader[request.reader] { perReader[request.reader] = count > 1 ? count - 1 : nil }
        request.continuation.resume(returning: token ?? request.token)
    }

    private func run() async {
        while !waiting.isEmpty, !Task.isCancelled {
            do { try await look() } catch { onFailure(error) }
            // Other processes write to the file too, and SQLite tells nobody: one look a tick serves all who wait.
            guard !waiting.isEmpty, (try? await sleeper.sleep(for: limits.tick)) != nil else { break }
            for number in Array(waiting.keys) {
                waiting[number]?.ticksLeft -= 1
                if waiting[number]?.ticksLeft == 0 { leave(number) }
            }
        }
        loop = nil
        // Somebody may have come in while the loop was about to end.
        if !waiting.isEmpty, !isClosed { loop = Task { await self.run() } }
    }

    private func look() async throws {
        let now = try await source.writeStamp()
        let isWritten = now != stamp
        let numbers = isWritten ? Array(waiting.keys) : Array(arrived)
        guard !numbers.isEmpty else { return }
        arrived.subtract(numbers)
        let readers = Set(numbers.compactMap { waiting[$0]?.reader })
        let tokens: [ReaderKey: String]
        do {
            tokens = try await source.watchTokens(of: readers)
        } catch {
            // What was not looked at is looked at with the next tick.
            arrived.formUnion(numbers.filter { waiting[$0] != nil })
            throw error
        }
        // Taken before the look: what was written during it is looked at once more.
        stamp = now
        for number in numbers {
            guard let request = waiting[number], let token = tokens[request.reader], token != request.token else {
                continue
            }
            leave(number, with: token)
        }
    }
}
