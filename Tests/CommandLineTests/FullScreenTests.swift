import Foundation
import Glibc
import Testing

@Suite("The full-screen reader at a real terminal")
struct FullScreenTests {
    /// A screen on which the reader shows its list.
    static func reading(
        _ device: Device, columns: Int = 100, rows: Int = 30,
        environment: [String: String] = [:]
    ) throws -> TmuxScreen {
        let screen = try TmuxScreen(device, columns: columns, rows: rows, environment: environment)
        try screen.type(
            line:
                "stty -a > $HOME/before; sh -c 'echo $$ > $HOME/pid; exec reader-sync read'; echo \"ended $?\"; stty -a > $HOME/after"
        )
        try screen.wait("The Long Strike")
        return screen
    }

    private static func article(_ headline: String, _ device: Device) async throws -> [String: Any] {
        let items = try await device.done("list", "--json").items()
        return try #require(items.first { ($0["headline"] as? String)?.contains(headline) == true })
    }

    /// Asserts that the shell is back, with the status, and the terminal is as it was.
    static func expectRestored(_ screen: TmuxScreen, _ device: Device, status: Int = 0) throws {
        let text = try screen.wait("ended \(status)")
        #expect(!text.contains("?:help"))
        try screen.wait("ready>")
        try screen.type(line: "echo done'' with it")
        try screen.wait("done with it")
        let settings = try ["before", "after"].map { name in
            try String(contentsOfFile: device.folder.path + "/" + name, encoding: .utf8)
        }
        #expect(!settings[0].isEmpty && settings[0] == settings[1])
    }

    @Test("it opens on what is unread, opening an article marks it read in the file, and q gives the terminal back")
    func reading() async throws {
        let device = try await Synced.device()
        let screen = try Self.reading(device)
        try screen.wait("Feeds")
        try screen.press("Enter")
        try screen.wait("Tab:links")
        #expect(try screen.look().contains("Paragraph of article 11, about lighthouses."))
        #expect(try await Self.article("The Long Strike", device)["read"] as? Bool == true)
        try screen.press("q")
        try screen.wait("open  h:back")
        try screen.press("q")
        try Self.expectRestored(screen, device)
    }

    @Test("s saves, t tags, A marks what is listed after a yes; all without a network")
    func marks() async throws {
        let device = try await Synced.device()
        let screen = try Self.reading(device)
        try screen.press("j", "s")
        try screen.wait("saved")
        #expect(try await Self.article("Winds", device)["saved"] as? Bool == true)
        try screen.press("t")
        try screen.wait("Tags:")
        try screen.press("s", "e", "a", "Enter")
        try screen.wait("#sea")
        #expect(try await Self.article("Winds", device)["tags"] as? [String] == ["sea"])
        try screen.press("A")
        try screen.wait("Mark the 12 articles of this list read? y/n")
        try screen.press("y")
        try screen.wait("marked 12 articles read")
        try screen.wait("2/12")
        #expect(try await device.done("list", "--unread", "--json").items().isEmpty)
        try screen.press("z")
        try screen.wait("taken back")
        try screen.wait("2/12")
        #expect(try await device.done("list", "--unread", "--json").items().count == 12)
    }

    @Test("searching narrows the list with every letter")
    func search() async throws {
        let device = try await Synced.device()
        let screen = try Self.reading(device)
        try screen.press("/", "g", "r", "a", "i")
        try screen.wait("The Long Strike", isThere: false)
        try screen.wait("The Price of Grain")
        try screen.press("Escape")
        try screen.wait("The Long Strike")
    }

    @Test("a changed size wraps anew, down to one pane and back")
    func resize() async throws {
        let device = try await Synced.device()
        let screen = try Self.reading(device)
        try screen.wait("All articles")
        try screen.resize(columns: 50, rows: 12)
        try screen.wait("All articles", isThere: false)
        try screen.wait("The Long Strike")
        try screen.press("h")
        try screen.wait("All articles")
        try screen.resize(columns: 120, rows: 40)
        try screen.wait("The Long Strike")
    }

    @Test("? shows the keys")
    func help() async throws {
        let screen = try Self.reading(try await Synced.device())
        try screen.press("?")
        try screen.wait("Everywhere")
        try screen.press("Escape")
        try screen.wait("The Long Strike")
    }

    @Test("colours are the terminal's own sixteen; with NO_COLOR there are none", arguments: [false, true])
    func colours(_ isPlain: Bool) async throws {
        let device = try await Synced.device()
        let screen = try Self.reading(device, environment: isPlain ? ["NO_COLOR": "1"] : [:])
        try screen.wait("Feeds")
        let text = try screen.look(styled: true)
        let codes = text.split(separator: "\u{1B}[").dropFirst().map { $0.prefix { $0 != "m" } }
            .flatMap { $0.split(separator: ";") }.compactMap { Int($0) }
        #expect(codes.contains { (30...37).contains($0) } == !isPlain)
        #expect(!codes.contains(38) && !codes.contains(48))
        #expect(codes.contains(7))
    }

