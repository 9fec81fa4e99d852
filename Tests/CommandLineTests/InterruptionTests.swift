import Foundation
import Glibc
import SQLiteReplica
import Testing

/// Takes one connection, answers with half of what it announces, and falls silent.
private final class HalfServer: Sendable {
    let url: String
    private let descriptor: Int32

    init() throws { (descriptor, url) = try Loopback.listen() }

    deinit { close(descriptor) }

    /// Returns once the half has been sent.
    func answered(_ half: String) async throws {
        let descriptor = descriptor
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
        let isSent = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let connection = accept(descriptor, nil, nil)
                var byte: UInt8 = 0
                let isAsked = recv(connection, &byte, 1, 0) == 1
                let count = send(connection, head + half, (head + half).utf8.count, Int32(MSG_NOSIGNAL))
                continuation.resume(returning: isAsked && count > 0)
            }
        }
        try #require(isSent)
    }
}

@Suite("Ctrl-C in the middle of an answer")
struct InterruptionTests {
    /// Runs `sync` against a server that answers half, presses Ctrl-C, and looks at what is left.
    private func interrupt(_ device: Device, _ server: HalfServer, half: String) async throws {
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        let child = try Program.client.start(
            ["sync"], device.environment.merging(["READER_SYNC_TOKEN": "t"]) { $1 }, input: null, output: null,
            errors: null)
        try await server.answered(half)
        kill(child.id, SIGINT)
        #expect(await child.end() == 130)
        #expect(try Replica(opening: device.replica).checkIntegrity() == [])
    }

    @Test("of the server: the sync ends with 130, and the replica is whole")
    func server() async throws {
        let server = try HalfServer()
        let device = try Device()
        try await device.done("init", "--server", server.url)
        try await interrupt(device, server, half: "{\"entries\":")
    }

    @Test("of a feed: the sync ends with 130, and the replica is whole")
    func feed() async throws {
        let server = try HalfServer()
        let device = try Device()
        let list = "<opml version='2.0'><body><outline text='F' type='rss' xmlUrl='\(server.url)/f'/></body></opml>"
        try await device.done("feeds", "import", "-", input: list)
        try await interrupt(device, server, half: "<rss version='2.0'><channel><title>Half")
        #expect(try await device.articles().isEmpty)
    }
}
