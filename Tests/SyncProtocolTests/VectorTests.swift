import Foundation
import SyncCore
import SyncProtocol
import SyncTestKit
import Testing

/// The vectors in `Protocol/vectors`, which any implementation can be held against.
enum Vectors {
    static func load<Content: Decodable>(_ name: String, as type: Content.Type) throws -> Content {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let data = try Data(contentsOf: root.appending(path: "Protocol/vectors/\(name)"))
        return try JSONDecoder().decode(type, from: data)
    }
}

struct AccountVector: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var json: CodableJSON
    var devices: [String: String]

    var testDescription: String { name }
}

struct MergeVector: Decodable, Sendable, CustomTestStringConvertible {
    struct Expected: Decodable {
        var kind: String
        var value: CodableJSON
        var winner: UInt64
        var rule: String?
    }

    var name: String
    var entries: [CodableJSON]
    var outcome: Expected
    var versions: [UInt64]

    var testDescription: String { name }
}

struct LineVector: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var base: String
    var first: String
    var second: String
    var secondIsLater: Bool
    var text: String
    var overlaps: Bool

    var testDescription: String { name }
}

struct CodecVector: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var json: CodableJSON
    var place: String?

    var testDescription: String { name }
}

private struct Cases<Case: Decodable>: Decodable {
    var cases: [Case]
}

private struct CodecCases: Decodable {
    var valid: [CodecVector]
    var invalid: [CodecVector]
}

@Suite("Protocol/vectors")
struct VectorTests {
    @Test("merge.json", arguments: try Vectors.load("merge.json", as: Cases<MergeVector>.self).cases)
    func merge(vector: MergeVector) throws {
        var register = Register()
        for entry in vector.entries {
            let entry = try WireCodec.decode(WireEntry.self, from: try WireCodec.encode(entry.value))
            guard case .full(let sequence, _, let author, let wire) = entry else { continue }
            let change = try #require(wire.change(by: author, resolve: { _, _ in nil }))
            register.apply(change, at: .logged(sequence))
        }
        let outcome = try #require(register.outcome)
        #expect(outcome.kind.rawValue == vector.outcome.kind)
        #expect(outcome.winner.position == .logged(vector.outcome.winner))
        #expect(outcome.rule?.rawValue == vector.outcome.rule)
        #expect(try json(outcome.value, like: outcome.winner.change) == vector.outcome.value.value)
        #expect(register.versions.map(\.position) == vector.versions.map { .logged($0) })
    }

    @Test("every field and every rule has a vector")
    func complete() throws {
        let vectors = try Vectors.load("merge.json", as: Cases<MergeVector>.self).cases
        let rules = Set(vectors.compactMap(\.outcome.rule))
        #expect(rules == Set(MergeRule.allCases.map(\.rawValue)))
        #expect(Set(vectors.map(\.outcome.kind)) == Set(Outcome.Kind.allCases.map(\.rawValue)))
    }

    @Test("lines.json", arguments: try Vectors.load("lines.json", as: Cases<LineVector>.self).cases)
    func lines(vector: LineVector) {
        let result = LineMerge.merge(
            base: vector.base, vector.first, vector.second, secondIsLater: vector.secondIsLater)
        #expect(result == LineMerge.Result(text: vector.text, overlaps: vector.overlaps))
    }

    @Test(
        "lines.json with the sides exchanged",
        arguments: try Vectors.load("lines.json", as: Cases<LineVector>.self).cases)
    func linesExchanged(vector: LineVector) {
        let result = LineMerge.merge(
            base: vector.base, vector.second, vector.first, secondIsLater: !vector.secondIsLater)
        #expect(result == LineMerge.Result(text: vector.text, overlaps: vector.overlaps))
    }

    @Test("account.json", arguments: try Vectors.load("account.json", as: Cases<AccountVector>.self).cases)
    func accounts(vector: AccountVector) throws {
        let account = try WireCodec.decode(WireAccount.self, from: try WireCodec.encode(vector.json.value)).account
        #expect(account.devices == Dictionary(uniqueKeysWithValues: vector.devices.map { (ReplicaID($0)!, $1) }))
        let again = try WireCodec.decode(WireAccount.self, from: try WireCodec.encode(WireAccount(account)))
        #expect(again.account == account)
    }

    @Test("codec.json, what must be read", arguments: try Vectors.load("codec.json", as: CodecCases.self).valid)
    func valid(vector: CodecVector) throws {
        let change = try WireCodec.decode(WireChange.self, from: try WireCodec.encode(vector.json.value))
        let written = try WireCodec.decode(JSONValue.self, from: try WireCodec.encode(change))
        #expect(written == vector.json.value)
    }

    @Test("codec.json, what must be refused", arguments: try Vectors.load("codec.json", as: CodecCases.self).invalid)
    func invalid(vector: CodecVector) throws {
        let bytes = try WireCodec.encode(vector.json.value)
        let error = #expect(throws: WireError.self) { try WireCodec.decode(WireChange.self, from: bytes) }
        if let place = vector.place {
            let text = error?.description ?? ""
            #expect(text.contains(place), "'\(text)' does not name '\(place)'")
        }
    }

    private func json(_ value: Value, like change: Change) throws -> JSONValue {
        let shown = Change(
            id: change.id, stamp: change.stamp, seen: change.seen, key: change.key, value: value, extra: [:])
        let wire = WireChange(try #require(shown), reference: { _ in nil })
        let whole = try WireCodec.decode([String: JSONValue].self, from: try WireCodec.encode(wire))
        return try #require(whole["value"])
    }
}
