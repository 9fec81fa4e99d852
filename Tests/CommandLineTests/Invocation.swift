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

    /// A process that is ready to run, with nothing of this one's environment but `PATH`.
    func process(_ arguments: [String], _ environment: [String: String]) -> Process {
        let process = Process()
        process.executableURL = url
        process.arguments = arguments
        process.environment = environment.merging(["PATH": "/usr/bin:/bin", "TZ": "UTC"]) { own, _ in own }
        return process
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

/// Runs a program to its end. Output goes through files, so that no pipe can fill up and block it.
func run(
    _ program: Program, _ arguments: [String], in folder: String, environment: [String: String],
    input: String = ""
) async throws -> Outcome {
    let name = folder + "/" + UUID().uuidString
    try input.write(toFile: name + ".in", atomically: false, encoding: .utf8)
    try "".write(toFile: name + ".out", atomically: false, encoding: .utf8)
    try "".write(toFile: name + ".err", atomically: false, encoding: .utf8)
    defer { for suffix in ["in", "out", "err"] { unlink("\(name).\(suffix)") } }
    let process = program.process(arguments, environment)
    process.standardInput = try FileHandle(forReadingFrom: URL(filePath: name + ".in"))
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: name + ".out"))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: name + ".err"))
    let status = try await process.runToEnd()
    return Outcome(
        status: status, output: try String(contentsOfFile: name + ".out", encoding: .utf8),
        errors: try String(contentsOfFile: name + ".err", encoding: .utf8))
}

extension Process {
    /// Starts the process and waits for its end without holding a thread.
    func runToEnd() async throws -> Int32 {
        try await withCheckedThrowingContinuation { continuation in
            terminationHandler = { process in
                let killed: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
                continuation.resume(returning: killed + process.terminationStatus)
            }
            do {
                try run()
            } catch {
                terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
    }
}