    @Test("Ctrl-C, SIGTERM, SIGHUP and a crash give the terminal back", arguments: ["C-c", "TERM", "HUP", "SEGV"])
    func ending(_ way: String) async throws {
        let device = try await Synced.device()
        let screen = try Self.reading(device)
        if way == "C-c" {
            try screen.press("C-c")
            return try Self.expectRestored(screen, device)
        }
        let pid = try String(contentsOfFile: device.folder.path + "/pid", encoding: .utf8)
        let signals = ["TERM": SIGTERM, "HUP": SIGHUP, "SEGV": SIGSEGV]
        kill(try #require(pid_t(pid.filter(\.isNumber))), try #require(signals[way]))
        try Self.expectRestored(screen, device, status: way == "SEGV" ? 139 : 130)
    }

    @Test("Ctrl-Z gives the terminal to the shell, and fg comes back")
    func suspension() async throws {
        let device = try await Synced.device()
        let screen = try TmuxScreen(device)
        try screen.type(line: "reader-sync read")
        try screen.wait("The Long Strike")
        try screen.press("C-z")
        try screen.wait("Stopped")
        try screen.type(line: "echo in'' between")
        try screen.wait("in between")
        try screen.type(line: "fg")
        try screen.wait("The Long Strike")
        try screen.press("q")
        try screen.wait("ready>")
    }

    @Test("what another process changes is seen")
    func otherProcess() async throws {
        let device = try await Synced.device()
        let screen = try Self.reading(device)
        let id = try #require(try await Self.article("The Long Strike", device)["id"] as? String)
        try await device.done("tag", "elsewhere", id)
        try screen.wait("#elsewhere")
    }

    @Test("o gives the page to $BROWSER, e writes a note in $EDITOR")
    func otherPrograms() async throws {
        let device = try await Synced.device()
        let folder = device.folder.path
        let screen = try Self.reading(
            device, environment: ["BROWSER": "echo >\(folder)/opened", "EDITOR": "echo 'My note' >"])
        try screen.press("o")
        try screen.wait("opened https://review.example/11")
        #expect(try String(contentsOfFile: folder + "/opened", encoding: .utf8) == "https://review.example/11\n")
        try screen.press("e")
        try screen.wait("wrote the note")
        #expect(try await Self.article("The Long Strike", device)["hasNote"] as? Bool == true)
    }

    @Test("Ctrl-C in the editor ends the editor, and not the reader under it")
    func interruptInEditor() async throws {
        let device = try await Synced.device()
        let screen = try Self.reading(device, environment: ["EDITOR": "echo editing; cat >"])
        try screen.press("e")
        try screen.wait("editing")
        try screen.press("C-c")
        try screen.wait("ended with an error")
        try screen.press("q")
        try Self.expectRestored(screen, device)
    }

    @Test("Ctrl-Z in the editor stops the job, and fg goes on in the editor")
    func stopInEditor() async throws {
        let device = try await Synced.device()
        let screen = try TmuxScreen(device, environment: ["EDITOR": "echo editing; cat >"])
        try screen.type(line: "reader-sync read")
        try screen.wait("The Long Strike")
        try screen.press("e")
        try screen.wait("editing")
        try screen.press("C-z")
        try screen.wait("Stopped")
        try screen.type(line: "fg")
        // The shell names the job that it brings back, and reads no more.
        try screen.wait("\nreader-sync read")
        try screen.type(line: "Written after a pause")
        try screen.press("C-d")
        try screen.wait("wrote the note")
        #expect(try await Self.article("The Long Strike", device)["hasNote"] as? Bool == true)
    }

    @Test("--color never is heeded")
    func colourOption() async throws {
        let device = try await Synced.device()
        let screen = try TmuxScreen(device)
        try screen.type(line: "reader-sync read --color never")
        try screen.wait("Feeds")
        #expect(!(try screen.look(styled: true).contains("36m")))
    }

    @Test("without a terminal it says what to name, on a dumb one what to use, without a replica what to type")
    func refusals() async throws {
        let device = try await Synced.device()
        let outcome = try await device.run("read")
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("name the articles"))
        let screen = try TmuxScreen(device)
        try screen.type(line: "TERM=dumb reader-sync read")
        try screen.wait("cannot be drawn on")
        try screen.wait("use 'reader-sync list'")
        let empty = try TmuxScreen(try Device())
        try empty.type(line: "reader-sync read")
        try empty.wait("reader-sync init")
    }
}
