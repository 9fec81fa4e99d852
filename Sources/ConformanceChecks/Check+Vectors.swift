import SyncCore
import SyncPorts
import SyncProtocol
import SyncTestKit

/// `Protocol/vectors`, as far as a server shows what it makes of them: which changes it can read, how it gives them back,
/// and which versions a register has. What a register shows, and how notes are merged, is the client's to say.
extension Check {
    static let vectors: [Check] = [
        Check("codec-valid", "codec.json", "reads every valid change, and gives back what it took as it was") { talk in
            for vector in talk.reference.codec["valid"].items {
                let name = vector["name"].text ?? ""
                // The vector's author has pulled what it says it saw, or some of it.
                var (author, reader) = (try await talk.replica(), try await talk.replica())
                author.number = 1
                let seen = vector["json"]["also"] == .null ? author.cursor.sequence : 0
                let change = vector["json"].setting("number", .integer(1)).setting("seen", .integer(Int64(seen)))
                let request = try JSONValue(author.request()).setting("push", .array([change]))
                let answer = try talk.read(try await talk.post(Route.sync, request), as: SyncResponse.self)
                if let refusal = answer.refused.first {
                    try require(refusal.code != "malformed" && refusal.code != "seenAhead", "\(name): \(refusal.code)")
                    continue
                }
                talk.head = answer.cursor
                let pulled = try talk.read(
                    try await talk.post(Route.sync, reader.request()), as: SyncResponse.self)
                reader.cursor = pulled.cursor
                let whole = try require(pulled.entries.elements.last?.whole, "\(name): does not come back")
                try require(try JSONValue(whole.change) == change, "\(name): comes back as another change")
            }
        },
        Check("codec-invalid", "codec.json", "refuses every invalid change, alone if it has a number") { talk in
            for vector in talk.reference.codec["invalid"].items {
                let name = vector["name"].text ?? ""
                let author = try await talk.replica()
                var change = vector["json"]
                let isNumbered = (change["number"].integer ?? 0) > 0
                if isNumbered { change = change.setting("number", .integer(1)) }
                let request = try JSONValue(author.request()).setting("push", .array([change]))
                let answer = try await talk.post(Route.sync, request)
                if isNumbered {
                    let codes = try talk.read(answer, as: SyncResponse.self).refused.map(\.code)
                    try require(codes == ["malformed"], "\(name): refused \(codes)")
                } else {
                    try require(answer.status == 400, "\(name): answered \(answer.status)")
                }
                try await nothingCame(&talk, after: author.cursor)
            }
        },
        Check("merge", "merge.json", "has the versions of every register that can be made on any server") { talk in
            var cases: [MergeCase] = []
            for vector in talk.reference.merge["cases"].items {
                guard let made = try await MergeCase(vector, &talk) else { continue }
                cases.append(made)
            }
            try require(cases.count > 20, "only \(cases.count) cases could be made")
            let snapshot = try await talk.snapshot()
            for made in cases {
                let found = snapshot.versions(of: made.entity).map(\.sequence)
                try require(found == made.versions, "\(made.name): the versions are \(found), not \(made.versions)")
            }
        },
    ]
}

/// A case of `merge.json` that was played on the server under test: an article, and an author for each of the case's.
private struct MergeCase {
    var name: String
    var entity: Entity
    /// Where the versions must stand.
    var versions: [UInt64]

    /// Plays a case; `nil` if it is not about an article. What an entry had seen becomes what stands at those places here.
    init?(_ vector: JSONValue, _ talk: inout Conversation) async throws {
        name = vector["name"].text ?? ""
        entity = talk.article()
        guard case .article(let article) = entity, vector["entries"].items.allSatisfy({ $0["article"] != .null })
        else { return nil }
        var authors: [String: Replica] = [:]
        var places: [UInt64: UInt64] = [:]
        let start = try await talk.replica().cursor.sequence
        for item in vector["entries"].items {
            let entry = try WireCodec.decode(WireEntry.self, from: try WireCodec.encode(item))
            guard case .full(let sequence, _, _, var wire) = entry else { return nil }
            let key = item["replica"].text ?? ""
            var author: Replica
            if let known = authors[key] { author = known } else { author = try await talk.replica() }
            while try await talk.sync(&author).remaining > 0 {}
            author.number += 1
            wire.number = author.number
            wire.entity = .article(.id(article))
            let seen = places.filter { $0.key <= wire.seen.through }.values.max()
            wire.seen = SeenContext(through: seen ?? start, also: wire.seen.also.compactMap { places[$0] })
            let answer = try talk.read(
                try await talk.post(Route.sync, author.request([wire])), as: SyncResponse.self)
            try require(answer.refused.isEmpty, "\(name): \(answer.refused.first?.code ?? "")")
            places[sequence] = try require(answer.entries.elements.last?.sequence, "\(name): no entry came")
            author.cursor = answer.cursor
            talk.head = answer.cursor
            authors[key] = author
        }
        var expected: [UInt64] = []
        for item in vector["versions"].items {
            let place = item.integer.flatMap { places[UInt64($0)] }
            expected.append(try require(place, "\(name): no such place in the vector"))
        }
        versions = expected
    }
}
