import Foundation
import Glibc
import Testing

/// A `sync --watch` that runs, and the lines that it prints: with `--json`, unless it is asked for its words.
final class Watch: Sendable {
    let child: Child
    private let output: Int32
    private let errors: Int32

    init(
        _ device: Device, _ arguments: String..., isForPeople: Bool = false, environment: [String: String] = [:]
    ) throws {
        let (pipe, talk) = (try CleanPipe(), try CleanPipe())
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        child = try Program.client.start(
            ["sync", "--watch"] + (isForPeople ? [] : ["--json"]) + arguments,
            device.environment.merging(environment) { $1 }, input: null, output: pipe.writing, errors: talk.writing)
        close(pipe.writing)
        close(talk.writing)
        (output, errors) = (pipe.reading, talk.reading)
    }

    /// The next line: what a sync did.
    func next() async throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(await line().utf8)) as? [String: Any])
    }

    /// The next line as it is.
    func line() async -> String { await Self.line(output) }

    /// The next line of talk.
    func remark() async -> String { await Self.line(errors) }

    /// What is left of the talk; to be called at the end.
    func remarks() -> [String] { CleanPipe.text(errors).split(separator: "\n").map(String.init) }

    private static func line(_ descriptor: Int32) async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var (bytes, byte) = ([UInt8](), UInt8(0))
                while read(descriptor, &byte, 1) == 1, byte != UInt8(ascii: "\n") { bytes.append(byte) }
                continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
            }
        }
    }

    /// Presses Ctrl-C.
    func stop() async -> Int32 {
        kill(child.id, SIGINT)
        return await child.end()
    }

    deinit {
        close(output)
        close(errors)
    }
}
