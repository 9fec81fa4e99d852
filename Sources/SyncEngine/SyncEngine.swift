import SyncCore
public import SyncPorts
public import SyncSession

/// Syncs a replica with a remote: performs what a ``ClientSession`` asks for, and reports back what came of it.
/// Decides nothing on its own. The actor runs on the executor that is handed in, since the store is synchronous and
/// must not block the threads that everything else waits on.
public actor SyncEngine {
    /// A replica's stores.
    public typealias Store = StateStore & CatalogStore

    /// What is reported while a sync runs.
    public typealias Observer = @Sendable (SyncReport) -> Void

    let store: any Store
    let remote: any Remote
    let clock: any WallClock
    let sleeper: any Sleeper
    let random: any RandomSource
    let lock: any SyncLock
    private let executor: any SerialExecutor

    /// The executor that was handed in.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Makes an engine over its ports.
    public init(
        store: any Store, remote: any Remote, clock: any WallClock, sleeper: any Sleeper,
        random: any RandomSource, lock: any SyncLock, executor: any SerialExecutor
    ) {
        self.store = store
        self.remote = remote
        self.clock = clock
        self.sleeper = sleeper
        self.random = random
        self.lock = lock
        self.executor = executor
    }

    /// Syncs once.
    ///
    /// A remote that cannot be reached or refuses is a result, not an error: the report says so, and what was done
    /// before stays done. Cancelling the task ends the sync at the next answer; nothing is lost or repeated.
    ///
    /// - Parameters:
    ///   - options: what the session may spend.
    ///   - observer: called after each step with what was done so far.
    /// - Throws: ``SyncEngineError`` if another process syncs the replica, or the replica cannot be read or written.
    public func sync(
        options: ClientSession.Options = ClientSession.Options(), observer: Observer? = nil
    ) async throws(SyncEngineError) -> SyncReport {
        let token = try takeLock()
        defer { token.release() }
        var session = ClientSession(options: options)
        let began = try begin()
        let outcome = await withTaskGroup(
            of: ClientSession.Event.self, returning: Result<SyncReport, SyncEngineError>.self
        ) { group in
            var events: [ClientSession.Event] = [began]
            var draw = RandomDraw(random)
            while true {
                guard let event = events.isEmpty ? await group.next() : events.removeFirst() else {
                    return .failure(SyncEngineError(.storage, "the sync stopped without a result"))
                }
                for action in session.handle(event, using: &draw) {
                    if case .finish(let report) = action {
                        group.cancelAll()
                        return .success(report)
                    }
                    if isRemote(action) {
                        group.addTask { [remote, sleeper] in
                            await Self.ask(action, remote: remote, sleeper: sleeper)
                        }
                        continue
                    }
                    do throws(SyncEngineError) {
                        if let answer = try perform(action) { events.append(answer) }
                    } catch {
                        group.cancelAll()
                        return .failure(error)
                    }
                }
                observer?(session.progress)
            }
        }
        return try outcome.get()
    }

    private func takeLock() throws(SyncEngineError) -> any SyncLockToken {
        let token: (any SyncLockToken)?
        do {
            token = try lock.acquire()
        } catch {
            throw SyncEngineError(.storage, "the sync lock cannot be taken: \(error)", underlying: error)
        }
        guard let token else {
            throw SyncEngineError(
                .alreadySyncing, "another reader-sync is syncing this replica; wait until it is done")
        }
        return token
    }

    private func begin() throws(SyncEngineError) -> ClientSession.Event {
        try stored { .began(try store.syncState(), try store.catalogState(), remote.capabilities) }
    }

    func stored<Result>(_ body: () throws -> Result) throws(SyncEngineError) -> Result {
        do {
            return try body()
        } catch {
            throw SyncEngineError(.storage, "\(error)", underlying: error)
        }
    }
}
