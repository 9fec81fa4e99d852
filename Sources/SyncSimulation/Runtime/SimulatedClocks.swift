import SyncCore
import SyncPorts

/// A machine's clock: civil time, made wrong on purpose.
///
/// `@unchecked Sendable`: see ``SimulatedLoop``; a clock belongs to one world.
final class SimulatedClock: WallClock, @unchecked Sendable {
    /// What the world calls now at its beginning: 2025-11-24.
    static let beginning: Int64 = 1_764_000_000_000

    private let loop: SimulatedLoop
    /// Milliseconds ahead of the truth.
    var lead: Int64 = 0
    /// The instant at which the clock stands still; `nil` if it goes.
    var frozen: WallTime?

    init(_ loop: SimulatedLoop) {
        self.loop = loop
    }

    /// The truth.
    var truth: WallTime { WallTime(milliseconds: Self.beginning + loop.now) }

    func now() -> WallTime { frozen ?? WallTime(milliseconds: Self.beginning + loop.now + lead) }
}

/// Waits in virtual time.
struct SimulatedSleeper: Sleeper {
    let loop: SimulatedLoop

    func sleep(for duration: Duration) async throws {
        let milliseconds = duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000
        let wait = PendingWait()
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                wait.begin(continuation)
                loop.after(milliseconds) { wait.end() }
            }
        } onCancel: {
            wait.end()
        }
        try Task.checkCancellation()
    }
}

/// A task that waits, and is woken once.
///
/// `@unchecked Sendable`: see ``SimulatedLoop``; cancelling happens on the world's thread too.
private final class PendingWait: @unchecked Sendable {
    private var continuation: UnsafeContinuation<Void, Never>?
    private var isOver = false

    func begin(_ continuation: UnsafeContinuation<Void, Never>) {
        if isOver { continuation.resume() } else { self.continuation = continuation }
    }

    func end() {
        isOver = true
        continuation?.resume()
        continuation = nil
    }
}
