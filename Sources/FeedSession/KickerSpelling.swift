/// One spelling for a kicker that a publisher writes in several: "TALKING POINTS", "talking-points" and "Talking points"
/// are all "Talking Points".
///
/// The rule sees the kicker and its language alone, never what was met before, so that it says the same in every
/// document. Where all letters are of one case, or only the first is a capital, words are capitalised as the language
/// does in titles: all but small words in English and German (in German only if nothing is known of the nouns, that is
/// where all are of one case), the first one elsewhere. Everything else is how its publisher wants it.
enum KickerSpelling {
    /// What is equal for kickers that differ in case, hyphens and blanks alone.
    static func key(of text: String) -> String {
        text.lowercased().split { $0.isWhitespace || $0 == "-" || $0 == "_" }.joined(separator: " ")
    }

    /// The one spelling.
    static func uniform(_ text: String, language: String?) -> String {
        let tag = language?.prefix { $0 != "-" && $0 != "_" }.lowercased()
        let letters = text.filter(\.isLetter)
        let isUpper = letters.contains(where: \.isUppercase) && !letters.contains(where: \.isLowercase)
        let isLower = letters.contains(where: \.isLowercase) && !letters.contains(where: \.isUppercase)
        let isSentence = letters.first?.isUppercase == true && !letters.dropFirst().contains(where: \.isUppercase)
        let isEnglish = tag == nil || tag == "en"
        guard isUpper || isLower || (isSentence && isEnglish) else { return text }
        let words = separated(text, isSlug: isLower && !text.contains(where: \.isWhitespace))
        guard isEnglish || tag == "de" else { return sentence(words) }
        return title(words, small: tag == "de" ? smallGerman : smallEnglish)
    }

    /// "talking-points" is two words; "e-books" is one, as a hyphen after a single letter is spelling.
    private static func separated(_ text: String, isSlug: Bool) -> [String] {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard isSlug, let word = words.first, word.prefix(while: { $0 != "-" && $0 != "_" }).count > 1 else {
            return words
        }
        return word.split { $0 == "-" || $0 == "_" }.map(String.init)
    }

    private static func title(_ words: [String], small: Set<String>) -> String {
        words.enumerated().map { position, word in
            let lower = word.lowercased()
            if let acronym = acronyms[lower] { return acronym }
            return position > 0 && small.contains(lower) ? lower : capitalised(lower)
        }.joined(separator: " ")
    }

    private static func sentence(_ words: [String]) -> String {
        words.enumerated().map { position, word in
            let lower = word.lowercased()
            if let acronym = acronyms[lower] { return acronym }
            return position == 0 ? capitalised(lower) : lower
        }.joined(separator: " ")
    }

    private static func capitalised(_ word: String) -> String {
        guard let first = word.firstIndex(where: \.isLetter) else { return word }
        return word[..<first] + word[first].uppercased() + word[word.index(after: first)...]
    }

    /// Without words that are others in small letters, as "US" and "IT" are.
    private static let acronyms: [String: String] = Dictionary(
        uniqueKeysWithValues: [
            "AI", "BBC", "CEO", "DIY", "EU", "FAQ", "GDP", "KI", "NATO", "NGO", "NHS", "Q&A", "TV", "UK", "UN", "UNO",
            "USA",
        ].map { ($0.lowercased(), $0) })

    private static let smallEnglish: Set<String> = [
        "a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "into", "nor", "of", "on", "or", "over", "per",
        "the", "to", "via", "vs", "with",
    ]

    private static let smallGerman: Set<String> = [
        "am", "an", "auf", "aus", "bei", "das", "dem", "den", "der", "des", "die", "ein", "eine", "einer", "für", "im",
        "in", "mit", "nach", "oder", "über", "um", "und", "vom", "von", "vor", "zu", "zum", "zur",
    ]
}
