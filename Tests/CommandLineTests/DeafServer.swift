import Foundation
import Glibc
import Testing

/// Listens on a free loopback port, takes connections, and never answers.
final class DeafServer: Sendable {
    let url: String
    private let descriptor: Int32

    init() throws {
        (descriptor, url) = try Loopback.listen()
    }

    /// Returns once a request has arrived.
    func accepted() async throws {
        let descriptor = descriptor
        let count = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let connection = accept(descriptor, nil, nil)
                var byte: UInt8 = 0
                continuation.resume(returning: recv(connection, &byte, 1, 0))
            }
        }
        try #require(count == 1)
    }

    deinit { close(descriptor) }
}

extension FileHandle {
    /// Takes the lock on the file at `path`, as a process that syncs does.
    static func lock(_ path: String) -> FileHandle? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}

extension DeafServer {
    /// Runs a command that asks this server, and presses Ctrl-C once it asks.
    ///
    /// - Returns: its status.
    func interrupting(_ arguments: [String], on device: Device) async throws -> Int32 {
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        let child = try Program.client.start(arguments, device.environment, input: null, output: null, errors: null)
        try await accepted()
        kill(child.id, SIGINT)
        return await child.end()
    }
}
