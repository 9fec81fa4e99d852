import struct FoundationEssentials.Data
import SyncCore
import SyncPorts
import SyncProtocol
import SyncTestKit

/// What the checks have with the server. Every answer is held against `openapi.json`.
struct Conversation: Sendable {
    let subject: Subject
    let reference: Reference
    let transport: any HTTPTransport
    let random: any RandomSource
    /// How many requests were answered since this was set to 0.
    var exchanges = 0
    /// The newest end of the log that was seen: where replicas begin that need not know what came before.
    var head = StateCursor.origin
    /// The server's clock, as of the newest answer that told it.
    var time = WallTime(milliseconds: 0)

    init(_ subject: Subject, _ reference: Reference, _ transport: any HTTPTransport, _ random: any RandomSource) {
        (self.subject, self.reference, self.transport, self.random) = (subject, reference, transport, random)
    }

    /// Which token a request carries.
    enum Credential {
        case own
        case other
        case none
        case text(String)
    }

    /// Sends a request as it is.
    mutating func send(
        _ method: String, _ path: String, _ headers: [HTTPHeader] = [], body: Data? = nil,
        as credential: Credential = .own, within deadline: Duration = .seconds(60)
    ) async throws -> HTTPResponse {
        var fields = headers
        switch credential {
        case .own: fields.append(HTTPHeader("Authorization", "Bearer " + subject.token))
        case .other: fields.append(HTTPHeader("Authorization", "Bearer " + (subject.otherToken ?? "")))
        case .text(let token): fields.append(HTTPHeader("Authorization", "Bearer " + token))
        case .none: break
        }
        if body != nil, !fields.contains(where: { $0.name == "Content-Type" }) {
            fields.append(HTTPHeader("Content-Type", Route.json))
        }
        let answer = try await transport.send(
            HTTPRequest(
                method: method, url: subject.baseURL + path, headers: fields, body: body,
                maximumBodyBytes: Limits.responseBytes, deadline: deadline))
        exchanges += 1
        // Bodies that are packed or broken on purpose are not read; what comes back is.
        let found = reference.api.violations(
            of: method, String(path.prefix { $0 != "?" }), body: nil, answer, isClosed: false)
        if let first = found.first {
            throw CheckEnd.differs("\(method) \(path.prefix(60)), \(answer.status): openapi.json: \(first)")
        }
        return answer
    }

    /// The problem with which a request is turned away.
    mutating func expect(_ code: Problem.Code, _ answer: HTTPResponse) throws {
        let found = (try? WireCodec.decode(Problem.self, from: answer.body))?.code
        try require(
            answer.status == code.status && found == code,
            "expected \(code.status) \(code.rawValue), got \(answer.status) \(found?.rawValue ?? "without a problem")")
    }

    /// A message that must be granted.
    mutating func read<Message: JSONReadable>(_ answer: HTTPResponse, as: Message.Type) throws -> Message {
        guard answer.status == 200 else {
            if let problem = try? WireCodec.decode(Problem.self, from: answer.body) { throw problem }
            throw CheckEnd.differs("answered \(answer.status)")
        }
        return try WireCodec.decode(Message.self, from: answer.body)
    }

    /// Posts a message, whatever comes of it.
    mutating func post(
        _ path: String, _ message: some JSONWritable, as credential: Credential = .own
    ) async throws -> HTTPResponse {
        try await send("POST", path, body: try WireCodec.encode(message), as: credential)
    }

    /// Syncs, and has the replica follow the log as far as the answer goes.
    mutating func sync(
        _ replica: inout Replica, push: [Change] = [], catalog: [CatalogHead] = [], as credential: Credential = .own
    ) async throws -> SyncResponse {
        let request = replica.request(push.map { WireChange($0, reference: { _ in nil }) }, catalog: catalog)
        let answer = try read(try await post(Route.sync, request, as: credential), as: SyncResponse.self)
        try require(
            answer.entries.failures.isEmpty, "unreadable: \(answer.entries.failures.first.map { "\($0)" } ?? "")")
        try require(
            answer.remaining == 0 || answer.cursor.sequence > replica.cursor.sequence,
            "\(answer.remaining) entries remain, and the cursor does not move")
        replica.cursor = answer.cursor
        time = answer.time
        if answer.remaining == 0, case .own = credential { head = answer.cursor }
        return answer
    }

    /// A new replica at the newest known end of the log.
    mutating func replica(at cursor: StateCursor? = nil) async throws -> Replica {
        var replica = Replica(id: ReplicaID(rawValue: random.next()), cursor: cursor ?? head)
        guard cursor == nil else { return replica }
        while try await sync(&replica).remaining > 0 {}
        return replica
    }

    /// An article that no log mentions.
    mutating func article() -> Entity {
        .article(ArticleID(digest: Digest128(high: random.next(), low: random.next())))
    }

    /// An article's `saved` as a change of a replica.
    mutating func mark(_ replica: inout Replica) throws -> Change {
        try replica.change(article(), .saved, .flag(true), at: time)
    }
}

/// A replica, as far as a log's keeper sees it.
struct Replica {
    let id: ReplicaID
    var cursor: StateCursor
    /// The number of its newest change.
    var number: UInt64 = 0

    /// The next change that it makes, having seen all that it has.
    mutating func change(
        _ entity: Entity, _ field: Field, _ value: Value, at time: WallTime, seen: SeenContext? = nil,
        extra: [String: JSONValue] = [:]
    ) throws -> Change {
        number += 1
        let stamp = HybridTimestamp(
            milliseconds: max(0, time.milliseconds), counter: UInt16(truncatingIfNeeded: number))
        let change = RegisterKey(entity, field).flatMap {
            Change(
                id: ChangeID(replica: id, number: number), stamp: stamp,
                seen: seen ?? SeenContext(through: cursor.sequence), key: $0, value: value, extra: extra)
        }
        return try require(change, "the check makes a change that is none")
    }

    /// What it asks.
    func request(_ push: [WireChange] = [], catalog: [CatalogHead] = [], names: Bool = false) -> SyncRequest {
        SyncRequest(
            replica: id, cursor: cursor, push: push, catalog: catalog, library: nil, account: nil, names: names)
    }
}

extension WireEntry {
    /// The number of a change of the asking replica's that is told as its own; `nil` for a whole entry.
    var own: UInt64? {
        if case .own(_, let number, _, _) = self { number } else { nil }
    }

    /// Author and change of a whole entry.
    var whole: (author: ReplicaID, change: WireChange)? {
        if case .full(_, _, let author, let change) = self { (author, change) } else { nil }
    }
}

extension JSONValue {
    /// What a message is, as any JSON.
    init(_ message: some JSONWritable) throws {
        self = try WireCodec.decode(JSONValue.self, from: try WireCodec.encode(message))
    }

    /// An object with another value of a member; without it if `value` is `nil`.
    func setting(_ name: String, _ value: JSONValue?) -> JSONValue {
        guard case .object(var members) = self else { return self }
        members[name] = value
        return .object(members)
    }
}
