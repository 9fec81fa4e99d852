public import SyncCore

/// When a picture that could not be fetched is tried again. All times are milliseconds.
public enum AssetBackoff {
    /// Ten minutes after a first failure of the network or the server.
    static let first: Int64 = 10 * 60_000
    /// A day: as long as it gets there, and the first time where the picture itself is at fault.
    static let day: Int64 = 24 * 3_600_000
    /// Thirty days: as long as it gets where the picture is at fault, which publishers seldom mend.
    static let month: Int64 = 30 * 24 * 3_600_000

    /// The next attempt: twice as long after each failure, with a tenth of chance either way, so that the pictures of a
    /// server that was down do not come back in step.
    ///
    /// - Parameters:
    ///   - attempts: failures in a row, this one included; 1 and up.
    ///   - isLasting: whether it is the picture that is at fault.
    ///   - retryAfter: until when the server wants to be left alone.
    public static func due(
        after attempts: Int, isLasting: Bool, retryAfter: Int64?, now: WallTime,
        using draw: inout some RandomNumberGenerator
    ) -> WallTime {
        let (first, most) = isLasting ? (day, month) : (first, day)
        let delay = Backoff.spread(Backoff.delay(after: attempts, first: first, most: most), using: &draw)
        return now.advanced(by: max(delay, min(max(0, retryAfter ?? 0), month)))
    }
}
