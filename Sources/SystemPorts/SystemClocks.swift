import Glibc
public import SyncCore
public import SyncPorts

/// This machine's civil time.
public struct SystemWallClock: WallClock {
    /// Makes a clock.
    public init() {}

    /// `CLOCK_REALTIME`, in milliseconds.
    public func now() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// Lets time pass on the monotonic clock.
public struct SystemSleeper: Sleeper {
    /// Makes a sleeper.
    public init() {}

    /// Suspends the task.
    public func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration, clock: .continuous)
    }
}

/// The system's cryptographically secure randomness.
public struct SystemRandomSource: RandomSource {
    /// Makes a source.
    public init() {}

    /// 64 bits from the system.
    public func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}
