/// The pieces of a text between which a difference may begin or end. Joined, they are the text.
enum TextTokens {
    /// Words, runs of blanks, line ends, and everything else one by one: punctuation, and the characters of scripts that
    /// are written without blanks.
    static func words(_ text: String) -> [Substring] {
        var result: [Substring] = []
        var index = text.startIndex
        while index < text.endIndex {
            let first = kind(text[index])
            var end = text.index(after: index)
            if first == .word || first == .blank {
                while end < text.endIndex, continues(text, at: end, first) { end = text.index(after: end) }
            }
            result.append(text[index..<end])
            index = end
        }
        return result
    }

    /// Lines, each with its end.
    static func lines(_ text: String) -> [Substring] {
        var result: [Substring] = []
        var start = text.startIndex
        for index in text.indices where text[index].isNewline {
            let end = text.index(after: index)
            result.append(text[start..<end])
            start = end
        }
        if start < text.endIndex { result.append(text[start...]) }
        return result
    }

    private enum Kind: Equatable { case word, blank, single }

    private static func kind(_ character: Character) -> Kind {
        if character.isNewline { return .single }
        if character.isWhitespace { return .blank }
        guard character.isLetter || character.isNumber, let scalar = character.unicodeScalars.first else {
            return .single
        }
        return isWithoutBlanks(scalar) ? .single : .word
    }

    /// An apostrophe, a hyphen or a point within a word or number belongs to it.
    private static func continues(_ text: String, at index: String.Index, _ kind: Kind) -> Bool {
        if self.kind(text[index]) == kind { return true }
        let next = text.index(after: index)
        return kind == .word && "'’-.,".contains(text[index]) && next < text.endIndex && self.kind(text[next]) == .word
    }

    /// Scripts whose words stand without blanks between them: Thai to Khmer, kana, ideographs.
    private static func isWithoutBlanks(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xF900...0xFAFF, 0x2_0000...0x3_FFFF:
            true
        default: false
        }
    }

    /// Numbers for tokens: equal ones for equal bytes. Swift's own comparison would take two spellings for the same.
    struct Numbering {
        private var known: [[UInt8]: Int] = [:]

        /// The numbers of tokens; new ones in the order in which they come.
        mutating func numbers(_ tokens: [Substring]) -> [Int] {
            tokens.map { token in
                let bytes = Array(token.utf8)
                if let number = known[bytes] { return number }
                known[bytes] = known.count
                return known.count - 1
            }
        }
    }
}
