import ConformanceChecks
import Foundation
import SyncCore
import SyncPorts
import SyncProtocol
import SyncTestKit
import Synchronization
import Testing

@Suite("The conformance checks")
struct ConformanceTests {
    @Test("our server conforms in all of them, and none is left out")
    func ours() async throws {
        let own = try await OwnServer()
        let verdicts = try await own.run(Check.all, by: DirectTransport(server: own.server))
        for check in Check.all { #expect(verdicts[check.name] == .conforms, "\(check.name)") }
        #expect(verdicts.count == Check.all.count, "two checks have one name")
    }

    @Test("what a server lacks is not tested, and said so")
    func lacking() async throws {
        let own = try await OwnServer()
        var poor = DirectTransport(server: own.server)
        poor.fault.answer = { request, answer in
            answer.change("heads") { _ in .array([]) }
            answer.change("library") { $0.setting("newsletters", .array([])).setting("wordings", .array([])) }
            guard request.url.contains(Route.watch) else { return }
            let problem = Problem(.notFound, "no such path")
            answer = HTTPResponse(
                status: 404, headers: [HTTPHeader("Content-Type", Route.problem)],
                body: (try? WireCodec.encode(problem)) ?? Data(), effectiveURL: request.url)
        }
        let names: Set = ["hello", "tiles", "wording", "subscribing", "watch"]
        let verdicts = try await own.run(Check.all.filter { names.contains($0.name) }, by: poor)
        for name in names.subtracting(["hello"]) {
            guard case .notTested = verdicts[name] else {
                Issue.record("\(name): \(String(describing: verdicts[name]))")
                continue
            }
        }
    }

    @Test("a server that does something else is found out", arguments: FaultyServer.all)
    func faults(faulty: FaultyServer) async throws {
        let own = try await OwnServer()
        var transport = DirectTransport(server: own.server)
        transport.fault = faulty.fault
        let checks = Check.all.filter { faulty.breaks.contains($0.name) }
        #expect(checks.count == faulty.breaks.count, "no such check")
        let verdicts = try await own.run(checks, by: transport)
        for name in faulty.breaks {
            guard case .differs = verdicts[name] else {
                Issue.record("\(name): \(String(describing: verdicts[name]))")
                continue
            }
        }
    }

    @Test("without a greeting or a good token nothing else is asked")
    func necessary() async throws {
        let own = try await OwnServer()
        let asked = Asked()
        var transport = DirectTransport(server: own.server)
        transport.fault.answer = { request, answer in
            asked.add(request.url)
            answer = .problem(.unauthorized, request)
        }
        let verdicts = try await own.run(Check.all, by: transport)
        #expect(asked.count == 1)
        #expect(verdicts.values.count { if case .notTested = $0 { true } else { false } } == Check.all.count - 1)
    }

    @Test("every check fails for some faulty server above")
    func complete() {
        let broken = Set(FaultyServer.all.flatMap(\.breaks))
        #expect(Set(Check.all.map(\.name)).subtracting(broken).isEmpty)
    }

    @Test("whatever the check, an answer that openapi.json does not describe is found out")
    func undescribed() async throws {
        let own = try await OwnServer()
        var transport = DirectTransport(server: own.server)
        transport.fault.answer = { _, answer in answer.change("remaining") { _ in .string("none") } }
        let verdicts = try await own.run(Check.all.filter { $0.name == "push" }, by: transport)
        guard case .differs(let problem) = verdicts["push"] else {
            Issue.record("\(verdicts)")
            return
        }
        #expect(problem.contains("openapi.json") && problem.contains("/remaining"))
    }
}

extension JSONValue {
    func setting(_ name: String, _ value: JSONValue) -> JSONValue {
        guard case .object(var members) = self else { return self }
        members[name] = value
        return .object(members)
    }
}

/// What was asked for.
private final class Asked: Sendable {
    private let urls = Mutex<[String]>([])
    var count: Int { urls.withLock { $0.count } }

    func add(_ url: String) { urls.withLock { $0.append(url) } }
}
