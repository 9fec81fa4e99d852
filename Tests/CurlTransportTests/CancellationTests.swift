import CurlTransport
import SyncPorts
import Testing

@Suite("cancellation", .timeLimit(.minutes(1)))
struct CancellationTests {
    @Test("a cancelled request ends as cancelled and its connection is closed")
    func hanging() async throws {
        let reached = Signal()
        let closed = Signal()
        try await LoopbackServer.run({ connection in
            if connection.readRequest() != nil { reached.fire() }
            connection.hang()
            closed.fire()
        }) { server in
            let sender = transport()
            let call = Task { try await failure(of: HTTPRequest(url: server.url()), over: sender) }
            await reached.wait()
            call.cancel()
            try await #expect(call.value.code == .cancelled)
            await closed.wait()
        }
    }

    @Test("a task cancelled before it sends sends nothing")
    func before() async throws {
        try await LoopbackServer.answering({ _ in answer() }) { server in
            let gate = Signal()
            let sender = transport()
            let call = Task {
                await gate.wait()
                return try await failure(of: HTTPRequest(url: server.url()), over: sender)
            }
            call.cancel()
            gate.fire()
            try await #expect(call.value.code == .cancelled)
            #expect(server.accepted == 0)
        }
    }

    @Test("cancelling some of many leaves the others alone")
    func some() async throws {
        try await LoopbackServer.run({ connection in
            while let request = connection.readRequest() {
                if request.hasPrefix("GET /hang") { return connection.hang() }
                connection.write(answer("200 OK", [], "x"))
            }
        }) { server in
            let sender = transport { $0.maximumConnectionsPerHost = 16 }
            let hanging = (0..<8).map { _ in
                Task { try await failure(of: HTTPRequest(url: server.url("/hang")), over: sender) }
            }
            let answered = (0..<50).map { _ in
                Task { try await sender.send(HTTPRequest(url: server.url("/fast"))).status }
            }
            for call in answered { try await #expect(call.value == 200) }
            for call in hanging { call.cancel() }
            for call in hanging { try await #expect(call.value.code == .cancelled) }
        }
    }

    @Test("requests cancelled at any moment end one way or the other, each once")
    func race() async throws {
        try await LoopbackServer.answering({ _ in answer("200 OK", [], "x") }) { server in
            let sender = transport()
            for _ in 0..<200 {
                let call = Task {
                    do throws(TransportError) {
                        return try await sender.send(HTTPRequest(url: server.url())).status
                    } catch {
                        return error.code == .cancelled ? 0 : -1
                    }
                }
                await Task.yield()
                call.cancel()
                #expect([0, 200].contains(await call.value))
            }
        }
    }
}
