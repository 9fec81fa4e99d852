/// A stamp of a hybrid logical clock: 48 bits of milliseconds since 1970 and a 16-bit counter for events of one
/// millisecond (Kulkarni, Demirbas et al., "Logical Physical Clocks", OPODIS 2014, §3).
public struct HybridTimestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Milliseconds in the upper 48 bits, counter in the lower 16.
    public let rawValue: UInt64

    /// The largest value of the millisecond part, in the year 10889.
    public static let maximumMilliseconds: UInt64 = (1 << 48) - 1

    /// Makes a stamp from its packed form.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Makes a stamp; milliseconds outside 0...2^48-1 are moved to the nearer end.
    public init(milliseconds: Int64, counter: UInt16 = 0) {
        let clamped = min(UInt64(max(0, milliseconds)), Self.maximumMilliseconds)
        self.rawValue = clamped << 16 | UInt64(counter)
    }

    /// The millisecond part.
    public var milliseconds: Int64 { Int64(rawValue >> 16) }

    /// The counter part.
    public var counter: UInt16 { UInt16(truncatingIfNeeded: rawValue) }

    /// The millisecond part as an instant.
    public var wallTime: WallTime { WallTime(milliseconds: milliseconds) }

    /// The stamp that follows at once; stays at the very last one.
    public var successor: HybridTimestamp {
        rawValue == .max ? self : HybridTimestamp(rawValue: rawValue + 1)
    }

    /// Orders stamps by milliseconds, then counter.
    public static func < (left: HybridTimestamp, right: HybridTimestamp) -> Bool {
        left.rawValue < right.rawValue
    }

    /// `milliseconds.counter`.
    public var description: String { "\(milliseconds).\(counter)" }
}
