public import SyncCore
public import SyncPorts
import Synchronization

/// A clock that stands still until it is moved.
public final class ManualClock: WallClock {
    private let time: Mutex<WallTime>

    /// Stands at an instant; the default is in November 2025.
    public init(_ time: WallTime = WallTime(milliseconds: 1_764_000_000_000)) {
        self.time = Mutex(time)
    }

    /// The instant at which it stands.
    public func now() -> WallTime { time.withLock { $0 } }

    /// Moves it, forwards or back.
    public func advance(by milliseconds: Int64) {
        time.withLock { $0 = $0.advanced(by: milliseconds) }
    }
}

/// Lets no time pass, and remembers what it was asked for.
public final class InstantSleeper: Sleeper {
    private let asked = Mutex<[Duration]>([])

    /// Makes a sleeper.
    public init() {}

    /// Every wait that was asked for, in order.
    public var waits: [Duration] { asked.withLock { $0 } }

    /// Returns at once.
    public func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        asked.withLock { $0.append(duration) }
    }
}

/// A lock that is always free.
public struct FreeLock: SyncLock {
    private struct Token: SyncLockToken {
        func release() {}
    }

    /// Makes a lock.
    public init() {}

    /// Takes it.
    public func acquire() throws -> (any SyncLockToken)? { Token() }
}
