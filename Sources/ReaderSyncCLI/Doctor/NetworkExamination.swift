import FeedFormats
import HTTPRemote
import SQLiteReplica
import SyncCore
import SyncPorts

/// What the server says.
struct NetworkExamination: Sendable {
    private let context: Context

    init(_ context: Context) {
        self.context = context
    }

    /// Nothing where there is no replica, or no server.
    ///
    /// - Throws: `CancellationError` if the task is cancelled, which says nothing of the server.
    func findings() async throws -> [Diagnosis] {
        guard let replica = try? Replica(opening: context.path, for: .reading), let server = try? replica.remote()
        else {
            return []
        }
        let answer: HTTPResponse
        do {
            answer = try await context.transport.send(
                HTTPRequest(url: server + "/v1/hello", maximumBodyBytes: 1 << 16, deadline: .seconds(15)))
        } catch {
            if error.code == .cancelled { throw CancellationError() }
            return [
                .fail(
                    "server", "\(server) cannot be reached: \(error.detail)",
                    "check the network; 'doctor --offline' leaves it out", status: .offline)
            ]
        }
        var findings: [Diagnosis] = []
        findings.append(
            answer.status == 200
                ? .ok("server", "\(server) answers")
                : .fail("server", "\(server) answers with \(answer.status)", "check the address", status: .refused))
        if let skew = skew(answer) { findings.append(skew) }
        findings.append(try await token(server, replica))
        return findings
    }

    /// The Date field (RFC 9110 §6.6.1) against this machine's clock. It has seconds only.
    private func skew(_ answer: HTTPResponse) -> Diagnosis? {
        guard let text = answer.header("Date"), let time = FeedDate.parse(text)?.milliseconds else { return nil }
        let ahead = context.now.milliseconds - time
        let seconds = abs(ahead) / 1_000
        guard abs(ahead) > LocalExamination.tolerableSkew else {
            return .ok("clock", "within \(seconds + 1) s of the server's")
        }
        return .warn(
            "clock", "this machine's is \(seconds) s \(ahead > 0 ? "ahead of" : "behind") the server's",
            "set it; until then your marks are stamped by the server's clock")
    }

    private func token(_ server: String, _ replica: Replica) async throws -> Diagnosis {
        let login = context.command("login \(server)")
        do {
            let file = TokenFile(files: context.files, replica: context.path)
            guard let token = try file.token(for: server, environment: Context.environment) else {
                return .fail("token", "there is none for \(server)", login, status: .refused)
            }
            let remote = try HTTPRemote(
                baseURL: server, token: token, transport: context.transport, directory: replica)
            _ = try await remote.commonCursor(of: [])
            return .ok("token", "the server takes it")
        } catch {
            if Task.isCancelled { throw CancellationError() }
            var finding = Diagnosis("token", error)
            if finding.status == .refused { finding.remedy = login }
            return finding
        }
    }
}
