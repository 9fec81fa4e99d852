import Testing

@testable import ReaderSyncCLI

@Suite("Articles that standard input names")
struct StandardInputTests {
    @Test(
        "words, JSON of any layout, and both after each other are read",
        arguments: [
            ("ab\ncd  a headline\n\n", ["ab@1", "cd@2"]),
            ("{\"id\":\"ab\"}\n{\"id\":\"cd\",\"x\":[1]}", ["ab@1", "cd@2"]),
            ("[\n  {\n    \"id\": \"ab\"\n  },\n  \"cd\"\n]\nef\n", ["ab@1", "cd@1", "ef@7"]),
            ("{\n\"id\":\"ab\"}{\"id\":\"cd\"}", ["ab@1", "cd@2"]),
            ("{\"items\":[{\"id\":\"ab\"},\"cd\"],\"next\":null}", ["ab@1", "cd@1"]),
            ("{\"id\":\"a}\\\"]b\"}", ["a}\"]b@1"]), ("\"ab\"\n\"cd\"\n", ["ab@1", "cd@2"]),
            ("", []), (" \r\n\t", []), ("[]", []),
        ] as [(String, [String])])
    func read(_ text: String, _ expected: [String]) throws {
        #expect(try NamedArticles(text).names.map { "\($0.text)@\($0.line)" } == expected)
    }

    @Test(
        "what names no article is refused with its line",
        arguments: [
            ("ab\n{\"no\":1}\n", "line 2"), ("{\"id\":7}", "line 1"), ("\n\n[{\"id\":\"ab\"}", "line 3"),
            ("{", "line 1"),
            ("[1]", "line 1"), ("{\"items\":{}}", "line 1"), ("ab\n\n{\"items\":[{}]}", "line 3"),
        ])
    func refused(_ text: String, _ line: String) {
        do throws(CommandFailure) {
            _ = try NamedArticles(text)
            Issue.record("it was taken")
        } catch {
            #expect(error.message.contains(line), "\(error.message)")
            #expect(error.status == .usage)
        }
    }

    @Test("deep nesting is refused, not followed")
    func deep() {
        let text = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(throws: CommandFailure.self) { try NamedArticles(text) }
    }

    @Test("one name that is not found is named with its line, and nothing is done for the others")
    func allOrNothing() async throws {
        let device = try await Synced.device()
        let ids = try await device.articles()
        let input = "\(ids[0])\n{\"id\":\"\(ids[1])\"}\n00000000\n"
        for command in [["save", "-"], ["read", "-"], ["tag", "later", "-"]] {
            let outcome = try await run(
                .client, command, in: device.folder.path, environment: device.environment, input: input)
            #expect(outcome.status == 3 && outcome.errors.contains("line 3"), "\(command): \(outcome.errors)")
        }
        #expect(try await device.done("status", "--json").json()["pending"] as? Int == 0)
    }

    @Test("what list prints goes into every command that marks, in each of its forms")
    func pipes() async throws {
        let device = try await Synced.device()
        for form in [["--json"], ["--format", "{id}"], []] {
            let list = try await run(
                .client, ["list", "--limit", "4"] + form, in: device.folder.path, environment: device.environment)
            for (command, count) in [
                (["save", "-"], 4), (["unsave", "-"], 4), (["tag", "t", "-"], 4), (["untag", "t", "-"], 4),
            ] {
                let done = try await run(
                    .client, command + ["--json"], in: device.folder.path, environment: device.environment,
                    input: list.output)
                #expect(try done.json()["recorded"] as? Int == count, "\(form) \(command): \(done.errors)")
            }
        }
    }

    @Test("show takes its one article from standard input, and refuses two")
    func show() async throws {
        let device = try await Synced.device()
        let ids = try await device.articles()
        let shown = try await device.done("show", "-", "--peek", "--json", input: ids[3] + "  a headline\n").json()
        #expect(shown["id"] as? String == ids[3])
        #expect(try await device.run("show", "-", "--peek", input: ids[0] + "\n" + ids[1]).status == 2)
        #expect(try await device.run("show", "-", "--peek", input: "").status == 2)
    }
}
