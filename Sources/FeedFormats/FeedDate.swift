/// An instant read from a feed.
public struct FeedDate: Sendable, Equatable {
    /// Milliseconds since 1970-01-01T00:00Z.
    public var milliseconds: Int64
    /// Whether the source named no time of day.
    public var hasDayPrecision: Bool

    /// Reads RFC 822, 1123, 850 and asctime dates, RFC 3339, ISO 8601 calendar, week and ordinal dates with parts
    /// missing, dates with slashes or dots, the names of months in a dozen languages, Korean and Japanese forms, and
    /// seconds or milliseconds since 1970. A missing or unknown zone means UTC, a two-digit year follows RFC 2822 §4.3.
    /// `nil` for nonsense: a field out of its range, a day the month does not have, a year outside 1900...2199, and for
    /// what could be two dates (`03/04/2005`).
    public static func parse(_ text: String) -> FeedDate? {
        var bytes = Array(text.utf8.prefix(128).drop { CleanText.isBlank($0) })
        while let last = bytes.last, CleanText.isBlank(last) { bytes.removeLast() }
        guard let first = bytes.first else { return nil }
        if (0x30...0x39).contains(first) {
            if let date = ISODateReader.read(bytes) { return date }
            if let date = instant(bytes) { return date }
        }
        // The characters of East Asia have lead bytes from 0xE3 on.
        guard bytes.contains(where: { $0 >= 0xE3 }) else { return MailDateReader.read(bytes) }
        return MailDateReader.read(Array(EastAsianDate.unified(String(decoding: bytes, as: UTF8.self)).utf8))
    }

    /// Ten digits are seconds, thirteen milliseconds.
    private static func instant(_ bytes: [UInt8]) -> FeedDate? {
        guard bytes.count == 10 || bytes.count == 13, let number = Int64(String(decoding: bytes, as: UTF8.self))
        else {
            return nil
        }
        return FeedDate(milliseconds: bytes.count == 10 ? number * 1000 : number, hasDayPrecision: false)
    }
}

/// The parts of a date, checked and turned into an instant in one place.
struct DateParts {
    var year = 0
    var month = 1
    var day = 1
    var hour: Int?
    var minute = 0
    var second = 0
    var millisecond = 0
    /// Minutes east of Greenwich.
    var offset = 0

    /// The instant, or `nil` when a part is out of its range.
    func date() -> FeedDate? {
        guard (1900...2199).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.days(in: month, of: year)
        else { return nil }
        let hour = self.hour ?? 0
        // 24:00:00 is the end of a day (ISO 8601); second 60 is a leap second.
        let endOfDay = hour == 24 && minute == 0 && second == 0
        guard (0...23).contains(hour) || endOfDay, (0...59).contains(minute), (0...60).contains(second),
            abs(offset) <= 16 * 60
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        let seconds = days * 86_400 + Int64(hour * 3600 + minute * 60 + second) - Int64(offset * 60)
        return FeedDate(milliseconds: seconds * 1000 + Int64(millisecond), hasDayPrecision: self.hour == nil)
    }

    static func days(in month: Int, of year: Int) -> Int {
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
        switch month {
        case 2: return leap ? 29 : 28
        case 4, 6, 9, 11: return 30
        default: return 31
        }
    }
}
