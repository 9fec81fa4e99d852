public import SyncCore
public import SyncPorts
public import SyncSession

/// Follows a remote's news, as ``SyncSession/WatchSession`` says.
public struct NewsWatch: Sendable {
    /// What a watch asks of whoever syncs.
    public struct Syncing: Sendable {
        /// Told that a sync is due; returns at once.
        public var due: @Sendable () -> Void
        /// How the syncs went since this was asked last.
        public var results: @Sendable () -> WatchSession.Syncs
        /// Told once why news can only be asked for.
        public var remark: @Sendable (String) -> Void

        /// Names the three.
        public init(
            due: @escaping @Sendable () -> Void, results: @escaping @Sendable () -> WatchSession.Syncs,
            remark: @escaping @Sendable (String) -> Void
        ) {
            self.due = due
            self.results = results
            self.remark = remark
        }
    }

    private let source: any NewsSource
    private let sleeper: any Sleeper
    private let random: any RandomSource

    /// Makes a watch of a remote.
    public init(source: any NewsSource, sleeper: any Sleeper, random: any RandomSource) {
        self.source = source
        self.sleeper = sleeper
        self.random = random
    }

    /// Follows until the task is cancelled.
    ///
    /// - Throws: what only a person can mend: `unauthorized`, `versionMismatch`.
    public func run(_ syncing: Syncing) async throws(RemoteError) {
        var (session, draw) = (WatchSession(), RandomDraw(random))
        var token: String?
        while !Task.isCancelled {
            let asked = SuspendingClock.now
            let event: WatchSession.Event
            do {
                event = .answered(try await source.watch(after: token))
            } catch {
                guard error.code != .cancelled, !Task.isCancelled else { return }
                if [.unauthorized, .versionMismatch].contains(error.code) { throw error }
                event = .failed(error)
            }
            let waited = Int64((SuspendingClock.now - asked) / .milliseconds(1))
            let step = session.handle(event, waited: waited, syncs: syncing.results(), using: &draw)
            if let remark = step.remark { syncing.remark(remark) }
            if step.syncs { syncing.due() }
            token = step.token
            guard step.pause > 0 else { continue }
            // Where the server cannot be waited for, it is asked from time to time: the schedule says when.
            do { try await sleeper.sleep(for: .milliseconds(step.pause)) } catch { return }
        }
    }
}
