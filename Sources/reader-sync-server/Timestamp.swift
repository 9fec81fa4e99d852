import Glibc

/// Instants as scripts read them, the same as those of `reader-sync`.
enum Timestamp {
    /// RFC 3339 §5.6 in UTC with milliseconds; `nil` for what its four digits of a year do not hold, which means never.
    ///
    /// - Parameter milliseconds: since 1970.
    static func text(_ milliseconds: Int64?) -> String? {
        guard let milliseconds else { return nil }
        var fraction = milliseconds % 1_000
        if fraction < 0 { fraction += 1_000 }
        var (seconds, parts) = (time_t((milliseconds - fraction) / 1_000), tm())
        guard milliseconds >= earliest, milliseconds <= latest, gmtime_r(&seconds, &parts) != nil else { return nil }
        let date = [padded(parts.tm_year + 1_900, 4), padded(parts.tm_mon + 1), padded(parts.tm_mday)]
        let time = [padded(parts.tm_hour), padded(parts.tm_min), padded(parts.tm_sec)]
        return date.joined(separator: "-") + "T" + time.joined(separator: ":") + "." + padded(Int32(fraction), 3) + "Z"
    }

    /// The first millisecond of the year 0, and the last one of the year 9999.
    private static let (earliest, latest): (Int64, Int64) = (-62_167_219_200_000, 253_402_300_799_999)

    private static func padded(_ number: Int32, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
