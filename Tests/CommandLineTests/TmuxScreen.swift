import Foundation
import Glibc
import Testing

/// A person at a terminal: a shell in a tmux of its own, in a device's home. Ends with its last reference.
final class TmuxScreen: Sendable {
    let folder: TemporaryFolder
    private let environment: [String: String]
    private static let path = "/usr/bin/tmux"

    /// Screens that are looked at before something counts as missing. A look takes some milliseconds.
    private static let mostLooks = 4_000

    /// Starts a shell, and waits for its prompt.
    ///
    /// - Parameter extra: what the shell has in its environment besides.
    init(_ device: Device, columns: Int = 100, rows: Int = 30, environment extra: [String: String] = [:]) throws {
        folder = try TemporaryFolder()
        let own = [
            "PATH": Program.client.url.deletingLastPathComponent().path + ":/usr/bin:/bin", "TZ": "UTC",
            "LANG": "C.UTF-8", "ENV": "/dev/null", "TMUX_TMPDIR": folder.path,
        ]
        environment = device.environment.merging(own) { $1 }.merging(extra) { $1 }
        // The server takes the environment of the one who starts it; its shell knows nothing of this process.
        try tmux("-u", "-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "/bin/sh -i")
        // In two pieces, so that the line itself is not what is waited for.
        try type(line: "PS1='rea''dy> '")
        try wait("ready>")
    }

    deinit { _ = try? tmux("kill-server") }

    /// Types a line into the shell.
    func type(line: String) throws {
        try tmux("send-keys", "-l", line)
        try tmux("send-keys", "Enter")
    }

    /// Presses keys, as tmux names them.
    func press(_ keys: String...) throws {
        for key in keys { try tmux("send-keys", key) }
    }

    /// Makes the window larger or smaller.
    func resize(columns: Int, rows: Int) throws {
        try tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)")
    }

    /// What is on the screen; with looks as escape sequences, if they are wanted.
    func look(styled: Bool = false) throws -> String {
        try tmux(styled ? ["capture-pane", "-e", "-p"] : ["capture-pane", "-p"])
    }

    /// Looks until a text is there, or is gone.
    @discardableResult
    func wait(_ text: String, isThere: Bool = true, sourceLocation: SourceLocation = #_sourceLocation) throws -> String
    {
        var screen = ""
        for _ in 0..<Self.mostLooks {
            screen = try look()
            if screen.contains(text) == isThere { return screen }
        }
        Issue.record("\(isThere ? "missing" : "still there"): \(text)\n\(screen)", sourceLocation: sourceLocation)
        throw Missing()
    }

    struct Missing: Error {}

    @discardableResult
    private func tmux(_ arguments: String...) throws -> String { try tmux(arguments) }

    private func tmux(_ arguments: [String]) throws -> String {
        let output = try CleanPipe()
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        let child = try Child(
            path: Self.path, arguments: arguments, environment: environment, streams: [null, output.writing, null])
        close(output.writing)
        close(null)
        let text = CleanPipe.text(output.reading)
        close(output.reading)
        child.wait()
        return text
    }
}
