import ArgumentParser

/// What to say after a command line that makes no sense.
enum UsageHint {
    /// Where the help is.
    static func remedy(_ arguments: [String]) -> String {
        "run '" + (["reader-sync"] + place(arguments).words + ["--help"]).joined(separator: " ") + "'"
    }

    /// What ArgumentParser says, as our own messages are written; of a word that names no command, that.
    static func message(_ text: String, _ arguments: [String]) -> String {
        let place = place(arguments)
        if let word = place.unknown, text.lowercased().contains("unexpected argument") {
            return "there is no command '\((["reader-sync"] + place.words + [word]).joined(separator: " "))'"
        }
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    /// Commands that a mistyped one may have meant.
    static func candidates(_ arguments: [String]) -> [String] {
        let place = place(arguments)
        guard let word = place.unknown else { return [] }
        return Spelling.nearest(to: word, among: place.subcommands.map { name(of: $0) }).map { name in
            (["reader-sync"] + place.words + [name]).joined(separator: " ")
        }
    }

    /// How far the words name a command, and the first that does not.
    private static func place(
        _ arguments: [String]
    ) -> (words: [String], subcommands: [any ParsableCommand.Type], unknown: String?) {
        var (words, subcommands) = ([String](), ReaderSync.configuration.subcommands)
        for word in arguments {
            guard !word.hasPrefix("-"), !subcommands.isEmpty else { break }
            guard let command = subcommands.first(where: { name(of: $0) == word }) else {
                return (words, subcommands, word)
            }
            words.append(word)
            subcommands = command.configuration.subcommands
        }
        return (words, subcommands, nil)
    }

    /// As ArgumentParser names a command that has no name of its own, for types of one word.
    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? String(describing: command).lowercased()
    }
}
