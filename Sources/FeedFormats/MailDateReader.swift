/// Reads the dates of mail (RFC 822 as changed by RFC 1123 and 2822), of RFC 850 and of `asctime`, by sorting words
/// into what they can be, since feeds write the parts in every order.
struct MailDateReader {
    private var parts = DateParts()
    private var hasDay = false
    private var hasMonth = false
    private var hasYear = false
    private var hasZone = false
    /// Whether the month came from a word before any number: `mar., 3 févr. 2015` begins with a weekday.
    private var monthIsDoubtful = false

    static func read(_ bytes: [UInt8]) -> FeedDate? {
        var reader = MailDateReader()
        let words = withoutComments(bytes).split { CleanText.isBlank($0) || $0 == UInt8(ascii: ",") }
        guard words.count <= 12 else { return nil }
        for word in words where !reader.take(Array(word)) { return nil }
        guard reader.hasDay, reader.hasMonth, reader.hasYear else { return nil }
        return reader.parts.date()
    }

    /// Comments stand in parentheses, and those may nest (RFC 2822 §3.2.3).
    private static func withoutComments(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: "(")) else { return bytes }
        var depth = 0
        var isQuoted = false
        return bytes.filter { byte in
            if isQuoted {
                isQuoted = false
                return depth == 0
            }
            isQuoted = byte == UInt8(ascii: "\\")
            if byte == UInt8(ascii: "(") { depth += 1 }
            defer { if byte == UInt8(ascii: ")"), depth > 0 { depth -= 1 } }
            return depth == 0
        }
    }

    private mutating func take(_ word: [UInt8]) -> Bool {
        guard let first = word.first else { return true }
        if word.contains(UInt8(ascii: ":")), (0x30...0x39).contains(first) { return takeTime(word) }
        if first == UInt8(ascii: "+") || (first == UInt8(ascii: "-") && parts.hour != nil) {
            return takeOffset(word)
        }
        if word.contains(UInt8(ascii: "-")), (0x30...0x39).contains(first) {
            // 06-Nov-94 (RFC 850)
            return takeParts(word.split(separator: UInt8(ascii: "-")).map { Array($0) }, isDayFirst: false)
        }
        if word.contains(UInt8(ascii: "/")), (0x30...0x39).contains(first) {
            return takeParts(word.split(separator: UInt8(ascii: "/")).map { Array($0) }, isDayFirst: false)
        }
        if word.dropLast().contains(UInt8(ascii: ".")), (0x30...0x39).contains(first) {
            return takeParts(word.split(separator: UInt8(ascii: ".")).map { Array($0) }, isDayFirst: true)
        }
        if (0x30...0x39).contains(first) { return takeNumber(word) }
        return takeName(word)
    }

    /// A date whose parts are joined: `06-Nov-94`, `2006/09/15`, `31.12.2003`. Where day and month could be either, it is
    /// none.
    private mutating func takeParts(_ parts: [[UInt8]], isDayFirst: Bool) -> Bool {
        let numbers = parts.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        guard numbers.count == parts.count else { return parts.allSatisfy { take($0) } }
        guard numbers.count == 3, !hasDay, !hasMonth, !hasYear else { return false }
        (hasDay, hasMonth, hasYear) = (true, true, true)
        if parts[0].count == 4 {
            (self.parts.year, self.parts.month, self.parts.day) = (numbers[0], numbers[1], numbers[2])
            return true
        }
        self.parts.year = parts[2].count == 4 ? numbers[2] : Self.century(numbers[2])
        let isMonthFirst = !isDayFirst && numbers[1] > 12
        guard isDayFirst || isMonthFirst || numbers[0] > 12 || numbers[0] == numbers[1] else { return false }
        (self.parts.day, self.parts.month) = isMonthFirst ? (numbers[1], numbers[0]) : (numbers[0], numbers[1])
        return true
    }

    /// RFC 2822 §4.3.
    private static func century(_ year: Int) -> Int { year < 50 ? 2000 + year : 1900 + year }

    private mutating func takeNumber(_ word: [UInt8]) -> Bool {
        let digits = word.prefix { (0x30...0x39).contains($0) }
        guard digits.count <= 4 else { return false }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        // "5th" is a day; anything else after the digits is nonsense.
        let suffix = String(decoding: word.dropFirst(digits.count), as: UTF8.self).lowercased()
        guard suffix.isEmpty || ["st", "nd", "rd", "th", ".", "er", "º", "."].contains(suffix) else { return false }
        if !hasDay, digits.count <= 2 {
            parts.day = value
            hasDay = true
            return true
        }
        guard !hasYear else { return false }
        hasYear = true
        switch digits.count {
        case 1, 2: parts.year = Self.century(value)
        case 3: parts.year = 1900 + value
        default: parts.year = value
        }
        return true
    }

    private mutating func takeTime(_ word: [UInt8]) -> Bool {
        guard parts.hour == nil else { return false }
        var word = word
        // "10:00:00Z" and "10:00+0200" stick the zone to the time.
        if let zone = word.firstIndex(where: { !(0x30...0x3A).contains($0) && $0 != UInt8(ascii: ".") }) {
            let rest = Array(word[zone...])
            word = Array(word[..<zone])
            guard takeTime(word) else { return false }
            return take(rest)
        }
        let fields = word.split(separator: UInt8(ascii: ":"))
        guard fields.count == 2 || fields.count == 3 else { return false }
        var values: [Int] = []
        for field in fields {
            let whole = field.prefix { $0 != UInt8(ascii: ".") }
            guard (1...2).contains(whole.count), whole.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return false
            }
            values.append(whole.reduce(0) { $0 * 10 + Int($1 - 0x30) })
        }
        parts.hour = values[0]
        parts.minute = values[1]
        parts.second = values.count == 3 ? values[2] : 0
        return true
    }

    private mutating func takeOffset(_ word: [UInt8]) -> Bool {
        let digits = word.dropFirst().filter { $0 != UInt8(ascii: ":") }
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }), (1...4).contains(digits.count) else {
            return false
        }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        let minutes = digits.count <= 2 ? value * 60 : value / 100 * 60 + value % 100
        parts.offset = word[0] == UInt8(ascii: "-") ? -minutes : minutes
        hasZone = true
        return true
    }

    private mutating func takeName(_ word: [UInt8]) -> Bool {
        let name = String(decoding: word, as: UTF8.self).lowercased()
        let isWord = word.allSatisfy { $0 >= 0x80 || (0x61...0x7A).contains($0 | 0x20) || $0 == UInt8(ascii: ".") }
        if isWord, name != "maandag", !hasMonth || monthIsDoubtful, let month = DateNames.month(name) {
            monthIsDoubtful = !hasDay && !hasMonth
            parts.month = month
            hasMonth = true
            return true
        }
        if name == "pm" || name == "am" || name == "p.m." || name == "a.m." { return takeHalf(name) }
        guard parts.hour != nil else { return DateNames.isFiller(name.filter { $0 != "." }) }
        // "GMT+2", "UTC-0500"
        if let sign = word.firstIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }),
            Self.zones[String(decoding: word[..<sign], as: UTF8.self).lowercased()] != nil
        {
            return takeOffset(Array(word[sign...]))
        }
        if !hasZone, let minutes = Self.zones[name.hasPrefix("etc/") ? String(name.dropFirst(4)) : name] {
            parts.offset = minutes
            hasZone = true
            return true
        }
        // RFC 2822 §4.3: military letters are used so wrongly that they mean nothing but UTC, and so are zones that
        // nobody knows.
        return word.allSatisfy { (0x61...0x7A).contains($0 | 0x20) || "/_.".utf8.contains($0) }
            || DateNames.isFiller(name)
    }

    private mutating func takeHalf(_ name: String) -> Bool {
        guard let hour = parts.hour else { return false }
        // "14:00 pm" says the same twice.
        guard (1...12).contains(hour) else { return (13...23).contains(hour) && name.hasPrefix("p") }
        parts.hour = hour % 12 + (name.hasPrefix("p") ? 12 : 0)
        return true
    }

    /// Minutes east of Greenwich. The American ones are RFC 822's, the rest are what European feeds write.
    static let zones: [String: Int] = [
        "gmt": 0, "ut": 0, "utc": 0, "z": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "met": 60,
        "cest": 120,
        "mest": 120, "eet": 120, "eest": 180, "msk": 180, "ist": 330, "jst": 540, "kst": 540, "aest": 600,
        "aedt": 660, "nzst": 720, "nzdt": 780, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
        "mst": -420,
        "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "ast": -240,
        "adt": -180,
        "nst": -210, "ndt": -150, "et": -300, "ct": -360, "mt": -420, "pt": -480,
    ]
}
