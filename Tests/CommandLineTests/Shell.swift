import Foundation
import Glibc
import Testing

/// A shell, or another program of the machine, with `reader-sync` in its path.
enum Shell: String, CaseIterable {
    case bash, zsh, fish, groff

    private var path: String { "/usr/bin/" + rawValue }

    /// Whether the machine has it.
    var isInstalled: Bool { access(path, X_OK) == 0 }

    /// Runs it with these arguments, and ends it after a minute: a terminal that never shows what is waited for.
    ///
    /// - Returns: what it printed, errors included.
    func run(_ arguments: [String], on device: Device, input: String = "") async throws -> (status: Int32, text: String)
    {
        let name = device.folder.path + "/" + UUID().uuidString
        defer { for suffix in ["in", "out"] { unlink("\(name).\(suffix)") } }
        try input.write(toFile: name + ".in", atomically: false, encoding: .utf8)
        let reading = open(name + ".in", O_RDONLY | O_CLOEXEC)
        let writing = open(name + ".out", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { for descriptor in [reading, writing] { close(descriptor) } }
        let programs = Program.client.url.deletingLastPathComponent().path
        let child = try Child(
            path: "/usr/bin/timeout", arguments: ["--kill-after=5", "60", path] + arguments,
            environment: device.environment.merging([
                "PATH": programs + ":/usr/bin:/bin", "TZ": "UTC", "TERM": "xterm", "LC_ALL": "C.UTF-8",
            ]) { $1 }, streams: [reading, writing, writing])
        let status = await child.end()
        return (status, try String(contentsOfFile: name + ".out", encoding: .utf8))
    }
}
