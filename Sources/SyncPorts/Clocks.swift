public import SyncCore

/// Tells civil time. Data only: no timeout hangs on it.
public protocol WallClock: Sendable {
    /// The instant now, by this machine's clock, right or wrong.
    func now() -> WallTime
}

/// Lets time pass, for backoff and for what can only be asked again: handed in, so that tests and simulations wait for nothing.
/// Runs on a monotonic clock.
public protocol Sleeper: Sendable {
    /// Returns after `duration`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    func sleep(for duration: Duration) async throws
}

/// A source of random bits that can be shared between tasks.
public protocol RandomSource: Sendable {
    /// 64 random bits.
    func next() -> UInt64
}

/// Draws from a ``RandomSource`` with the standard library's random functions.
public struct RandomDraw: RandomNumberGenerator {
    private let source: any RandomSource

    /// Draws from `source`.
    public init(_ source: any RandomSource) {
        self.source = source
    }

    /// 64 random bits.
    public mutating func next() -> UInt64 { source.next() }
}
