import SyncCore
import SyncPorts
import SyncProtocol

/// Who may ask, and what there is to ask for.
extension Check {
    static let greeting: [Check] = [
        Check("hello", "§5", "greets without a token and speaks version 1", isNecessary: true) { talk in
            let hello = try talk.read(
                try await talk.send("GET", Route.hello, as: .none), as: HelloResponse.self)
            try require(hello.protocols.contains(Limits.protocolVersion), "speaks \(hello.protocols) only")
            try require(hello.time.milliseconds > 1_500_000_000_000, "its clock is \(hello.time.milliseconds)")
            talk.time = hello.time
        },
        Check("token", "§5", "takes the token that the checks were given", isNecessary: true) { talk in
            // Where the log ends now; its beginning may have been compacted away.
            talk.head = try await talk.snapshotPage(nil).cursor
            _ = try await talk.replica()
        },
        Check("paths", "§5", "has nothing elsewhere: not_found, method_not_allowed with Allow") { talk in
            for path in ["/v1/nothing", "/v1", "/v1/publications/p/g/tiles/x", "/v1/publications/a%20b/g/tail?from=0"] {
                try talk.expect(.notFound, try await talk.send("GET", path))
            }
            for operation in [Route.Operation.hello, .sync, .snapshot, .common, .restore] {
                let method = operation.method == "GET" ? "POST" : "GET"
                let answer = try await talk.send(method, operation.template)
                try talk.expect(.methodNotAllowed, answer)
                try require(answer.header("allow") == operation.method, "\(operation.rawValue): Allow is missing")
            }
        },
        Check("tokens", "§5", "turns away who has no token, another one, or one that is too long") { talk in
            var replica = Replica(id: ReplicaID(rawValue: 1), cursor: .origin)
            let body = try WireCodec.encode(
                replica.request([WireChange(try talk.mark(&replica), reference: { _ in nil })]))
            let tokens: [Conversation.Credential] = [
                .none, .text("x"), .text(talk.subject.token + "x"),
                .text(String(repeating: "t", count: Limits.tokenBytes + 1)),
            ]
            for credential in tokens {
                for operation in [Route.Operation.sync, .snapshot] {
                    let isPost = operation.method == "POST"
                    let answer = try await talk.send(
                        operation.method, operation.template, body: isPost ? body : nil, as: credential)
                    try talk.expect(.unauthorized, answer)
                    try require(
                        answer.header("www-authenticate") != nil, "WWW-Authenticate is missing (RFC 9110 §11.6.1)")
                }
            }
        },
        Check("version", "§5", "tells who speaks another version so") { talk in
            let request = try JSONValue(Replica(id: ReplicaID(rawValue: 1), cursor: .origin).request())
            let other = request.setting("protocol", .integer(2))
            try talk.expect(.versionMismatch, try await talk.post(Route.sync, other))
        },
        Check("readers", "§1", "keeps readers apart") { talk in
            guard talk.subject.otherToken != nil else {
                throw CheckEnd.notTested("give the token of another reader: --other-token")
            }
            var mine = try await talk.replica()
            var other = Replica(
                id: ReplicaID(rawValue: talk.random.next()), cursor: try await talk.snapshotPage(nil, as: .other).cursor
            )
            _ = try await talk.sync(&mine, push: [try talk.mark(&mine)])
            let entries = try await talk.sync(&other, as: .other).entries.elements
            try require(!entries.contains { $0.whole?.author == mine.id }, "one reader sees another's changes")
            try talk.expect(.prefixMismatch, try await talk.post(Route.sync, mine.request(), as: .other))
        },
    ]
}
