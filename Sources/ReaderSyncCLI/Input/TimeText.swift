import Glibc
import SyncCore

/// Instants as people and scripts write them.
enum TimeText {
    /// RFC 3339 in UTC with milliseconds, for scripts.
    static func timestamp(_ time: WallTime) -> String {
        let seconds = floorDivide(time.milliseconds, 1_000)
        var (whole, parts) = (time_t(clamping: seconds), tm())
        guard gmtime_r(&whole, &parts) != nil else { return String(time.milliseconds) }
        let fraction = padded(time.milliseconds - seconds * 1_000, 3)
        return date(parts) + "T" + clock(parts) + ":" + padded(parts.tm_sec, 2) + "." + fraction + "Z"
    }

    /// Date and time of day here, for people.
    static func local(_ time: WallTime) -> String {
        localParts(time).map { date($0) + " " + clock($0) } ?? timestamp(time)
    }

    /// Date, time of day and time zone here.
    static func localWithZone(_ time: WallTime) -> String {
        guard let parts = localParts(time) else { return timestamp(time) }
        let zone = parts.tm_zone.map { String(cString: $0) } ?? ""
        return date(parts) + " " + clock(parts) + (zone.isEmpty ? "" : " " + zone)
    }

    /// Hours, minutes and seconds here.
    static func clock(_ time: WallTime) -> String {
        localParts(time).map { clock($0) + ":" + padded($0.tm_sec, 2) } ?? timestamp(time)
    }

    /// The date here.
    static func localDate(_ time: WallTime) -> String {
        localParts(time).map(date) ?? timestamp(time)
    }

    /// The date in UTC.
    static func utcDate(_ time: WallTime) -> String { String(timestamp(time).prefix { $0 != "T" }) }

    /// How long ago: `now`, `5 min`, `3 h`, `2 d`; beyond a fortnight the date.
    static func age(_ time: WallTime, now: WallTime) -> String {
        let minutes = (now.milliseconds - time.milliseconds) / 60_000
        switch minutes {
        case ..<(-1): return localDate(time)
        case ..<1: return "now"
        case ..<60: return "\(minutes) min"
        case ..<(48 * 60): return "\(minutes / 60) h"
        case ..<(14 * 24 * 60): return "\(minutes / 60 / 24) d"
        default: return localDate(time)
        }
    }

    /// Reads `7d`, `24h`, `90min`, `2w`, a date (midnight here), or an RFC 3339 instant; without a zone it is one here.
    static func parse(_ text: String, now: WallTime) -> WallTime? {
        if let back = span(text) { return now.advanced(by: -back) }
        let pieces = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        let day = (pieces.first ?? "").split(separator: "-", omittingEmptySubsequences: false).map {
            digits($0)
        }
        guard day.count == 3, let year = day[0], let month = day[1], let date = day[2],
            (1...9_999).contains(year), (1...12).contains(month), (1...31).contains(date)
        else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (Int32(year - 1_900), Int32(month - 1), Int32(date))
        guard let (seconds, offset) = pieces.count == 2 ? timeOfDay(pieces[1]) : (0, nil) else { return nil }
        guard let offset else {
            (parts.tm_hour, parts.tm_min) = (Int32(seconds / 3_600), Int32(seconds / 60 % 60))
            (parts.tm_sec, parts.tm_isdst) = (Int32(seconds % 60), -1)
            let instant = mktime(&parts)
            return parts.tm_mday == Int32(date) ? WallTime(milliseconds: Int64(instant) * 1_000) : nil
        }
        let midnight = timegm(&parts)
        guard parts.tm_mday == Int32(date) else { return nil }
        return WallTime(milliseconds: (Int64(midnight) + seconds - offset) * 1_000)
    }

    /// A span as ``span(_:)`` reads it; less than a minute is left out.
    static func exact(_ span: Int64) -> String {
        let minutes = span / 60_000
        if minutes % 1_440 == 0 { return "\(minutes / 1_440)d" }
        return minutes % 60 == 0 ? "\(minutes / 60)h" : "\(minutes)min"
    }

    /// Milliseconds of `7d`, `24h`, `90min`, `2w`.
    static func span(_ text: String) -> Int64? {
        let number = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = digits(number), count <= 100_000 else { return nil }
        let minute: Int64 = 60_000
        switch text.dropFirst(number.count) {
        case "min": return Int64(count) * minute
        case "h": return Int64(count) * 60 * minute
        case "d": return Int64(count) * 24 * 60 * minute
        case "w": return Int64(count) * 7 * 24 * 60 * minute
        default: return nil
        }
    }

    /// `HH:MM[:SS[.fraction]][Z|±HH:MM]`: seconds of the day, and the offset from UTC in seconds, if one is given.
    private static func timeOfDay(_ text: Substring) -> (Int64, Int64?)? {
        let zone = text.firstIndex(where: { "Zz+-".contains($0) }) ?? text.endIndex
        let clock = text[..<zone].prefix { $0 != "." }.split(separator: ":").map { digits($0) }
        guard (2...3).contains(clock.count), let hour = clock[0], let minute = clock[1],
            let second = clock.count == 3 ? clock[2] : 0, hour < 24, minute < 60, second <= 60
        else { return nil }
        let seconds = Int64(hour * 3_600 + minute * 60 + second)
        guard zone < text.endIndex else { return (seconds, nil) }
        if text[zone] == "Z" || text[zone] == "z" {
            return text.endIndex == text.index(after: zone) ? (seconds, 0) : nil
        }
        let offset = text[text.index(after: zone)...].split(separator: ":").map { digits($0) }
        guard offset.count == 2, let hours = offset[0], let minutes = offset[1], hours < 24, minutes < 60
        else { return nil }
        return (seconds, Int64(hours * 3_600 + minutes * 60) * (text[zone] == "-" ? -1 : 1))
    }

    private static func digits(_ text: Substring) -> Int? {
        guard (1...6).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    private static func localParts(_ time: WallTime) -> tm? {
        var (whole, parts) = (time_t(clamping: floorDivide(time.milliseconds, 1_000)), tm())
        return localtime_r(&whole, &parts) == nil ? nil : parts
    }

    private static func date(_ parts: tm) -> String {
        padded(parts.tm_year + 1_900, 4) + "-" + padded(parts.tm_mon + 1, 2) + "-" + padded(parts.tm_mday, 2)
    }

    private static func clock(_ parts: tm) -> String {
        padded(parts.tm_hour, 2) + ":" + padded(parts.tm_min, 2)
    }

    private static func padded(_ number: some BinaryInteger, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }

    private static func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
        number >= 0 ? number / divisor : -((-number - 1) / divisor) - 1
    }
}
