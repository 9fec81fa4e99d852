import ArgumentParser
import ReaderSyncCLI
import SyncCore
import SyncTestKit
import Testing

/// The schemas in `Protocol/cli`, and which command each is of. Every run of the client with `--json`, in any test here,
/// is held against them: see `run(_:_:in:environment:input:)`.
struct CommandSchemas: Sendable {
    /// The documents by their file names.
    let documents: [String: JSONValue]
    private let set: JSONSchemaSet

    /// Those of the source tree.
    static let ours = Result { try CommandSchemas() }

    private init() throws {
        documents = try JSONFile.folder("Protocol/cli")
        set = JSONSchemaSet(documents)
    }

    /// Files that describe no command's output.
    static let shared: Set<String> = ["common.json", "error.json", "request.json"]

    /// The file for the command that a command line names: its words joined by hyphens, with the default subcommand.
    static func file(for arguments: [String]) -> String? {
        var (words, command) = ([String](), ReaderSync.self as any ParsableCommand.Type)
        var rest = arguments[...]
        while !command.configuration.subcommands.isEmpty {
            if let word = rest.first,
                let found = command.configuration.subcommands.first(where: { $0.configuration.commandName == word })
            {
                (command, rest) = (found, rest.dropFirst())
            } else if let standard = command.configuration.defaultSubcommand {
                command = standard
            } else {
                return nil
            }
            words.append(command.configuration.commandName ?? "")
        }
        return words.joined(separator: "-") + ".json"
    }

    /// Holds what a command printed against its schemas: the output, and of a command that failed the error.
    func check(_ arguments: [String], _ outcome: Outcome) {
        if !outcome.output.isEmpty, let file = Self.file(for: arguments) { check(outcome.output, file, arguments) }
        // One document a line: requests first, and the error last.
        for line in outcome.errors.split(separator: "\n") {
            check(String(line), line.hasPrefix("{\"request\"") ? "request.json" : "error.json", arguments)
        }
    }

    private func check(_ text: String, _ file: String, _ arguments: [String]) {
        let command = arguments.joined(separator: " ")
        guard let value = try? JSONFile.value(text) else {
            Issue.record("\(command): no JSON document: \(text.prefix(200))")
            return
        }
        let violations = set.violations(of: value, against: file, isClosed: true)
        #expect(violations.isEmpty, "\(command) does not print what Protocol/cli/\(file) says: \(violations)")
    }
}
