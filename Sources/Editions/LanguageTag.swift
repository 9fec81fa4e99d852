/// Languages as documents name them (BCP 47).
enum LanguageTag {
    /// Whether a text has the form of a language tag, as far as reading systems look.
    static func isWellFormed(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard let first = parts.first, (2...3).contains(first.count), first.allSatisfy(isLetter), parts.count <= 4
        else {
            return false
        }
        // A script, a region and a variant, each at most once and in this order; what goes beyond is rare and easily wrong.
        var rank = 0
        for part in parts.dropFirst() {
            let own: Int
            switch part.count {
            case 4 where part.allSatisfy(isLetter): own = 1
            case 2 where part.allSatisfy(isLetter), 3 where part.allSatisfy(isDigit): own = 2
            default: return false
            }
            guard own > rank else { return false }
            rank = own
        }
        return true
    }

    /// A well-formed one, or English: the language of the words of the edition itself.
    static func orDefault(_ text: String?) -> String { text.flatMap { isWellFormed($0) ? $0 : nil } ?? "en" }

    /// As XML and HTML say it.
    static func attributes(_ tag: String) -> [Markup.Attribute] { [.init("lang", tag), .init("xml:lang", tag)] }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
