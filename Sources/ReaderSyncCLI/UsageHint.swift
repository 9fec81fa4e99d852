import ArgumentParser

/// What to say after a command line that makes no sense.
enum UsageHint {
    /// Where the help is.
    static func remedy(_ arguments: [String]) -> String {
        let words = arguments.first.map { names(of: ReaderSync.self).contains($0) ? $0 + " " : "" } ?? ""
        return "run 'reader-sync \(words)--help'"
    }

    /// Commands that a mistyped one may have meant.
    static func candidates(_ arguments: [String]) -> [String] {
        guard let word = arguments.first, !word.hasPrefix("-") else { return [] }
        let known = names(of: ReaderSync.self)
        return known.contains(word)
            ? [] : Spelling.nearest(to: word, among: known).map { "reader-sync \($0)" }
    }

    private static func names(of command: any ParsableCommand.Type) -> [String] {
        // A key path through the metatype crashes the compiler (Swift 6.3.1), a closure does not.
        command.configuration.subcommands.compactMap { $0.configuration.commandName }
    }
}
