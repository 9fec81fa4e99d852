/// Reads the dates of mail (RFC 822 as changed by RFC 1123 and 2822), of RFC 850 and of `asctime`, by sorting words
/// into what they can be, since feeds write the parts in every order.
struct MailDateReader {
    private var parts = DateParts()
    private var hasDay = false
    private var hasMonth = false
    private var hasYear = false
    private var hasZone = false

    static func read(_ bytes: [UInt8]) -> FeedDate? {
        var reader = MailDateReader()
        let words = withoutComments(bytes).split { CleanText.isBlank($0) || $0 == UInt8(ascii: ",") }
        guard words.count <= 10 else { return nil }
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
            return word.split(separator: UInt8(ascii: "-")).allSatisfy { take(Array($0)) }
        }
        if (0x30...0x39).contains(first) { return takeNumber(word) }
        return takeName(word)
    }

    private mutating func takeNumber(_ word: [UInt8]) -> Bool {
        let digits = word.prefix { (0x30...0x39).contains($0) }
        guard digits.count <= 4 else { return false }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        // "5th" is a day; anything else after the digits is nonsense.
        let suffix = String(decoding: word.dropFirst(digits.count), as: UTF8.self).lowercased()
        guard suffix.isEmpty || ["st", "nd", "rd", "th", "."].contains(suffix) else { return false }
        if !hasDay, digits.count <= 2 {
            parts.day = value
            hasDay = true
            return true
        }
        guard !hasYear else { return false }
        hasYear = true
        switch digits.count {
        case 2: parts.year = value < 50 ? 2000 + value : 1900 + value
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
            parts.hour = 0
            guard take(rest) else { return false }
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
        let short = String(name.prefix(3))
        if !hasMonth, let month = Self.months.firstIndex(of: short),
            name.allSatisfy({ $0.isLetter || $0 == "." })
        {
            parts.month = month + 1
            hasMonth = true
            return true
        }
        if parts.hour != nil {
            if name == "pm" || name == "am" { return takeHalf(name) }
            // "GMT+2", "UTC-0500"
            if let sign = word.firstIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) {
                return Self.zones[String(decoding: word[..<sign], as: UTF8.self).lowercased()] != nil
                    && takeOffset(Array(word[sign...]))
            }
            if !hasZone, let minutes = Self.zones[name] {
                parts.offset = minutes
                hasZone = true
                return true
            }
            // RFC 2822 §4.3: military letters are used so wrongly that they mean nothing but UTC.
            if name.count == 1 { return true }
        }
        return Self.weekdays.contains(short)
    }

    private mutating func takeHalf(_ name: String) -> Bool {
        guard let hour = parts.hour, (1...12).contains(hour) else { return false }
        parts.hour = hour % 12 + (name == "pm" ? 12 : 0)
        return true
    }

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    private static let weekdays: Set<String> = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    /// Minutes east of Greenwich. The American ones are RFC 822's, the rest are what European feeds write.
    private static let zones: [String: Int] = [
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
