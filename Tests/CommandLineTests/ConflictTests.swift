import Foundation
import Testing

@Suite("Conflicts between two devices")
struct ConflictTests {
    @Test("a walk shows what each device said, which words differ, what is shown and why, and a key decides")
    func walk() async throws {
        let apart = try await Apart([
            ("ask the author about grain", "ask the editor about grain"), ("red", "blue"), ("left", "right"),
            ("up", "down"),
        ])
        let (phone, ids) = (apart.phone, apart.ids)
        let editor = phone.folder.path + "/editor"
        try "#!/bin/sh\necho written in the editor > \"$1\"\n".write(
            toFile: editor, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: editor)
        let prompt = "[?] "
        // The newest conflict comes first: they were opened in the order of the articles.
        let outcome = try await PseudoTerminal.run(
            ["conflicts", "resolve"], phone, ["NO_COLOR": "1", "EDITOR": editor], columns: 100,
            turns: [
                Turn(after: prompt, type: "?"), Turn(after: prompt, type: "m"), Turn(after: prompt, type: "e"),
                Turn(after: prompt, type: "x"), Turn(after: prompt, type: "\u{1B}[A"),
                Turn(after: prompt, type: "b"), Turn(after: prompt, type: "t"),
            ])
        #expect(outcome.status == 0)
        let text = outcome.output
        #expect(text.contains("1 of 4") && text.contains("4 of 4"))
        #expect(text.contains("this device, 20") && text.contains("laptop, 20") && text.contains(" UTC"))
        #expect(text.contains("take what this device said"))
        #expect(text.contains("ask the [-author-] about grain") && text.contains("│ ask the {+editor+} about grain"))
        #expect(text.contains("shown now: what laptop said") || text.contains("shown now: what this device said"))
        #expect(text.contains("because notes are merged by lines; where both wrote, the later is shown"))
        #expect(text.contains("4 resolved, 0 left open"))
        let notes = try await [0, 1, 2, 3].asyncMap { try await phone.done("note", ids[$0]).output }
        #expect(
            Set(notes) == ["ask the editor about grain\n", "red\n---\nblue\n", "written in the editor\n", "up\n"])
        #expect(try await phone.done("conflicts", "--json").items().isEmpty)
        try await phone.done("sync")
        try await apart.laptop.done("sync")
        #expect(try await phone.exported() == apart.laptop.exported())
    }

    @Test(
        "skipping, quitting, Ctrl-C and the end of input leave conflicts open", arguments: ["s", "q", "\u{3}", "\u{4}"])
    func leaves(_ key: String) async throws {
        let apart = try await Apart([("red", "blue")])
        let outcome = try await PseudoTerminal.run(
            ["conflicts", "resolve"], apart.phone, turns: [Turn(after: "[?]", type: key)])
        #expect(outcome.status == (key == "\u{3}" ? 130 : 0))
        #expect(outcome.output.contains("0 resolved, 1 left open"))
        #expect(try await apart.phone.done("conflicts", "--json").items().count == 1)
    }

    @Test("a narrow terminal shows both notes in one column, and no line is wider than it")
    func narrow() async throws {
        let apart = try await Apart([("ask the author about the grain", "ask the editor about the grain")])
        let outcome = try await PseudoTerminal.run(
            ["conflicts", "resolve"], apart.phone, ["NO_COLOR": "1"], columns: 44,
            turns: [Turn(after: "[?]", type: "q")])
        #expect(outcome.output.contains("ask the [-author-]{+editor+} about the grain"))
        let lines = outcome.output.replacing("\r", with: "").split(separator: "\n")
        #expect(lines.filter { !$0.contains("[m]ine") }.allSatisfy { $0.count <= 44 })
    }

    @Test("without a terminal a conflict is to be named, and the message says how")
    func withoutTerminal() async throws {
        let device = try await Synced.device()
        let outcome = try await device.run("conflicts", "resolve")
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("conflicts resolve ID --mine|--theirs"))
        #expect(try await device.run("conflicts", "resolve", "--mine").status == 2)
    }

    @Test("no answer lets an opt-in win against an opt-out; to opt in anew does")
    func optOutHolds() async throws {
        let server = try await Server.start()
        let phone = try await Device.loggedIn(to: server, server.tokens[0])
        let laptop = try await Device.loggedIn(to: server, server.tokens[1])
        try await phone.done("sync")
        try await phone.done("newsletters", "subscribe", "daily", "--confirm-age")
        try await phone.done("sync")
        try await laptop.done("sync")
        try await laptop.done("newsletters", "unsubscribe", "daily")
        try await laptop.done("sync")
        try await phone.done("newsletters", "unsubscribe", "daily")
        try await phone.done("newsletters", "subscribe", "daily")
        try await phone.done("sync")
        let open = try await phone.done("conflicts", "--json").items()
        let id = try #require(open.first?["id"] as? String)
        let refused = try await phone.run("conflicts", "resolve", id, "--mine")
        #expect(refused.status == 2 && refused.errors.contains("newsletters subscribe daily"))
        let walk = try await PseudoTerminal.run(
            ["conflicts", "resolve"], phone, turns: [Turn(after: "[?]", type: "m"), Turn(after: "[?]", type: "t")])
        #expect(!walk.output.contains("[m]ine") && walk.output.contains("1 resolved"))
        #expect(try await phone.done("newsletters", "--json").items()[0]["subscribed"] as? Bool == false)
        try await phone.done("newsletters", "subscribe", "daily")
        try await phone.done("sync")
        try await laptop.done("sync")
        #expect(try await laptop.done("newsletters", "--json").items()[0]["subscribed"] as? Bool == true)
    }

    @Test("--all shows what was settled by itself, by which rule, and what lost")
    func journal() async throws {
        let server = try await Server.start()
        let phone = try await Device.loggedIn(to: server, server.tokens[0])
        let laptop = try await Device.loggedIn(to: server, server.tokens[1])
        try await phone.done("sync")
        try await laptop.done("sync")
        let id = try await phone.articles()[0]
        try await phone.done("progress", id, "30%")
        try await laptop.done("progress", id, "50%")
        try await laptop.done("sync")
        try await phone.done("sync")
        #expect(try await phone.done("conflicts", "--json").items().isEmpty)
        let text = try await phone.done("conflicts", "--all").output
        #expect(text.contains("came to: 50%"))
        #expect(text.contains("lost:    30% (this device, "))
        #expect(text.contains("why:     the furthest place counts"))
        let item = try #require(try await phone.done("conflicts", "--all", "--json").items().first)
        #expect(item["settledOn"] as? Int == 5_000 && item["rule"] as? String == "furthestWins")
        let lost = try #require(item["lost"] as? [[String: Any]])
        #expect(lost.map { $0["value"] as? Int } == [3_000])
    }
}

extension Array {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var result: [Result] = []
        for element in self { result.append(try await transform(element)) }
        return result
    }
}
