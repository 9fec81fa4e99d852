extension Context {
    /// A command as the person would type it for this replica.
    func command(_ words: String) -> String {
        isStandingPath ? "reader-sync " + words : "reader-sync \(words) --replica \(ShellWord.escaped(path))"
    }

    /// A failure with the commands of its remedy as the person would type them for this replica.
    func addressed(_ failure: CommandFailure) -> CommandFailure {
        var failure = failure
        failure.remedy = failure.remedy.map { addressed($0) }
        return failure
    }

    /// A text with the commands in it as the person would type them for this replica. The layers below write
    /// 'reader-sync undo 3', in such quotation marks, and know nothing of options.
    func addressed(_ text: String) -> String {
        guard !isStandingPath else { return text }
        let pieces = text.split(separator: "'", omittingEmptySubsequences: false).map { piece -> String in
            guard piece.hasPrefix(Self.name), !piece.contains(" --replica ") else { return String(piece) }
            let words = piece.dropFirst(Self.name.count)
            return Self.ownWords.contains(String(words.prefix { $0 != " " })) ? String(piece) : command(String(words))
        }
        return pieces.joined(separator: "'")
    }

    private static let name = "reader-sync "
    /// Commands that are about no replica.
    private static let ownWords: Set = ["config", "help", "man", "completions", "--help"]
}

/// Words as a shell reads them.
enum ShellWord {
    /// The word with a backslash before what a shell would take for something else.
    static func escaped(_ word: String) -> String {
        guard !word.isEmpty else { return "\"\"" }
        var result = ""
        for (index, character) in word.enumerated() {
            let isPlain = character.isLetter || character.isNumber || "._/:@%+=,-".contains(character)
            result += isPlain || (character == "~" && index > 0) ? String(character) : "\\\(character)"
        }
        return result
    }
}
