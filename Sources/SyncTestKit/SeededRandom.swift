public import SyncPorts
import Synchronization

/// SplitMix64 (Steele, Lea, Flood 2014): the same seed gives the same numbers on every machine.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts from a seed.
    public init(seed: UInt64) {
        state = seed
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// A seeded source that tasks can share.
public final class SeededRandomSource: RandomSource {
    private let generator: Mutex<SeededRandom>

    /// Starts from a seed.
    public init(seed: UInt64) {
        generator = Mutex(SeededRandom(seed: seed))
    }

    /// The next 64 bits.
    public func next() -> UInt64 { generator.withLock { $0.next() } }
}
