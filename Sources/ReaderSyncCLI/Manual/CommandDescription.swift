import ArgumentParser

import class FoundationEssentials.JSONDecoder
import struct FoundationEssentials.Data

/// The commands as ArgumentParser describes them: what `--help` is made of, and the manual's pages too.
struct CommandDescription: Decodable, Sendable {
    struct Argument: Decodable, Sendable {
        struct Name: Decodable, Sendable {
            var kind: String
            var name: String

            /// As it is typed.
            var text: String { (kind == "long" ? "--" : "-") + name }
        }

        var kind: String
        var shouldDisplay: Bool
        var isOptional: Bool
        var isRepeating: Bool
        var names: [Name]?
        var valueName: String?
        var defaultValue: String?
        var abstract: String?
        var discussion: String?
    }

    var commandName: String
    var shouldDisplay: Bool?
    var abstract: String?
    var discussion: String?
    var defaultSubcommand: String?
    var subcommands: [CommandDescription]?
    var arguments: [Argument]?

    private struct Dump: Decodable {
        var command: CommandDescription
    }

    /// The whole tree.
    static func all() throws -> CommandDescription {
        try JSONDecoder().decode(Dump.self, from: Data(ReaderSync._dumpHelp().utf8)).command
    }

    /// The commands below it that are shown.
    var shown: [CommandDescription] {
        (subcommands ?? []).filter { ($0.shouldDisplay ?? true) && $0.commandName != "help" }
    }

    /// The command that words lead to.
    ///
    /// - Throws: ``CommandFailure`` if a word names none, with those that come near.
    func find(_ words: [String]) throws -> CommandDescription {
        var (command, path) = (self, "reader-sync")
        for word in words {
            guard let next = command.shown.first(where: { $0.commandName == word }) else {
                throw CommandFailure(
                    .notFound, "notFound", "there is no command '\(path) \(word)'", remedy: "run '\(path) --help'",
                    candidates: Spelling.nearest(to: word, among: command.shown.map(\.commandName)))
            }
            (command, path) = (next, path + " " + word)
        }
        return command
    }
}
