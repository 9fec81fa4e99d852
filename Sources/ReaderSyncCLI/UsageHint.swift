import ArgumentParser

/// What to say after a command line that makes no sense.
enum UsageHint {
    /// What to say of a command line.
    ///
    /// - Parameter text: what ArgumentParser says. It looks at what words mean together before it says that there is no
    ///   such option, or no such command; the slip that is nearer to the fingers is said first here.
    static func failure(_ text: String, _ arguments: [String]) -> CommandFailure {
        var failure = CommandFailure.usage(message(text, arguments))
        failure.remedy = "run '" + (["reader-sync"] + place(arguments).words + ["--help"]).joined(separator: " ") + "'"
        failure.candidates = candidates(arguments)
        return failure
    }

    /// Whether the words before the options name no command.
    static func namesNoCommand(_ arguments: [String]) -> Bool { place(arguments).unknown != nil }

    /// The same, as our own messages are written.
    private static func message(_ text: String, _ arguments: [String]) -> String {
        let place = place(arguments)
        if let word = place.unknown {
            return "there is no command '\((["reader-sync"] + place.words + [word]).joined(separator: " "))'"
        }
        if let option = OptionWords(of: place.words)?.firstUnknown(in: arguments.dropFirst(place.words.count)) {
            return option
        }
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    /// Commands that a mistyped one may have meant.
    private static func candidates(_ arguments: [String]) -> [String] {
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
        for word in arguments.first == "help" ? arguments.dropFirst() : arguments[...] {
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
