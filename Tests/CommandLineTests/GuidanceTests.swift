import Foundation
import GRDB
import Testing

@Suite("Wrong and missing things at the command line")
struct GuidanceTests {
    @Test(
        "every command that needs a replica says how to make one, and ends with 3",
        arguments: [
            ["list"], ["feeds"], ["status"], ["sync"], ["log"], ["conflicts"], ["consent"], ["newsletters"],
            ["search", "word"], ["show", "abcd"], ["save", "abcd"], ["export", "--state"], ["set-aside"],
        ])
    func noReplica(_ command: [String]) async throws {
        let device = try Device()
        let outcome = try await run(.client, command, in: device.folder.path, environment: device.environment)
        #expect(outcome.status == 3)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("reader-sync init"))
    }

    @Test(
        "wrong arguments end with 2 and say where help is, on standard error",
        arguments: [
            ["lits"], ["list", "--bogus"], ["list", "--limit", "x"], ["list", "--limit", "0"], ["show"], ["read"],
            ["read", "--all", "abcd"], ["tag", "only-a-tag"], ["export"], ["completions", "tcsh"],
            ["conflicts", "resolve", "abcd1234"], ["conflicts", "resolve", "abcd1234", "--mine", "--theirs"],
            ["progress", "abcd", "101%"], ["list", "--since", "yesterday-ish"], ["init", "--server", "ftp://x"],
            ["login", "https://a", "--token", "x", "--token-file", "y"],
        ])
    func wrongArguments(_ command: [String]) async throws {
        let device = try Device()
        let outcome = try await run(.client, command, in: device.folder.path, environment: device.environment)
        #expect(outcome.status == 2 || outcome.errors.contains("reader-sync init"), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(!outcome.errors.isEmpty)
    }

    @Test("without a replica, the bare program says how to begin; with one it shows its help")
    func welcome() async throws {
        let device = try Device()
        let first = try await device.done()
        #expect(first.output.contains("reader-sync add https://") && first.output.contains("reader-sync init"))
        #expect(!first.output.contains("USAGE"))
        #expect(try await device.done("init").errors.contains("reader-sync add URL"))
        #expect(try await device.done("list").errors.contains("reader-sync add URL"))
        #expect(try await device.done().output.contains("USAGE"))
    }

