import Foundation
import Testing

@testable import ReaderSyncCLI

@Suite("The configuration file")
struct ConfigTests {
    private func file(_ text: String) throws -> ConfigFile { try ConfigFile(text, path: "config") }

    @Test("keys, comments, strings of both kinds and blanks are read")
    func read() throws {
        let file = try file(
            "# mine\n\n  list.limit=7 # few\r\ncolor = \"never\"\neditor = 'vim -u \\x'   # \"quoted\"\n")
        #expect(
            file.entries.mapValues(\.value) == [
                .listLimit: .integer(7), .color: .text("never"), .editor: .text("vim -u \\x"),
            ])
    }

    @Test(
        "what makes no sense is refused with its line",
        arguments: [
            ("\nlist.limti = 7", "line 2", "list.limit"), ("list.limit = 0", "line 1", "100000"),
            ("list.limit = \"x\"", "line 1", "100000"), ("color = \"nevr\"", "line 1", "never"),
            ("color = never", "line 1", "quotes"),
            ("[list]\nlimit = 7", "line 1", "table"), ("list.limit 7", "line 1", "key = value"),
            ("= 7", "line 1", "no key"),
            ("list.limit =", "line 1", "no value"), ("editor = \"vi", "line 1", "missing"),
            ("editor = \"a\" b", "line 1", "behind"),
            ("list.limit = 7\nlist.limit = 8", "line 2", "second time"), ("editor = \"\\n\"", "line 1", "\\\\"),
        ])
    func refused(_ text: String, _ line: String, _ word: String) throws {
        let failure = try #require(#expect(throws: CommandFailure.self) { try file(text) })
        #expect(failure.message.contains(line), "\(failure.message)")
        #expect(
            ([failure.message, failure.remedy ?? ""] + failure.candidates).contains { $0.contains(word) }, "\(failure)")
        #expect(failure.status == .usage)
    }

    @Test("a change leaves comments, order and other lines as they are")
    func changes() throws {
        let text = "# mine\nlist.limit = 7 # few\n\n# below\ncolor = \"never\"\n"
        var changed = try file(text)
        changed.set(.listLimit, to: .integer(9))
        #expect(changed.text == "# mine\nlist.limit = 9  # few\n\n# below\ncolor = \"never\"\n")
        changed.set(.editor, to: .text("a \"b\" \\c"))
        #expect(changed.text.hasSuffix("color = \"never\"\neditor = \"a \\\"b\\\" \\\\c\"\n"))
        #expect(try file(changed.text) == changed)
        #expect(changed.unset(.listLimit) && !changed.unset(.replica))
        #expect(changed.text == "# mine\n\n# below\ncolor = \"never\"\neditor = \"a \\\"b\\\" \\\\c\"\n")
        #expect(try file(changed.text) == changed)
    }

    @Test("set, get, list, unset and path work on the file of the user, for this user alone")
    func commands() async throws {
        let device = try Device()
        let path = device.folder.path + "/config/reader-sync/config"
        #expect(try await device.done("config", "path").output == path + "\n")
        #expect(try await device.done("config", "get", "list.limit").output == "50\n")
        #expect(try await device.done("config", "get", "replica").output == device.replica + "\n")
        try await device.done("config", "set", "list.limit", "3")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "list.limit = 3\n")
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        #expect(try await device.done("config", "get", "list.limit", "--json").json()["source"] as? String == "file")
        #expect(try await device.done("config", "--json").items().count == SettingKey.names.count)
        for bad in [["set", "list.limit", "0"], ["set", "color", "blue"]] {
            #expect(
                try await run(.client, ["config"] + bad, in: device.folder.path, environment: device.environment).status
                    == 2)
        }
        #expect(try await device.run("config", "set", "colour", "auto").errors.contains("color"))
        try await device.done("config", "unset", "list.limit")
        #expect(try String(contentsOfFile: path, encoding: .utf8).isEmpty)
    }

    @Test("a file that is a link stays one, and what it leads to is changed")
    func link() async throws {
        let device = try Device()
        let (folder, real) = (device.folder.path + "/config/reader-sync", device.folder.path + "/dotfiles")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "# mine\n".write(toFile: real, atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(atPath: folder + "/config", withDestinationPath: real)
        try await device.done("config", "set", "list.limit", "3")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/config") == real)
        #expect(try String(contentsOfFile: real, encoding: .utf8) == "# mine\nlist.limit = 3\n")
    }

    @Test("an option goes before the environment, that before the file, that before the default")
    func precedence() async throws {
        let device = try await Synced.device()
        try await device.done("config", "set", "list.limit", "3")
        #expect(try await device.articles().count == 3)
        #expect(try await device.done("list", "--limit", "5", "--json").items().count == 5)
        let other = device.folder.path + "/other.sqlite"
        try await device.done("config", "set", "replica", "~/other.sqlite")
        #expect(try await device.run("list").status == 3)
        try await device.done("init")
        #expect(FileManager.default.fileExists(atPath: other))
        #expect(try await device.done("status", "--json").json()["path"] as? String == other)
        let environment = ["READER_SYNC_REPLICA": device.replica]
        #expect(try await device.done("status", "--json", environment: environment).json()["articles"] as? Int == 12)
        #expect(
            try await device.done("status", "--json", "--replica", other, environment: environment).json()["articles"]
                as? Int == 0)
    }

    @Test("colours: --color before NO_COLOR, that before the file")
    func colours() async throws {
        let device = try await Synced.device()
        let isColoured = { (arguments: [String], environment: [String: String]) in
            let outcome = try await run(
                .client, ["list"] + arguments, in: device.folder.path,
                environment: device.environment.merging(environment) { $1 })
            return outcome.output.contains("\u{1B}[")
        }
        #expect(try await !isColoured([], [:]))
        try await device.done("config", "set", "color", "always")
        #expect(try await isColoured([], [:]))
        #expect(try await !isColoured([], ["NO_COLOR": "1"]))
        #expect(try await isColoured(["--color", "always"], ["NO_COLOR": "1"]))
        #expect(try await !isColoured(["--color", "never"], [:]))
    }

    @Test("a file that makes no sense stops every command with its line, and config path still answers")
    func broken() async throws {
        let device = try await Synced.device()
        let path = try await device.done("config", "path").output.dropLast()
        try FileManager.default.createDirectory(
            atPath: device.folder.path + "/config/reader-sync", withIntermediateDirectories: true)
        try "# x\nlist.limti = 3\n".write(toFile: String(path), atomically: true, encoding: .utf8)
        for command in [["list"], ["status"], ["config"], ["config", "set", "list.limit", "4"]] {
            let outcome = try await run(.client, command, in: device.folder.path, environment: device.environment)
            #expect(outcome.status == 2 && outcome.errors.contains("\(path), line 2"), "\(command): \(outcome.errors)")
        }
        try await device.done("config", "path")
        #expect(try String(contentsOfFile: String(path), encoding: .utf8) == "# x\nlist.limti = 3\n")
    }

    @Test("the editor of the file is used where the environment names none")
    func editor() async throws {
        let device = try await Synced.device()
        let id = try await device.articles()[0]
        try await device.done("config", "set", "editor", "sh -c 'echo configured > \"$0\"'")
        try await device.done("note", id, "--edit")
        #expect(try await device.done("note", id).output == "configured\n")
        try await device.done("note", id, "--edit", environment: ["EDITOR": "sh -c 'echo chosen > \"$0\"'"])
        #expect(try await device.done("note", id).output == "chosen\n")
    }
}
