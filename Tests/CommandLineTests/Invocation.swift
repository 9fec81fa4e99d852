import Foundation
import Glibc
import Testing

/// What a run of a program left behind.
struct Outcome: Sendable {
    var status: Int32
    var output: String
    var errors: String

    /// The output as one JSON document.
    func json() throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
        return try #require(value as? [String: Any])
    }

    /// The `items` of a list.
    func items() throws -> [[String: Any]] {
        try #require(try json()["items"] as? [[String: Any]])
    }

    /// The members of the error that was reported as JSON.
    func error() throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(errors.utf8))
        return try #require((value as? [String: Any])?["error"] as? [String: Any])
    }
}

/// The programs that were built beside the tests.
enum Program: String {
    case client = "reader-sync"
    case server = "reader-sync-server"

    /// Beside the test bundle, which is the process's own image.
    var url: URL {
        let image = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        return image.deletingLastPathComponent().appending(path: rawValue)
    }

    /// Starts the program with nothing of this process's environment but `PATH`.
    func start(
        _ arguments: [String], _ environment: [String: String], input: Int32, output: Int32, errors: Int32
    ) throws -> Child {
        try Child(
            path: url.path, arguments: arguments,
            environment: environment.merging(["PATH": "/usr/bin:/bin", "TZ": "UTC"]) { own, _ in own },
            streams: [input, output, errors])
    }
}

/// A folder that is gone when the last reference is.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/reader-sync-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Runs a program to its end. Output goes through files, so that no pipe can fill up and block it. What the client
/// prints with `--json` is held against its schema in `Protocol/cli`.
func run(
    _ program: Program, _ arguments: [String], in folder: String, environment: [String: String],
    input: String = ""
) async throws -> Outcome {
    let name = folder + "/" + UUID().uuidString
    defer { for suffix in ["in", "out", "err"] { unlink("\(name).\(suffix)") } }
    try input.write(toFile: name + ".in", atomically: false, encoding: .utf8)
    let descriptors =
        [open(name + ".in", O_RDONLY | O_CLOEXEC)]
        + ["out", "err"].map { open("\(name).\($0)", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600) }
    defer { for descriptor in descriptors { close(descriptor) } }
    let child = try program.start(
        arguments, environment, input: descriptors[0], output: descriptors[1], errors: descriptors[2])
    let status = await child.end()
    let outcome = Outcome(
        status: status, output: try String(contentsOfFile: name + ".out", encoding: .utf8),
        errors: try String(contentsOfFile: name + ".err", encoding: .utf8))
    if program == .client, arguments.contains("--json") { try CommandSchemas.ours.get().check(arguments, outcome) }
    return outcome
}
