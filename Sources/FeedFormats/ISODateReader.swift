/// Reads `2024`, `2024-03`, `2024-03-05`, `20240305`, `2024-065`, each with or without a time and a zone.
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
        guard
            bytes[position] == UInt8(ascii: "T") || bytes[position] == UInt8(ascii: "t")
                || bytes[position] == 0x20
        else { return nil }
        position += 1
        while position < bytes.count, bytes[position] == 0x20 { position += 1 }
        guard readTime(), readZone(), position == bytes.count else { return nil }
        return parts.date()
    }

    private mutating func readDay() -> Bool {
        guard let year = digits(exactly: 4) else { return false }
        parts.year = year
        if position == bytes.count { return true }
        let dashed = take(UInt8(ascii: "-"))
        let run = digitRun()
        if run == 3 { return readOrdinal() }
        guard run == 2 || (!dashed && run == 4), let month = digits(exactly: 2) else { return false }
        parts.month = month
        if position == bytes.count { return true }
        if dashed {
            guard take(UInt8(ascii: "-")) else { return false }
            // Some writers leave out the leading zero.
            guard let day = digits(exactly: digitRun() == 1 ? 1 : 2) else { return false }
            parts.day = day
            return true
        }
        guard let day = digits(exactly: 2) else { return false }
        parts.day = day
        return true
    }

    private mutating func readOrdinal() -> Bool {
        guard var day = digits(exactly: 3), day >= 1 else { return false }
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
        guard let hour = digits(exactly: 2) else { return false }
        parts.hour = hour
        let colon = take(UInt8(ascii: ":"))
        guard colon || digitRun() >= 2 else { return true }
        guard let minute = digits(exactly: 2) else { return false }
        parts.minute = minute
        guard colon ? take(UInt8(ascii: ":")) : digitRun() >= 2 else { return true }
        guard let second = digits(exactly: 2) else { return false }
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
        let word = bytes[position...].map { $0 & 0xDF }
        if word == Array("Z".utf8) || word == Array("UTC".utf8) || word == Array("GMT".utf8) {
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
