import Foundation
import SyncCore
import SyncTestKit
import Testing

@testable import SyncSimulation

/// The specification's own vectors, put to the naive model.
@Suite("The naive model and the specification's vectors")
struct NaiveVectorTests {
    private struct Vectors<Case: Decodable>: Decodable {
        var cases: [Case]
    }

    private struct LineCase: Decodable {
        var name, base, first, second, text: String
        var secondIsLater, overlaps: Bool
    }

    private struct MergeCase: Decodable {
        struct Entry: Decodable {
            struct Wording: Decodable {
                var version, hash, policy, terms, surface: String
            }
            var sequence, number, seen: UInt64
            var replica, field: String
            var stamp: [Int64]
            var also: [UInt64]?
            var value: CodableJSON
            var by, base, newsletter, consent: String?
            var wording: Wording?
        }
        struct Shown: Decodable {
            var kind: String
            var value: CodableJSON
            var winner: UInt64
        }
        var name: String
        var entries: [Entry]
        var outcome: Shown
        var versions: [UInt64]
    }

    private func cases<Case: Decodable>(_ file: String, of: Case.Type) throws -> [Case] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Protocol/vectors")
        return try JSONDecoder().decode(
            Vectors<Case>.self, from: Data(contentsOf: root.appending(path: file))
        ).cases
    }

    @Test("the model merges lines as lines.json has it")
    func lines() throws {
        let cases = try cases("lines.json", of: LineCase.self)
        #expect(cases.count >= 14)
        for one in cases {
            let merged = NaiveLines.merge(base: one.base, one.first, one.second, secondIsLater: one.secondIsLater)
            #expect(merged.text.utf8.elementsEqual(one.text.utf8), "\(one.name)")
            #expect(merged.overlaps == one.overlaps, "\(one.name)")
        }
    }

    @Test("the model shows what merge.json says")
    func merge() throws {
        let cases = try cases("merge.json", of: MergeCase.self)
        #expect(cases.count >= 54)
        for one in cases {
            var model = NaiveReader()
            var names: [UInt64: ChangeID] = [:]
            for entry in one.entries {
                let change = try change(entry)
                names[entry.sequence] = change.id
                model.append(
                    LogEntry(sequence: entry.sequence, received: WallTime(milliseconds: 0), change: change))
            }
            let key = try #require(model.keys.first)
            let outcome = try #require(model.shown(key, pending: []))
            #expect(outcome.standing.rawValue == one.outcome.kind, "\(one.name)")
            #expect(main(outcome.value) == one.outcome.value.value, "\(one.name)")
            #expect(outcome.winner == names[one.outcome.winner], "\(one.name)")
            #expect(outcome.competing == one.versions.compactMap { names[$0] }, "\(one.name)")
        }
    }

    private func change(_ entry: MergeCase.Entry) throws -> Change {
        let field = try #require(Field(text: entry.field))
        let entity: Entity =
            if let name = entry.newsletter {
                .newsletter(try RandomReaderLog.name(name))
            } else if let name = entry.consent {
                .consent(try RandomReaderLog.name(name))
            } else if field == .ageConfirmed {
                .reader
            } else {
                .article(ArticleID(digest: .zero))
            }
        let stamp = HybridTimestamp(milliseconds: entry.stamp[0], counter: UInt16(entry.stamp[1]))
        let replica = try #require(ReplicaID(entry.replica))
        let key = try #require(RegisterKey(entity, field))
        let change = Change(
            id: ChangeID(replica: replica, number: entry.number), stamp: stamp,
            seen: SeenContext(through: entry.seen, also: entry.also ?? []), key: key,
            value: try value(entry, of: field))
        return try #require(change, "\(entry)")
    }

    private func value(_ entry: MergeCase.Entry, of field: Field) throws -> Value {
        switch (field, entry.value.value) {
        case (.read, .bool(let isRead)):
            let origin = try #require(MarkOrigin(text: entry.by ?? "explicit"))
            return .read(isRead, by: origin)
        case (.note, .string(let text)): return .note(text, base: entry.base ?? "")
        case (.frequency, .string(let name)): return .frequency(Cadence(try RandomReaderLog.name(name)))
        case (.progress, .integer(let points)): return .progress(Int(points))
        case (.consent, .bool(let isGiven)):
            let wording = try #require(entry.wording)
            let terms = ConsentTerms(
                wordingVersion: wording.version, wordingHash: wording.hash, policyVersion: wording.policy,
                termsVersion: wording.terms, surface: wording.surface)
            return .consent(isGiven, terms)
        case (.other, let json): return .other(json)
        case (_, .bool(let isOn)): return .flag(isOn)
        default: throw RandomReaderLog.NoName()
        }
    }

    private func main(_ value: Value) -> JSONValue {
        switch value {
        case .read(let isOn, _), .flag(let isOn), .consent(let isOn, _): .bool(isOn)
        case .progress(let points): .integer(Int64(points))
        case .note(let text, _): .string(text)
        case .frequency(let cadence): .string(cadence.name.text)
        case .other(let json): json
        }
    }
}
