import Foundation
import Glibc
@testable import ReaderSyncCLI
@testable import SQLiteReplica
import SyncCore
import Testing

@Suite("The editor in a conflict")
struct ConflictEditorTests {
    private static let prompt = "[?] "

    /// A script that is the editor, and a folder for temporary files that has nothing else in it.
    private func editor(_ script: String, on device: Device) throws -> [String: String] {
        let (path, temporary) = (device.folder.path + "/editor", device.folder.path + "/tmp")
        try "#!/bin/sh\n\(script)\n".write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        return ["NO_COLOR": "1", "EDITOR": path, "TMPDIR": temporary]
    }

    private func left(on device: Device) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: device.folder.path + "/tmp")
    }

    private func openIDs(_ device: Device) async throws -> [String] {
        try await device.done("conflicts", "--json").items().compactMap { $0["id"] as? String }
    }

    @Test("the file has git's form, with a comment at its top that is not part of the note")
    func gitForm() async throws {
        let apart = try await Apart([("same\nred\nend", "same\nblue\nend")])
        let phone = apart.phone
        let environment = try editor(
            "cp \"$1\" \"$HOME/seen\"; sed -i -e '/^<<<<<<< /d' -e '/^=======$/d' -e '/^>>>>>>> /d' \"$1\"", on: phone)
        let id = try #require(try await openIDs(phone).first)
        try await phone.done("conflicts", "resolve", id, "--edit", environment: environment)
        let seen = try String(contentsOfFile: phone.folder.path + "/seen", encoding: .utf8)
        let body = seen.split(separator: "\n").filter { !$0.hasPrefix("# ") }
        let date = "20[0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]"
        #expect(body.count == 7 && seen.hasPrefix("# "))
        #expect(body.first == "same" && body.last == "end" && body[2...4] == ["red", "=======", "blue"])
        #expect(body[1].range(of: "^<<<<<<< mine \\(this device, \(date)\\)$", options: .regularExpression) != nil)
        #expect(body[5].range(of: "^>>>>>>> theirs \\(laptop, \(date)\\)$", options: .regularExpression) != nil)
        #expect(try await phone.done("note", apart.ids[0]).output == "same\nred\nblue\nend\n")
        #expect(try left(on: phone).isEmpty)
    }

    @Test("an editor that ends with an error leaves that conflict open, and the walk goes on")
    func quitWithError() async throws {
        let apart = try await Apart([("red", "blue"), ("left", "right")])
        let phone = apart.phone
        let outcome = try await PseudoTerminal.run(
            ["conflicts", "resolve"], phone, try editor("exit 1", on: phone),
            turns: [Turn(after: Self.prompt, type: "e"), Turn(after: Self.prompt, type: "m")])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("stays open") && outcome.output.contains("1 resolved, 1 left open"))
        #expect(try await openIDs(phone).count == 1 && left(on: phone).isEmpty)
    }

    @Test("an editor that is not there is said so, and the same conflict is asked about again")
    func missing() async throws {
        let apart = try await Apart([("red", "blue")])
        let outcome = try await PseudoTerminal.run(
            ["conflicts", "resolve"], apart.phone, ["EDITOR": "/nowhere/editor", "NO_COLOR": "1"],
            turns: [Turn(after: Self.prompt, type: "e"), Turn(after: Self.prompt, type: "m")])
        #expect(outcome.output.contains("cannot be run") && outcome.output.contains("1 resolved, 0 left open"))
    }

    @Test("Ctrl-C in the editor leaves that conflict open, and the walk goes on")
    func interrupted() async throws {
        let apart = try await Apart([("red", "blue"), ("left", "right")])
        let phone = apart.phone
        _ = try editor("", on: phone)
        let screen = try TmuxScreen(
            phone, environment: ["EDITOR": "echo editing; cat >", "TMPDIR": phone.folder.path + "/tmp"])
        try screen.type(line: "reader-sync conflicts resolve; echo \"status $?\"")
        try screen.wait("1 of 2")
        try screen.press("e")
        try screen.wait("editing")
        #expect(try left(on: phone).count == 1)
        try screen.press("C-c")
        try screen.wait("2 of 2")
        try screen.press("m")
        try screen.wait("1 resolved, 1 left open")
        try screen.wait("status 0")
        #expect(try left(on: phone).isEmpty)
    }

    @Test(
        "nothing of the notes stays behind, however the editor ends",
        arguments: [
            "true", "exit 1", "kill -9 $$", "cp \"$1\" \"$1.swp\"; mkdir \"$(dirname \"$1\")/undo\"",
            "head -c 2000000 /dev/zero > \"$1\"", "rm \"$1\"", "printf '\\377' > \"$1\"",
        ])
    func nothingStays(_ script: String) async throws {
        let apart = try await Apart([("red", "blue")])
        let id = try #require(try await openIDs(apart.phone).first)
        let outcome = try await apart.phone.run(
            "conflicts", "resolve", id, "--edit", environment: try editor(script, on: apart.phone))
        #expect(outcome.status != 0)
        #expect(try left(on: apart.phone).isEmpty)
        #expect(try await openIDs(apart.phone) == [id])
    }

    @Test(
        "nothing of the notes stays behind when a signal ends the command under the editor",
        arguments: [SIGTERM, SIGHUP])
    func ended(by signal: Int32) async throws {
        let apart = try await Apart([("red", "blue")])
        let phone = apart.phone
        let id = try #require(try await openIDs(phone).first)
        let fifo = phone.folder.path + "/fifo"
        try #require(mkfifo(fifo, 0o600) == 0)
        let environment = try editor("cp \"$1\" \"$1.swp\"; read line < \"$HOME/fifo\"", on: phone)
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        let child = try Program.client.start(
            ["conflicts", "resolve", id, "--edit"], phone.environment.merging(environment) { $1 },
            input: null, output: null, errors: null)
        // Opens once the editor reads.
        let writing = open(fifo, O_WRONLY | O_CLOEXEC)
        defer { close(writing) }
        #expect(try left(on: phone).count == 1)
        kill(child.id, signal)
        #expect(await child.end() == 128 + signal)
        #expect(try left(on: phone).isEmpty)
        #expect(try await openIDs(phone) == [id])
    }

    @Test(
        "what was written and cannot be taken is there again with the key, from --edit too", arguments: [true, false])
    func writtenAgain(inWalk: Bool) async throws {
        let apart = try await Apart([("red", "blue")])
        let phone = apart.phone
        let id = try #require(try await openIDs(phone).first)
        let environment = try editor(
            """
            if grep -q 'my words' "$1"; then echo 'the last of my words' > "$1"; else echo 'my words' >> "$1"; fi
            """, on: phone)
        let outcome = try await PseudoTerminal.run(
            ["conflicts", "resolve"] + (inWalk ? [] : [id, "--edit"]), phone, environment,
            turns: (inWalk ? [Turn(after: Self.prompt, type: "e")] : []) + [Turn(after: Self.prompt, type: "e")])
        #expect(outcome.output.contains("the marks between the texts are still there"))
        #expect(outcome.output.contains("1 resolved, 0 left open"))
        #expect(try await phone.done("note", apart.ids[0]).output == "the last of my words\n")
        #expect(try left(on: phone).isEmpty)
    }

    // MARK: The draft itself

    private func conflict(_ notes: [(text: String, isMine: Bool)]) throws -> Conflict {
        let key = try #require(RegisterKey(.article(ArticleID(digest: .zero)), .note))
        let sides = try notes.enumerated().map { index, note in
            ConflictSide(
                change: try #require(
                    Change(
                        id: ChangeID(replica: ReplicaID(rawValue: UInt64(index) << 60), number: 1),
                        stamp: HybridTimestamp(milliseconds: 0), seen: SeenContext(through: 0), key: key,
                        value: .note(note.text, base: ""))), sequence: nil, isMine: note.isMine)
        }
        return Conflict(
            id: "abcd1234", key: key, state: .open, rule: nil, shown: nil, sides: sides, settledOn: nil, lost: [],
            opened: WallTime(milliseconds: 0), closed: nil)
    }

    private func body(_ draft: ConflictDraft) -> [String] {
        draft.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            .filter { !$0.hasPrefix("# ") }
            .map { $0.contains(" (") ? String($0.prefix { $0 != "(" }) + "…" : $0 }
    }

    @Test("of three devices each has its part, this one's first")
    func threeSides() throws {
        let draft = ConflictDraft(try conflict([("a", false), ("b", true), ("c", false)]), DeviceNames())
        #expect(
            body(draft) == [
                "<<<<<<< mine …", "b", "======= theirs …", "a", "=======", "c", ">>>>>>> theirs …", "",
            ])
    }

    @Test("a note that was taken off is an empty part")
    func emptySide() throws {
        let draft = ConflictDraft(try conflict([("", true), ("b", false)]), DeviceNames())
        #expect(body(draft) == ["<<<<<<< mine …", "=======", "b", ">>>>>>> theirs …", ""])
    }

    @Test("lines of a note that look like a comment or a mark stay, and hinder nothing")
    func lookalikes() throws {
        let draft = ConflictDraft(try conflict([("# Title\n=======\na", true), ("b", false)]), DeviceNames())
        #expect(try draft.note(from: "# Title\n=======\na\n") == "# Title\n=======\na")
        let lines = draft.text.split(separator: "\n", omittingEmptySubsequences: false)
        let kept = lines.filter { !$0.hasPrefix("<<<<<<< ") && !$0.hasPrefix(">>>>>>> ") }
        #expect(try draft.note(from: kept.joined(separator: "\n")) == "# Title\n=======\na\n=======\nb")
    }

    @Test("a mark that is left is found, each of them")
    func marksLeft() throws {
        let draft = ConflictDraft(try conflict([("a", true), ("b", false)]), DeviceNames())
        let marks = draft.text.split(separator: "\n").filter {
            $0.hasPrefix("<<<") || $0.hasPrefix("===") || $0.hasPrefix(">>>")
        }
        #expect(marks.count == 3)
        for mark in marks { #expect(throws: CommandFailure.self) { try draft.note(from: "a\n\(mark)\nb\n") } }
        #expect(try draft.note(from: "a\nb\n\n") == "a\nb")
    }
}
