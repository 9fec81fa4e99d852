/// Turns what a reader types into a query that FTS5 cannot fail to parse: every word is quoted. Words of scripts that are
/// written without blanks are kept apart: the index takes all up to the next blank or mark as one word.
struct SearchQuery {
    /// Most words that count.
    static let maximumWords = 32
    /// Most bytes of a text that count.
    static let maximumBytes = 1_024

    /// The query for the index; `nil` if it has nothing to look for.
    let match: String?
    /// What is looked for within texts, whatever stands around it: words with Chinese, Japanese, Thai, Lao, Khmer or
    /// Burmese letters. Latin letters in it are small.
    let substrings: [String]

    /// Reads a text.
    init(_ text: String) {
        var (phrases, substrings): ([String], [String]) = ([], [])
        var (phrase, isQuoted) = ("", false)
        func end(_ phrase: inout String) {
            let isPrefix = !isQuoted && phrase.hasSuffix("*")
            if isPrefix { phrase.removeLast() }
            defer { phrase = "" }
            guard phrases.count + substrings.count < Self.maximumWords else { return }
            if phrase.unicodeScalars.contains(where: \.isWrittenWithoutBlanks) {
                return substrings.append(Self.bare(phrase))
            }
            // Without a letter or digit there is no token, and an empty phrase would match nothing.
            if phrase.unicodeScalars.contains(where: {
                $0.properties.isAlphabetic || $0.properties.numericType != nil
            }) {
                phrases.append("\"\(phrase)\"" + (isPrefix ? "*" : ""))
            }
        }
        for scalar in String(decoding: text.utf8.prefix(Self.maximumBytes), as: UTF8.self).unicodeScalars {
            if ["\"", "\u{201C}", "\u{201D}", "\u{201E}"].contains(scalar) {
                end(&phrase)
                isQuoted.toggle()
            } else if scalar.value == 0 || (scalar.properties.isWhitespace && !isQuoted) {
                end(&phrase)
            } else {
                phrase.unicodeScalars.append(scalar)
            }
        }
        end(&phrase)
        match = phrases.isEmpty ? nil : phrases.joined(separator: " ")
        self.substrings = substrings
    }

    /// A word without the marks around it, its Latin letters small.
    private static func bare(_ word: String) -> String {
        var scalars = word.unicodeScalars[...]
        while let first = scalars.first, first.isMark { scalars.removeFirst() }
        while let last = scalars.last, last.isMark { scalars.removeLast() }
        return SubstringSearch.folded(Substring(scalars))
    }
}

extension Unicode.Scalar {
    /// Whether it is of a script that puts no blanks between words: Han, Hiragana, Katakana, Thai, Lao, Myanmar, Khmer
    /// (Unicode Standard Annex #14, classes ID and SA). Korean is written with blanks.
    fileprivate var isWrittenWithoutBlanks: Bool {
        switch value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0xA9E0...0xA9FF, 0xAA60...0xAA7F,
            0x2E80...0x2FDF, 0x3005...0x3007, 0x3021...0x3029, 0x3041...0x30FF, 0x31F0...0x31FF, 0x3400...0x4DBF,
            0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFF66...0xFF9F, 0x20000...0x3FFFD:
            // There are marks and symbols among them, such as the middle dot of Katakana.
            properties.isAlphabetic || properties.isIdeographic
        default: false
        }
    }

    fileprivate var isMark: Bool {
        switch properties.generalCategory {
        case .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation, .otherPunctuation,
            .dashPunctuation, .connectorPunctuation, .mathSymbol, .otherSymbol, .currencySymbol:
            true
        default: false
        }
    }
}
