import Foundation
import SyncCore
import SyncTestKit
import Testing

/// `Protocol/cli` describes what `--json` prints: all of it, of every command.
@Suite("The schemas of --json")
struct CommandSchemaTests {
    @Test("every command that takes --json has a schema, every schema a command, and the README lists them")
    func onePerCommand() async throws {
        let leaves = try await CommandTree.client().leaves()
        let commands = leaves.filter { $0.command.takes("json") }.map { $0.words.joined(separator: "-") + ".json" }
        let files = Set(try CommandSchemas.ours.get().documents.keys).subtracting(CommandSchemas.shared)
        #expect(commands.count > 35)
        #expect(Set(commands).subtracting(files).isEmpty, "write Protocol/cli/NAME.json for these")
        #expect(files.subtracting(commands).isEmpty, "no command prints these")
        let readme = try String(
            contentsOf: JSONFile.sourceTree.appending(path: "Protocol/cli/README.md"), encoding: .utf8)
        for file in files.union(CommandSchemas.shared).sorted() {
            #expect(readme.contains("](\(file))"), "Protocol/cli/README.md does not list \(file)")
        }
    }

    @Test("a schema has its version in its name, says what it is, and describes every member")
    func wellFormed() throws {
        for (file, schema) in try CommandSchemas.ours.get().documents {
            guard case .object(let members) = schema else {
                Issue.record("\(file) is no object")
                continue
            }
            #expect(members["$schema"] == .string("https://json-schema.org/draft/2020-12/schema"), "\(file)")
            #expect(members["$id"] == .string("https://reader-sync.example/cli/v1/\(file)"))
            #expect(members["title"] != nil, "\(file) has no title")
            #expect(JSONSchemaSet.defects(in: schema).isEmpty, "\(file): \(JSONSchemaSet.defects(in: schema))")
        }
    }

    @Test("every command with --json is run for real, and prints what its schema says")
    func everyCommand() async throws {
        let run = try await CommandTour.taken()
        let leaves = try await CommandTree.client().leaves().filter { $0.command.takes("json") }
        let missing = Set(leaves.map { $0.words.joined(separator: "-") + ".json" }).subtracting(run)
        #expect(missing.isEmpty, "add a run of these to CommandTour")
    }

    @Test("a member that no schema describes would be found, and one that is missing too")
    func notVacuous() async throws {
        let set = JSONSchemaSet(try CommandSchemas.ours.get().documents)
        guard case .object(var list) = try JSONFile.value(try await Synced.device().done("list", "--json").output),
            case .array(let items) = list["items"], case .object(var article) = items.first
        else {
            Issue.record("no list")
            return
        }
        let found = { (article: [String: JSONValue]) in
            list["items"] = .array([.object(article)])
            return set.violations(of: .object(list), against: "list.json", isClosed: true)
        }
        #expect(found(article).isEmpty)
        article["colour"] = .string("red")
        #expect(found(article).map(\.place) == ["/items/0"])
        article["colour"] = nil
        article["read"] = nil
        #expect(found(article).map(\.problem) == ["the member 'read' is missing"])
    }
}
