/// How long to wait before what failed is tried again. All times are of one unit, whichever it is.
public enum Backoff {
    /// Twice as long after each failure.
    ///
    /// - Parameters:
    ///   - failures: in a row, the last one included; up to 1 the delay is `first`.
    ///   - first: the delay after a first failure, at most `most`.
    ///   - most: the longest delay.
    public static func delay(after failures: Int, first: Int64, most: Int64) -> Int64 {
        var delay = first
        for _ in 1..<max(1, min(failures, 32)) where delay < most { delay = min(delay * 2, most) }
        return delay
    }

    /// A delay by chance from nine to eleven tenths of this one, so that those who failed at once do not come back at once.
    public static func spread(_ delay: Int64, using draw: inout some RandomNumberGenerator) -> Int64 {
        Int64.random(in: (delay - delay / 10)...(delay + delay / 10), using: &draw)
    }
}
