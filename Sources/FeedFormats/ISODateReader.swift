/// Reads `2024`, `2024-03`, `2024-03-05`, `20240305`, `2024-065`, `2024-W10-2`, each with or without a time and a zone.
struct ISODateReader {
    private let bytes: [UInt8]
    private var position = 0
    private var parts = DateParts()

    static func read(_ bytes: [UInt8]) -> FeedDate? {
        var reader = ISODateReader(bytes)
        return reader.readAll()
    }

    private init(_ bytes: [UInt8]) {
        var bytes = bytes
        while let last = bytes.last, CleanText.isBlank(last) { bytes.removeLast() }
        self.bytes = bytes
        while position < bytes.count, CleanText.isBlank(bytes[position]) { position += 1 }
    }

    private mutating func readAll() -> FeedDate? {
        guard readDay() else { return nil }
        if position == bytes.count { return parts.date() }
        let isCompact = bytes.count == 14 && position == 8
        guard
            isCompact || bytes[position] == UInt8(ascii: "T") || bytes[position] == UInt8(ascii: "t")
                || bytes[position] == 0x20
        else { return nil }
        if !isCompact { position += 1 }
        while position < bytes.count, bytes[position] == 0x20 { position += 1 }
        guard readTime(), readZone(), position == bytes.count else { return nil }
        return parts.date()
    }

    private mutating func readDay() -> Bool {
        guard let year = digits(exactly: 4) else { return false }
        parts.year = year
        if position == bytes.count { return true }
        let dashed = take(UInt8(ascii: "-"))
        if take(UInt8(ascii: "W")) || take(UInt8(ascii: "w")) { return readWeek(dashed: dashed) }
        if dashed, let month = takeMonthName() { return readDayOfMonth(month) }
        let run = digitRun()
        if run == 3 { return readOrdinal() }
        // Some writers leave out the leading zero.
        guard run == 2 || (dashed && run == 1) || (!dashed && (run == 4 || run == 10)),
            let month = digits(exactly: min(run, 2))
        else { return false }
        if dashed { return readDayOfMonth(month) }
        parts.month = month
        if position == bytes.count { return true }
        guard let day = digits(exactly: 2) else { return false }
        parts.day = day
        return true
    }

    private mutating func readDayOfMonth(_ month: Int) -> Bool {
        parts.month = month
        if position == bytes.count { return true }
        guard take(UInt8(ascii: "-")), let day = digits(exactly: digitRun() == 1 ? 1 : 2) else { return false }
        parts.day = day
        return true
    }

    /// `2004-július-13` is how some Hungarian writers put it.
    private mutating func takeMonthName() -> Int? {
        let word = bytes[position...].prefix { $0 != UInt8(ascii: "-") }
        guard word.count >= 3, word.allSatisfy({ $0 >= 0x80 || (0x61...0x7A).contains($0 | 0x20) }),
            let month = DateNames.month(String(decoding: word, as: UTF8.self).lowercased())
        else { return nil }
        position += word.count
        return month
    }

    /// The week of ISO 8601, whose first holds January 4, and its day, 1 for Monday.
    private mutating func readWeek(dashed: Bool) -> Bool {
        guard let week = digits(exactly: 2), (1...53).contains(week) else { return false }
        var weekday = 1
        if position < bytes.count, (dashed && take(UInt8(ascii: "-"))) || (!dashed && digitRun() == 1) {
            guard let day = digits(exactly: 1), (1...7).contains(day) else { return false }
            weekday = day
        }
        let fourth = CivilDate(year: parts.year, month: 1, day: 4).daysSinceEpoch
        // 1970-01-01 was a Thursday.
        let monday = fourth - ((fourth + 3) % 7 + 7) % 7
        let target = monday + Int64((week - 1) * 7 + weekday - 1)
        // Days before January 1 or after December 31 belong to the neighbouring years.
        for year in (parts.year - 1)...(parts.year + 1) {
            let offset = target - CivilDate(year: year, month: 1, day: 1).daysSinceEpoch
            let length = DateParts.days(in: 2, of: year) == 29 ? 366 : 365
            if offset >= 0, offset < length {
                parts.year = year
                return setOrdinal(Int(offset) + 1)
            }
        }
        return false
    }

    private mutating func readOrdinal() -> Bool {
        guard let day = digits(exactly: 3), day >= 1 else { return false }
        return setOrdinal(day)
    }

    private mutating func setOrdinal(_ ordinal: Int) -> Bool {
        var day = ordinal
        var month = 1
        while month < 12, day > DateParts.days(in: month, of: parts.year) {
            day -= DateParts.days(in: month, of: parts.year)
            month += 1
        }
        parts.month = month
        parts.day = day
        return true
    }

    private mutating func readTime() -> Bool {
        guard let hour = digits(exactly: digitRun() == 1 ? 1 : 2) else { return false }
        parts.hour = hour
        let colon = take(UInt8(ascii: ":"))
        guard colon || digitRun() >= 2 else { return true }
        guard let minute = digits(exactly: colon && digitRun() == 1 ? 1 : 2) else { return false }
        parts.minute = minute
        guard colon ? take(UInt8(ascii: ":")) : digitRun() >= 2 else { return true }
        guard let second = digits(exactly: colon && digitRun() == 1 ? 1 : 2) else { return false }
        parts.second = second
        guard take(UInt8(ascii: ".")) || take(UInt8(ascii: ",")) else { return true }
        let run = digitRun()
        guard run > 0 else { return false }
        for place in 0..<run {
            let digit = Int(bytes[position + place] - 0x30)
            if place < 3 { parts.millisecond += digit * [100, 10, 1][place] }
        }
        position += run
        return true
    }

    private mutating func readZone() -> Bool {
        while take(0x20) {}
        if position == bytes.count { return true }
        if let minutes = MailDateReader.zones[String(decoding: bytes[position...], as: UTF8.self).lowercased()] {
            parts.offset = minutes
            position = bytes.count
            return true
        }
        let negative = bytes[position] == UInt8(ascii: "-")
        guard negative || bytes[position] == UInt8(ascii: "+") else { return false }
        position += 1
        guard let hours = digits(exactly: 2) else { return false }
        _ = take(UInt8(ascii: ":"))
        let minutes = digitRun() >= 2 ? digits(exactly: 2) ?? 0 : 0
        parts.offset = (hours * 60 + minutes) * (negative ? -1 : 1)
        return true
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private func digitRun() -> Int {
        var end = position
        while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
        return end - position
    }

    private mutating func digits(exactly count: Int) -> Int? {
        guard digitRun() >= count else { return nil }
        let value = bytes[position..<position + count].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        position += count
        return value
    }
}
