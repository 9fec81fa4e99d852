import FeedFormats
import SyncCore

/// Instants in UTC as documents write them.
enum UTCText {
    /// To the second, as `dcterms:modified` wants it (EPUB 3.3 §5.5.3.1.3): `2026-11-24T08:30:00Z`.
    static func instant(_ time: WallTime) -> String {
        let seconds = clamped(time).quotient(flooredBy: 1000)
        let rest = Int(seconds - seconds.quotient(flooredBy: 86_400) * 86_400)
        return "\(day(time))T\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))Z"
    }

    /// The day: `2026-11-24`.
    static func day(_ time: WallTime) -> String {
        let date = CivilDate(daysSinceEpoch: clamped(time).quotient(flooredBy: 86_400_000))
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    }

    /// Between the years 1 and 9999: others have no form.
    private static func clamped(_ time: WallTime) -> Int64 {
        min(max(time.milliseconds, -62_135_596_800_000), 253_402_300_799_000)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
