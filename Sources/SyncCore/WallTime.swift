/// An instant of civil time: milliseconds since 1970-01-01T00:00:00Z, leap seconds left out. It is data, never
/// a timer: timeouts run on a monotonic clock.
public struct WallTime: Hashable, Comparable, Sendable {
    /// Milliseconds since the start of 1970, UTC.
    public var milliseconds: Int64

    /// Makes an instant.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Orders instants.
    public static func < (left: WallTime, right: WallTime) -> Bool { left.milliseconds < right.milliseconds }

    /// The instant `milliseconds` later; stays at the ends of the range instead of overflowing.
    public func advanced(by milliseconds: Int64) -> WallTime {
        let (sum, overflow) = self.milliseconds.addingReportingOverflow(milliseconds)
        return WallTime(milliseconds: overflow ? (milliseconds < 0 ? .min : .max) : sum)
    }
}
