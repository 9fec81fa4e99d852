import ArgumentParser
import SQLiteReplica
import SystemPorts
import TerminalText

/// What a shell offers for an argument: names that the replica holds, with what they stand for where the shell shows that
/// (zsh, fish).
enum Completions {
    /// The word with which a completion script asks (ArgumentParser).
    static let request = "---completion"
    /// Most names that are offered at once.
    static let limit = 50

    /// The completion of an argument that names things of a kind.
    static func names(_ kind: NameKind) -> CompletionKind {
        .custom { words, _, prefix in
            // A shell that completes must not be disturbed: whatever goes wrong, there is nothing to offer.
            (try? offers(kind, words: words, beginning: prefix)) ?? []
        }
    }

    /// Of `TAG ARTICLE...` and `ARTICLE... --tag TAG`: tags where the first word is typed and no `--tag` was given.
    static let tagThenArticles = CompletionKind.custom { words, index, prefix in
        let isTagGiven = words.contains { $0 == "--tag" || $0.hasPrefix("--tag=") }
        // The program and the command come before.
        let isFirst = words.indices.contains(2) ? index <= 2 : true
        return (try? offers(isFirst && !isTagGiven ? .tag : .article, words: words, beginning: prefix)) ?? []
    }

    private static func offers(_ kind: NameKind, words: [String], beginning: String) throws -> [String] {
        let replica = try Replica(opening: try path(words), for: .reading)
        let names = try replica.names(kind, beginning: beginning, limit: limit)
        return names.map { line($0, for: CompletionShell.requesting) }
    }

    /// The replica that the command line being typed is about.
    private static func path(_ words: [String]) throws -> String {
        var named: String?
        for (index, word) in words.enumerated() {
            if word.hasPrefix("--replica=") { named = String(word.dropFirst("--replica=".count)) }
            if word == "--replica", words.indices.contains(index + 1) { named = words[index + 1] }
        }
        return try ReplicaPath(option: named).path
    }

    /// The line for a shell: bash takes the word alone, zsh `word:description`, fish both with a tab between. What bash's
    /// `compgen -W` is given it expands like a command line, substitutions and all: there every character that could mean
    /// something is quoted.
    static func line(_ offer: NameOffer, for shell: CompletionShell?) -> String {
        let name = SafeText.line(offer.name)
        let title = TextWidth.truncated(SafeText.line(offer.title), to: 60)
        switch shell {
        case .zsh?:
            let escaped = name.replacing("\\", with: "\\\\").replacing(":", with: "\\:")
            return title.isEmpty ? escaped : escaped + ":" + title
        case .fish?: return title.isEmpty ? name : name + "\t" + title
        default:
            return name.reduce(into: "") { result, character in
                let isPlain = character.isLetter || character.isNumber || "._:/@%+=,-".contains(character)
                result += (isPlain ? "" : "\\") + String(character)
            }
        }
    }
}