    @Test("a mistyped id, feed, folder, tag, section, option and setting are answered with what they may have meant")
    func nearNames() async throws {
        let device = try await Synced.device()
        let id = try await device.articles()[0]
        try await device.done("tag", "europe", id)
        let wrong =
            String(id.prefix(5)) + (id.dropFirst(5).first == "0" ? "1" : "0") + String(id.dropFirst(6).prefix(2))
        let cases: [([String], String)] = [
            (["save", wrong], String(id.prefix(7))), (["show", wrong], String(id.prefix(7))),
            (["list", "--feed", "alll"], "all"), (["list", "--tag", "eurpoe"], "europe"),
            (["config", "get", "list.limti"], "list.limit"), (["man", "lits"], "list"),
        ]
        for (command, expected) in cases {
            let outcome = try await run(.client, command, in: device.folder.path, environment: device.environment)
            #expect(outcome.status == 3, "\(command): \(outcome.errors)")
            #expect(outcome.errors.contains("\n  \(expected)"), "\(command): \(outcome.errors)")
        }
        #expect(
            try await device.run("list", "--unraed").errors.contains(
                "unknown option '--unraed'. Did you mean '--unread'?"))
        #expect(try await device.run("lisst").errors.contains("there is no command 'reader-sync lisst'"))
        #expect(try await device.run("newsletters", "foo").errors.contains("no command 'reader-sync newsletters foo'"))
        #expect(try await device.run("list", "--section", "nowhere").status == 3)
    }

    @Test(
        "an option that there is not is said before what the words mean together",
        arguments: [
            (["save", "--bogus"], "--bogus"), (["unread", "--all"], "--all"), (["tag", "--bogus"], "--bogus"),
            (["export", "--ebup", "x"], "--ebup'. Did you mean '--epub'?"),
            (["undo", "--list", "--bogus", "3"], "--bogus"), (["undo", "--list", "--limit", "3"], "--limit"),
            (["read", "--all", "--limit", "1"], "--limit"), (["note", "-x"], "-x"),
            (["conflicts", "resolve", "abcd1234", "--mine", "--thiers"], "--thiers'. Did you mean '--theirs'?"),
        ])
    func unknownOption(_ command: [String], _ option: String) async throws {
        let device = try Device()
        let outcome = try await run(.client, command, in: device.folder.path, environment: device.environment)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("unknown option '\(option)"), "\(outcome.errors)")
    }

    @Test("what is no option is left to what the words mean together: values, and what stands behind --")
    func noOption() async throws {
        for command in [["save", "--replica", "--odd"], ["save", "--color=never"], ["read", "--all", "--", "--odd"]] {
            let device = try Device()
            let outcome = try await run(.client, command, in: device.folder.path, environment: device.environment)
            #expect(outcome.status == 2 && !outcome.errors.contains("unknown option"), "\(outcome.errors)")
        }
    }

    @Test(
        "a mistyped command is said to be none, whatever stands behind it",
        arguments: [
            (["conflict", "--replica", "x"], "conflict", "conflicts"), (["help", "lst"], "lst", "list"),
            (["lst", "--help"], "lst", "list"), (["help", "feeds", "lst"], "feeds lst", "feeds list"),
        ])
    func unknownCommand(_ command: [String], _ words: String, _ meant: String) async throws {
        let device = try Device()
        let outcome = try await run(.client, command, in: device.folder.path, environment: device.environment)
        #expect(outcome.status == 2 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("there is no command 'reader-sync \(words)'\n  reader-sync \(meant)\n"))
    }

    @Test("what is wrong comes with what to write, or which there are")
    func remedies() async throws {
        let device = try await Synced.device()
        let id = try await device.articles()[0]
        try await device.done("tag", "europe", id)
        for (command, remedy) in [
            (["list", "--section", "none"], "no article has any section here"),
            (["list", "--tag", "nowhere"], "there are: europe"),
            (["list", "--limit", "0"], "leave it out to have 50"), (["progress", id, "150%"], "write 40%"),
            (["login", "--token", ""], "device token"), (["add", "http://127.0.0.1:1/"], "check the address"),
            (["list", "--since", "yesterday"], "2026-11-24T19:30"), (["sync", "--budget", "12"], "write 12MB or 12GB"),
        ] {
            let outcome = try await run(.client, command, in: device.folder.path, environment: device.environment)
            #expect(outcome.status != 0 && outcome.errors.contains("  → "), "\(command): \(outcome.errors)")
            #expect(outcome.errors.contains(remedy), "\(command): \(outcome.errors)")
        }
    }

    @Test("where a template fits no row, nothing is said of a list that is not there")
    func templateBeforeRemarks() async throws {
        let device = try await Synced.device()
        let outcome = try await device.run("list", "--limit", "3", "--format", "{nope}")
        #expect(outcome.status == 2 && !outcome.errors.contains("--after"))
        #expect(try await device.done("list", "--limit", "3").errors.contains("--after"))
    }

    @Test("a mistyped command is answered with what it may have meant")
    func suggestion() async throws {
        let outcome = try await Device().run("lits")
        #expect(outcome.errors.contains("reader-sync list"))
        let nested = try await Device().run("conflicts", "resolv", "abcd")
        #expect(nested.errors.contains("reader-sync conflicts resolve"))
        #expect(nested.status == 2)
    }

    @Test("an error with --json is one JSON document on standard error")
    func errorAsJSON() async throws {
        let outcome = try await Device().run("list", "--json")
        let error = try outcome.error()
        #expect(error["code"] as? String == "noReplica")
        #expect((error["remedy"] as? String)?.contains("reader-sync init") == true)
        let usage = try await Device().run("list", "--json", "--bogus")
        #expect(try usage.error()["code"] as? String == "usage")
        #expect(usage.status == 2)
    }

    @Test("the help has the table of exit statuses, and goes to standard output")
    func help() async throws {
        let outcome = try await Device().run("--help")
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        #expect(outcome.output.contains("130  stopped by Ctrl-C"))
    }

    @Test("a second init leaves the first replica alone")
    func secondInit() async throws {
        let device = try Device()
        try await device.done("init")
        let before = try await device.done("status", "--json").json()["replica"] as? String
        #expect(try await device.run("init").status == 2)
        #expect(try await device.done("status", "--json").json()["replica"] as? String == before)
    }

    @Test("sync without a server, and without a token, says to log in")
    func noServer() async throws {
        let device = try Device()
        try await device.done("init")
        let none = try await device.run("sync")
        #expect(none.status == 3)
        #expect(none.errors.contains("reader-sync login URL"))
        let other = device.folder.path + "/other.sqlite"
        try await device.done("init", "--server", "http://127.0.0.1:9", "--replica", other)
        let tokenless = try await device.run("sync", "--replica", other)
        #expect(tokenless.status == 7)
        #expect(tokenless.errors.contains("reader-sync login http://127.0.0.1:9 --replica \(other)"))
    }

    @Test("every remedy names the replica that was named, as a shell takes it, also of what the layers below say")
    func remediesOfNamedReplica() async throws {
        let device = try Device()
        let path = device.folder.path + "/my replica's.sqlite"
        try await device.done("init", "--replica", path)
        let typed = " --replica " + device.folder.path + "/my\\ replica\\'s.sqlite'"
        for (command, remedy) in [
            (["undo"], "reader-sync undo --list"), (["undo", "9999"], "reader-sync undo --list"),
            (["conflicts", "show", "abcd1234"], "reader-sync conflicts"),
            (["list", "--feed", "none"], "reader-sync feeds"), (["list", "--folder", "none"], "reader-sync feeds"),
            (["set-aside", "drop", "7"], "reader-sync set-aside"), (["sync"], "reader-sync login URL"),
        ] {
            let outcome = try await run(
                .client, command + ["--replica", path], in: device.folder.path, environment: device.environment)
            #expect(outcome.errors.contains("'" + remedy + typed), "\(command): \(outcome.errors)")
            let standing = device.environment.merging(["READER_SYNC_REPLICA": path]) { $1 }
            let same = try await run(.client, command, in: device.folder.path, environment: standing)
            #expect(same.errors.contains("'" + remedy + "'"), "\(command): \(same.errors)")
        }
    }

    @Test("READER_SYNC_REPLICA names the replica, and --replica goes before it")
    func replicaFromEnvironment() async throws {
        let device = try Device()
        let named = device.folder.path + "/named.sqlite"
        try await device.done("init", environment: ["READER_SYNC_REPLICA": named])
        #expect(FileManager.default.fileExists(atPath: named))
        let other = try await device.run(
            "status", "--replica", device.folder.path + "/none.sqlite", environment: ["READER_SYNC_REPLICA": named])
        #expect(other.status == 3)
    }

    @Test("a file that is no replica is called so, and no rebuild is advised", arguments: ["junk", "empty", "other"])
    func foreign(_ kind: String) async throws {
        let device = try Device()
        let path = device.folder.path + "/\(kind).sqlite"
        if kind == "other" {
            let database = try DatabaseQueue(path: path)
            try await database.write { db in try db.execute(sql: "CREATE TABLE t (x)") }
            try database.close()
        } else {
            try Data(repeating: 0x41, count: kind == "junk" ? 8_192 : 0).write(to: URL(filePath: path))
        }
        let before = try FileManager.default.contentsOfDirectory(atPath: device.folder.path)
        for words in [
            ["list"], ["save", "abc"], ["doctor", "--offline"], ["doctor", "--rebuild"], ["add", "http://a.b/"],
        ] {
            let outcome = try await run(
                .client, words + ["--replica", path], in: device.folder.path, environment: device.environment)
            #expect(outcome.status == 2, "\(words): \(outcome)")
            let text = outcome.output + outcome.errors
            #expect(text.contains("not a replica") || text.contains("not look like a replica"), "\(words): \(outcome)")
            #expect(!text.contains("--rebuild"), "\(words): \(outcome)")
        }
        // SQLite's own files beside it, which reading an empty database makes, are not ours to forbid.
        let after = try FileManager.default.contentsOfDirectory(atPath: device.folder.path)
        #expect(Set(after).subtracting(before).allSatisfy { !$0.hasSuffix(".lock") }, "\(after)")
    }

    @Test("a replica with damaged pages ends with 6 and names the repair")
    func damagedPages() async throws {
        let device = try await Synced.device()
        let file = try FileHandle(forUpdating: URL(filePath: device.replica))
        let size = try file.seekToEnd()
        try file.seek(toOffset: 4_096)
        try file.write(contentsOf: Data(repeating: 0xEE, count: Int(size) - 4_096))
        try file.close()
        for command in [["list"], ["status"], ["save", "https://review.example/1"]] {
            let outcome = try await run(.client, command, in: device.folder.path, environment: device.environment)
            #expect(outcome.status == 6, "\(command): \(outcome.errors)")
            #expect(outcome.errors.contains("reader-sync doctor --rebuild"))
        }
    }

    @Test("completion scripts are printed for each shell", arguments: ["bash", "zsh", "fish"])
    func completions(_ shell: String) async throws {
        let outcome = try await Device().done("completions", shell)
        #expect(outcome.output.contains("newsletters"))
    }
}
