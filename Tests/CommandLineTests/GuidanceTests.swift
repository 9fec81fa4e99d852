import Foundation
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

    @Test("a file that is no replica ends with 6")
    func damaged() async throws {
        let device = try Device()
        let path = device.folder.path + "/junk.sqlite"
        try Data(repeating: 0x41, count: 8_192).write(to: URL(filePath: path))
        let outcome = try await device.run("list", "--replica", path)
        #expect(outcome.status == 6)
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
            #expect(outcome.errors.contains("reader-sync init"))
        }
    }

    @Test("completion scripts are printed for each shell", arguments: ["bash", "zsh", "fish"])
    func completions(_ shell: String) async throws {
        let outcome = try await Device().done("completions", shell)
        #expect(outcome.output.contains("newsletters"))
    }
}
