public import SyncCore
public import SyncPorts
import SyncProtocol
public import SyncTestKit

/// A server, and what is needed to hold it against the protocol.
public struct Subject: Sendable {
    /// Where it answers, without a slash at the end.
    public var baseURL: String
    /// A token of a reader. Checks write to its log.
    public var token: String
    /// A token of another reader; without it nothing is said of how readers are kept apart.
    public var otherToken: String?

    /// Makes one.
    public init(baseURL: String, token: String, otherToken: String? = nil) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        (self.token, self.otherToken) = (token, otherToken)
    }
}

/// What implementations are held against: the files of `Protocol/`.
public struct Reference: Sendable {
    /// `openapi.json`: every answer is held against it, whatever the check.
    public var api: APIDescription
    /// `vectors/codec.json`.
    public var codec: JSONValue
    /// `vectors/merge.json`.
    public var merge: JSONValue

    /// Reads the files.
    ///
    /// - Parameter folder: the path of `Protocol`.
    public init(folder: String) throws {
        api = try APIDescription(contentsOf: folder + "/openapi.json")
        codec = try APIDescription.value(contentsOf: folder + "/vectors/codec.json")
        merge = try APIDescription.value(contentsOf: folder + "/vectors/merge.json")
    }
}

/// Holds a server against the protocol, from outside, as a client would.
public struct Conformance: Sendable {
    let subject: Subject
    let reference: Reference
    let transport: any HTTPTransport
    let random: any RandomSource

    /// Makes a run.
    ///
    /// - Parameter random: gives the checks' replicas and articles their ids, so that they meet none of earlier runs.
    public init(subject: Subject, reference: Reference, transport: any HTTPTransport, random: any RandomSource) {
        (self.subject, self.reference, self.transport, self.random) = (subject, reference, transport, random)
    }

    /// Runs checks one after the other; none after one that is necessary and does not conform.
    ///
    /// - Parameter observe: told of each finding as it is made; not of checks that were not begun.
    public func run(_ checks: [Check] = Check.all, observe: (Finding) -> Void = { _ in }) async -> [Finding] {
        var conversation = Conversation(subject, reference, transport, random)
        var findings: [Finding] = []
        var missing: Check?
        for check in checks {
            if let missing {
                let reason = "without '\(missing.name)' nothing can be said"
                findings.append(Finding(check: check, verdict: .notTested(reason)))
                continue
            }
            let finding = Finding(check: check, verdict: await verdict(of: check, &conversation))
            if check.isNecessary, finding.verdict != .conforms { missing = check }
            observe(finding)
            findings.append(finding)
        }
        return findings
    }

    private func verdict(of check: Check, _ conversation: inout Conversation) async -> Finding.Verdict {
        do {
            conversation.exchanges = 0
            try await check.work(&conversation)
            return conversation.exchanges > 0 ? .conforms : .differs("the check asked nothing; that is a defect of it")
        } catch let end as CheckEnd {
            switch end {
            case .differs(let problem): return .differs(problem)
            case .notTested(let reason): return .notTested(reason)
            }
        } catch let error as TransportError {
            return .differs("no answer: \(error)")
        } catch let problem as Problem {
            return .differs("answered \(problem.status) \(problem.type): \(problem.detail)")
        } catch {
            return .differs("cannot be read: \(error)")
        }
    }
}
