import struct FoundationEssentials.Data
import Gzip
import SyncCore
import SyncPorts
import SyncProtocol

/// How bodies are packed (§5).
extension Check {
    private static let gzipLevel = 6

    static let bodies: [Check] = [
        Check("packed-answers", "§5", "packs answers for who takes gzip, and not for others") { talk in
            var writer = try await talk.replica()
            _ = try await talk.sync(&writer, push: (0..<50).map { _ in try talk.mark(&writer) })
            let plain = try await talk.send("GET", Route.snapshot, [HTTPHeader("Accept-Encoding", "identity")])
            try require(plain.header("content-encoding") == nil, "packed for who takes identity alone")
            let packed = try await talk.send("GET", Route.snapshot, [HTTPHeader("Accept-Encoding", "gzip")])
            try require(
                packed.header("content-encoding") == "gzip",
                "\(plain.body.count) bytes are not packed for who takes gzip")
            try require(packed.body == plain.body, "the packed answer is another")
            let refused = try await talk.send("GET", Route.snapshot, [HTTPHeader("Accept-Encoding", "gzip;q=0")])
            try require(refused.header("content-encoding") == nil, "packed for who refuses gzip (RFC 9110 §12.5.3)")
        },
        Check("packed-requests", "§5", "takes a request's body as gzip") { talk in
            var replica = try await talk.replica()
            let changes = try (0..<20).map { _ in WireChange(try talk.mark(&replica), reference: { _ in nil }) }
            let body = try WireCodec.encode(replica.request(changes))
            let packed = try require(Gzip.packed(body, level: gzipLevel), "nothing packs here")
            let answer = try talk.read(
                try await talk.send("POST", Route.sync, [HTTPHeader("Content-Encoding", "gzip")], body: packed),
                as: SyncResponse.self)
            try require(answer.entries.elements.map(\.own) == (1...20).map { $0 }, "its changes were not taken")
            talk.head = answer.cursor
        },
        Check("packed-wrong", "§5", "refuses a damaged gzip body, two members, and another coding") { talk in
            let request = try WireCodec.encode(Replica(id: ReplicaID(rawValue: 1), cursor: .origin).request())
            let packed = try require(Gzip.packed(request, level: gzipLevel), "nothing packs here")
            let gzip = [HTTPHeader("Content-Encoding", "gzip")]
            try talk.expect(.malformed, try await talk.send("POST", Route.sync, gzip, body: request))
            for body in [packed.dropLast(9), packed + packed] {
                let answer = try await talk.send("POST", Route.sync, gzip, body: Data(body))
                // Where the length is read from the end, a damaged body may seem to be a large one.
                try require([400, 413].contains(answer.status), "answered \(answer.status) to a damaged body")
            }
            let answer = try await talk.send(
                "POST", Route.sync, [HTTPHeader("Content-Encoding", "br")], body: packed)
            try talk.expect(.unsupportedMedia, answer)
        },
        Check("media-type", "§5", "refuses a body of another media type") { talk in
            let request = try WireCodec.encode(Replica(id: ReplicaID(rawValue: 1), cursor: .origin).request())
            let answer = try await talk.send(
                "POST", Route.sync, [HTTPHeader("Content-Type", "text/plain")], body: request)
            try talk.expect(.unsupportedMedia, answer)
        },
        Check("bomb", "§5, §9", "refuses a small body that would become a large one") { talk in
            let packed = try require(
                Gzip.packed(Data(repeating: 32, count: 8 * Limits.requestBytes), level: gzipLevel), "nothing packs here"
            )
            let answer = try await talk.send(
                "POST", Route.sync, [HTTPHeader("Content-Encoding", "gzip")], body: packed)
            try talk.expect(.tooLarge, answer)
        },
    ]
}
