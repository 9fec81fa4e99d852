import Foundation
import Glibc
import Testing

@testable import ReaderSyncCLI

@Suite("A program that is not trusted")
struct BoundedProgramTests {
    private static let limits = BoundedProgram.Limits(seconds: 60, memory: 64 << 20, output: 1 << 16)
    /// What a script waits for that wants to be limited: its parent sets the limits once it runs.
    private static let limited = "until [ \"$(ulimit -v)\" = 65536 ] && [ \"$(ulimit -t)\" = 60 ]; do :; done; "

    private func run(
        _ script: String, limits: BoundedProgram.Limits = Self.limits, input: String = "/dev/null"
    ) -> String? {
        let file = open(input, O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        let program = BoundedProgram(path: "/bin/sh", limits: limits)
        return program.run(["-c", script], input: file).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("its output is had once it ended well; a failure, a crash and a program that is not there are none")
    func outcome() {
        #expect(run("cat", input: "/proc/self/comm")?.isEmpty == false)
        #expect(run("echo made") == "made\n")
        #expect(run("echo made; exit 1") == nil)
        #expect(run("echo made; kill -SEGV $$") == nil)
        let absent = BoundedProgram(path: "/nowhere/img2sixel", limits: Self.limits)
        #expect(absent.run([], input: STDIN_FILENO) == nil)
    }

    @Test("it knows nothing of our environment and shows nothing on our error stream")
    func surroundings() {
        let program = BoundedProgram(path: "/usr/bin/env", limits: Self.limits)
        #expect(program.run([], input: STDIN_FILENO) == [])
        #expect(run("readlink /proc/self/fd/2") == "/dev/null\n")
    }

    @Test("it writes no file and leaves no core, and what asks for more memory than it may have fails")
    func narrowness() throws {
        let folder = try TemporaryFolder()
        #expect(run(Self.limited + "ulimit -c; ulimit -f") == "0\n0\n")
        #expect(run(Self.limited + "echo text > \(folder.path)/file") == nil)
        #expect(run(Self.limited + "dd if=/dev/zero of=/dev/null bs=16M count=1") == "")
        #expect(run(Self.limited + "dd if=/dev/zero of=/dev/null bs=128M count=1") == nil)
    }

    @Test("what writes without end, and what never ends, is ended")
    func endless() {
        #expect(run("while :; do echo text; done") == nil)
        var limits = Self.limits
        limits.seconds = 1
        #expect(run("while :; do :; done", limits: limits) == nil)
        #expect(run("exec >&-; while :; do :; done", limits: limits) == nil)
    }

    @Test("a stop ends what runs, and nothing runs after it")
    func stop() async throws {
        let folder = try TemporaryFolder()
        let program = BoundedProgram(path: "/bin/sh", limits: Self.limits)
        async let output = withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
                continuation.resume(
                    returning: program.run(["-c", "mkdir \(folder.path)/began; while :; do :; done"], input: null))
                close(null)
            }
        }
        while !FileManager.default.fileExists(atPath: folder.path + "/began") { await Task.yield() }
        program.stop()
        #expect(await output == nil)
        #expect(program.run(["-c", "echo made"], input: STDIN_FILENO) == nil)
    }
}
