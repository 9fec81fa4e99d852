import Foundation
import Glibc
import Testing

@Suite("A standard output that takes no more")
struct BrokenOutputTests {
    /// Runs a command with this descriptor as its standard output.
    private func run(
        _ command: [String], on device: Device, output: Int32, _ program: Program = .client
    ) async throws -> (Int32, String) {
        let errors = try CleanPipe()
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer {
            close(null)
            close(errors.reading)
        }
        let child = try program.start(
            command, device.environment, input: null, output: output, errors: errors.writing)
        close(errors.writing)
        let text = CleanPipe.text(errors.reading)
        return (await child.end(), text)
    }

    @Test("a full disk ends every command with 1 and the reason, whatever it prints")
    func full() async throws {
        let device = try await Synced.device()
        let id = try await device.articles()[0]
        try await device.done("save", id)
        let commands = [
            ["list"], ["list", "--json"], ["list", "--format", "{id}"], ["show", id], ["search", "the"], ["status"],
            ["feeds", "export"], ["export", "--state"], ["export", "--state", "--json"], ["export", "--jsonl", "-"],
            ["man"], ["completions", "bash"], ["--help"], ["help", "list"], ["--version"], ["config"],
            ["doctor", "--offline"], ["undo", "--list"], ["watch", "--print-unit"],
        ]
        for command in commands {
            let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
            defer { close(full) }
            let (status, errors) = try await run(command, on: device, output: full)
            #expect(status == 1, "\(command)")
            #expect(errors.contains("standard output: No space left on device"), "\(command): \(errors)")
            #expect(errors.contains("free some space"), "\(command): \(errors)")
        }
    }

    @Test("a full disk ends the server's commands so too")
    func fullOfServer() async throws {
        let device = try Device()
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { close(full) }
        let place = ["--db", device.folder.path + "/server.sqlite"]
        let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { close(null) }
        #expect(try await run(["user", "add", "ann"] + place, on: device, output: null, .server).0 == 0)
        let (status, errors) = try await run(["device", "token", "ann"] + place, on: device, output: full, .server)
        #expect(status == 1 && errors.contains("standard output: No space left on device"), "\(errors)")
    }

    @Test(
        "a reader that has seen enough is no failure, and nothing is said",
        arguments: [
            ["list"], ["list", "--json"], ["man"], ["--help"], ["export", "--all", "--jsonl", "-"],
        ])
    func gone(_ command: [String]) async throws {
        let device = try await Synced.device()
        let pipe = try CleanPipe()
        close(pipe.reading)
        defer { close(pipe.writing) }
        let (status, errors) = try await run(command, on: device, output: pipe.writing)
        #expect(status == 0 && errors.isEmpty, "\(errors)")
    }
}
