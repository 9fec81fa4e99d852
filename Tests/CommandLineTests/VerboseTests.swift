import Foundation
import Testing

@testable import ReaderSyncCLI

@Suite("What is asked of the network: --verbose")
struct VerboseTests {
    @Test(
        "an address is told without what could be a secret",
        arguments: [
            ("https://ann:pw@h.example/a/feed?token=1#x", "https://h.example/a/feed?…"),
            ("http://h:80/private/9f8a7b6c5d4e3f2a1b0c/feed", "http://h:80/private/…/feed"),
            ("https://h/2026/11/the-night-librarian-2.xml", "https://h/2026/11/the-night-librarian-2.xml"),
            ("https://h", "https://h"), ("https://h?q", "https://h?…"), ("nonsense", "…"),
            ("https://h/notifications-and-acknowledgements", "https://h/notifications-and-acknowledgements"),
        ])
    func addresses(_ url: String, _ expected: String) {
        #expect(RequestTrace.withoutSecrets(url) == expected)
    }

    @Test("a sync tells each request on standard error: method, address, status, bytes, time; never the token")
    func lines() async throws {
        let server = try await Server.start()
        let device = try await Device.loggedIn(to: server, server.tokens[0])
        let outcome = try await device.done("sync", "--verbose")
        let lines = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("POST ") || $0.hasPrefix("GET ") }
        #expect(
            lines.contains { $0.hasPrefix("POST \(server.url)/v1/sync → 200, ") && $0.hasSuffix(" ms") }, "\(lines)")
        #expect(!outcome.errors.contains(server.tokens[0]))
        #expect(try await !device.done("sync").errors.contains("/v1/sync"))
    }

    @Test("with --json each request is a document on a line, and the error comes last")
    func documents() async throws {
        let device = try await Synced.device()
        let outcome = try await device.run(
            "sync", "--verbose", "--json", environment: ["READER_SYNC_TOKEN": "any-token-at-all"])
        #expect(outcome.status == 4)
        let lines = outcome.errors.split(separator: "\n")
        #expect(lines.count >= 2 && lines.dropLast().allSatisfy { $0.hasPrefix("{\"request\":") })
        #expect(lines.last?.hasPrefix("{\"error\":") == true)
    }

    @Test("a feed's requests are told too, and --quiet beside it is refused")
    func feeds() async throws {
        let host = try FeedHost()
        host.publish("/feed?key=abc", feed: host.rss([("a1", "Tide Tables")]))
        let device = try Device()
        let outcome = try await device.done("add", host.url + "/feed?key=abc", "-v")
        #expect(outcome.errors.contains("GET \(host.url)/feed?… → 200"))
        #expect(try await device.run("sync", "-v", "-q").status == 2)
    }
}
