import SyncCore

/// Instants in UTC as documents write them.
enum UTCText {
    /// To the second, as `dcterms:modified` wants it (EPUB 3.3 §5.5.3.1.3): `2026-11-24T08:30:00Z`.
    static func instant(_ time: WallTime) -> String {
        let seconds = Int64((Double(clamped(time)) / 1000).rounded(.down))
        let rest = Int(((seconds % 86_400) + 86_400) % 86_400)
        return "\(day(time))T\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))Z"
    }

    /// The day: `2026-11-24`. From the number of days, by H. Hinnant's `civil_from_days`.
    static func day(_ time: WallTime) -> String {
        let milliseconds = clamped(time)
        let days = (milliseconds - (((milliseconds % 86_400_000) + 86_400_000) % 86_400_000)) / 86_400_000 + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let number = month < 10 ? month + 3 : month - 9
        let year = yearOfEra + era * 400 + (number <= 2 ? 1 : 0)
        return
            "\(padded(Int(year), 4))-\(padded(Int(number), 2))-\(padded(Int(dayOfYear - (153 * month + 2) / 5 + 1), 2))"
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
