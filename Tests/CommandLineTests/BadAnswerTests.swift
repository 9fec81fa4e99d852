import SQLiteReplica
import Testing

@Suite("A sync that gets a bad answer")
struct BadAnswerTests {
    /// Syncs a device with a mark against a server that gives `answer`, then with nobody there.
    private func sync(_ answer: String) async throws -> Outcome {
        let server = try BadAnswerServer(answer)
        let device = try await Synced.device()
        try await device.done("save", try await device.articles()[0])
        let replica = try Replica(opening: device.replica)
        try replica.setRemote(server.url)
        try replica.close()
        let outcome = try await device.run("sync", environment: ["READER_SYNC_TOKEN": "any-token-at-all"])
        #expect(try await device.done("status", "--json").json()["pending"] as? Int == 1)
        withExtendedLifetime(server) {}
        return outcome
    }

    @Test("that is cut short ends with 4 and says that the changes are kept")
    func truncated() async throws {
        let outcome = try await sync(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{\"time\":1")
        #expect(outcome.status == 4)
        #expect(outcome.errors.contains("before the answer was complete"))
        #expect(outcome.errors.contains("your changes are kept"))
    }

    @Test("of 503 with a long Retry-After ends with 4 at once and says when to come back")
    func busy() async throws {
        let outcome = try await sync("HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n")
        #expect(outcome.status == 4)
        #expect(outcome.errors.contains("3600 s"))
    }

    @Test("from a login page of the network ends with 7 and says what it may be")
    func captivePortal() async throws {
        let outcome = try await sync("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nlogin")
        #expect(outcome.status == 7)
        #expect(outcome.errors.contains("asks for a login first"))
    }
}
