import Foundation
import Testing

/// The command tree as the program itself dumps it (ArgumentParser's ToolInfo, version 0).
struct CommandTree: Decodable, Sendable {
    struct Argument: Decodable, Sendable {
        struct Name: Decodable, Sendable {
            var kind: String
            var name: String
        }

        var kind: String
        var names: [Name]?
        var abstract: String?
    }

    var commandName: String
    var abstract: String?
    var subcommands: [CommandTree]?
    var arguments: [Argument]?
    var shouldDisplay: Bool?

    private struct Dump: Decodable {
        var command: CommandTree
    }

    /// What the client dumps.
    static func client() async throws -> CommandTree {
        let text = try await Device().done("--experimental-dump-help").output
        return try JSONDecoder().decode(Dump.self, from: Data(text.utf8)).command
    }

    /// The commands that do something themselves, each with the words that name it.
    func leaves(_ words: [String] = []) -> [(words: [String], command: CommandTree)] {
        let inner = (subcommands ?? []).filter { $0.commandName != "help" }
        guard inner.isEmpty else { return inner.flatMap { $0.leaves(words + [$0.commandName]) } }
        return [(words, self)]
    }

    /// Whether it has a long option or flag.
    func takes(_ option: String) -> Bool {
        (arguments ?? []).contains { $0.names?.contains { $0.kind == "long" && $0.name == option } == true }
    }
}
