import Foundation
import Testing

@Suite("The editor of a note")
struct EditorTests {
    @Test("Ctrl-C ends the editor, and the command under it says so and changes nothing")
    func interrupted() async throws {
        let device = try await Synced.device()
        let id = try #require(try await device.done("list", "--json").items()[0]["id"] as? String)
        let screen = try TmuxScreen(device, environment: ["EDITOR": "echo editing; cat >"])
        try screen.type(line: "reader-sync note \(id) --edit; echo \"status $?\"")
        try screen.wait("editing")
        try screen.press("C-c")
        try screen.wait("ended with an error; nothing was")
        try screen.wait("status 1")
        #expect(try await device.done("show", id, "--peek", "--json").json()["note"] is NSNull)
    }
}
