import Foundation
import Testing

@testable import ReaderSyncCLI

@Suite("The configuration file")
struct ConfigTests {
    private func file(_ text: String) -> ConfigFile { ConfigFile(text, path: "config") }

    @Test("keys, comments, strings of both kinds and blanks are read")
    func read() throws {
        let file = file(
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
        let failure = try #require(file(text).problems.first).failure
        #expect(failure.message.contains(line), "\(failure.message)")
        #expect(
            ([failure.message, failure.remedy ?? ""] + failure.candidates).contains { $0.contains(word) }, "\(failure)")
        #expect(failure.status == .usage)
    }

    @Test("a change leaves comments, order and other lines as they are")
    func changes() throws {
        let text = "# mine\nlist.limit = 7 # few\n\n# below\ncolor = \"never\"\n"
        var changed = file(text)
        changed.set(.listLimit, to: .integer(9))
        #expect(changed.text == "# mine\nlist.limit = 9  # few\n\n# below\ncolor = \"never\"\n")
        changed.set(.editor, to: .text("a \"b\" \\c"))
        #expect(changed.text.hasSuffix("color = \"never\"\neditor = \"a \\\"b\\\" \\\\c\"\n"))
        #expect(file(changed.text) == changed)
        #expect(changed.unset("list.limit") && !changed.unset("replica"))
        #expect(changed.text == "# mine\n\n# below\ncolor = \"never\"\neditor = \"a \\\"b\\\" \\\\c\"\n")
        #expect(file(changed.text) == changed)
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

    /// A device whose file has these lines.
    private func device(with text: String) async throws -> (Device, path: String) {
        let device = try await Synced.device()
        let folder = device.folder.path + "/config/reader-sync"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try text.write(toFile: folder + "/config", atomically: true, encoding: .utf8)
        return (device, folder + "/config")
    }

    @Test("a line that makes no sense stops commands with its place, and not those that find and mend it")
    func broken() async throws {
        let text = "# x\nlist.limit = 0\ncolor never\nfoo = 1\n"
        let (device, path) = try await device(with: text)
        for command in ["list", "status"] {
            let outcome = try await device.run(command)
            #expect(outcome.status == 2 && outcome.errors.contains("\(path), line 2"), "\(outcome.errors)")
            #expect(outcome.errors.contains("reader-sync config unset list.limit"))
        }
        for command in [["config", "path"], ["config", "get", "editor"], ["man"], ["--help"], ["config"]] {
            let outcome = try await run(.client, command, in: device.folder.path, environment: device.environment)
            #expect(outcome.status == 0, "\(command): \(outcome.errors)")
        }
        let warnings = try await device.done("config", "list").errors
        for line in 2...4 { #expect(warnings.contains("warning: \(path), line \(line): ")) }
        let doctor = try await device.run("doctor", "--offline")
        #expect(doctor.status == 2 && doctor.output.contains("fail  config       \(path), line 2"))
        #expect(doctor.output.contains("ok    integrity"))

        try await device.done("config", "set", "editor", "vi")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text + "editor = \"vi\"\n")
        try await device.done("config", "set", "list.limit", "4")
        try await device.done("config", "unset", "foo", "--json")
        #expect(
            try String(contentsOfFile: path, encoding: .utf8)
                == "# x\nlist.limit = 4\ncolor never\neditor = \"vi\"\n")
        #expect(try await device.run("config", "unset", "foo").status == 3)
    }

    @Test("a key that is not known is a warning: it may be a newer version's")
    func unknownKey() async throws {
        let (device, path) = try await device(with: "list.limit = 3\nlist.limti = 4\n")
        let outcome = try await device.done("list", "--json")
        #expect(try outcome.items().count == 3)
        let text = "warning: \(path), line 2: there is no key 'list.limti'; did you mean 'list.limit'?"
        #expect(try await device.done("list").errors.contains(text))
        #expect(try await device.done("doctor", "--offline").output.contains("warn  config"))
        try await device.done("config", "unset", "list.limti")
        #expect(try await device.done("doctor", "--offline").output.contains("ok    config"))
    }

    @Test("of a key that is set twice, a new value is the only one")
    func setTwice() {
        var changed = file("color = \"never\" # a\nlist.limit = x\ncolor = \"always\"\n")
        changed.set(.color, to: .text("auto"))
        #expect(changed.text == "color = \"auto\"  # a\nlist.limit = x\n")
        #expect(changed.unset("list.limit") && changed.problems.isEmpty)
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
