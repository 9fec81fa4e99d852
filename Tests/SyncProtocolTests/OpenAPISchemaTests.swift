import Foundation
import SyncCore
import SyncProtocol
import SyncTestKit
import Testing

/// The schemas of messages in `Protocol/openapi.json` say what the codec and the vectors say.
@Suite("Schemas of messages")
struct OpenAPISchemaTests {
    let api: APIDescription

    init() throws { api = try APIDescription.ours.get() }

    private static func vectors(_ name: String) throws -> JSONValue {
        try APIDescription.value(
            Data(contentsOf: URL(filePath: APIDescription.sourceTree + "/Protocol/vectors/" + name)))
    }

    @Test("every valid change of codec.json fits, and is an example")
    func valid() throws {
        let changes = try Self.vectors("codec.json")["valid"].items
        #expect(changes.count > 10)
        for vector in changes {
            #expect(api.violations(of: vector["json"], schema: "Change").isEmpty, "\(vector["name"])")
        }
        #expect(api["/components/schemas/Change/examples"].items == changes.map { $0["json"] })
    }

    @Test("no invalid change of codec.json fits, but for what a schema cannot say")
    func invalid() throws {
        let beyondSchemas = ["too many unknown members"]
        for vector in try Self.vectors("codec.json")["invalid"].items {
            let isFitting = api.violations(of: vector["json"], schema: "Change").isEmpty
            #expect(isFitting == beyondSchemas.contains(vector["name"].text ?? ""), "\(vector["name"])")
        }
    }

    @Test("every entry of merge.json fits, and the examples of entries are among them")
    func entries() throws {
        let entries = try Self.vectors("merge.json")["cases"].items.flatMap { $0["entries"].items }
        #expect(entries.count > 100)
        for entry in entries { #expect(api.violations(of: entry, schema: "Entry").isEmpty, "\(entry)") }
        let examples = api["/components/schemas/WholeEntry/examples"].items
        #expect(!examples.isEmpty && Set(examples).isSubset(of: entries))
    }

    /// What the codec writes of a message, as another reader reads it.
    private static func written(_ message: some JSONWritable) throws -> JSONValue {
        try APIDescription.value(try WireCodec.encode(message))
    }

    @Test("whatever the codec writes fits, columns and objects", arguments: 0..<20 as Range<UInt64>)
    func random(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let changes = try (1...(3 * seed + 1)).map { try MarksTests.change($0 * 3, &random) }
        let push = try Self.written(MarksTests.request(changes))
        #expect(api.violations(of: push, schema: "SyncRequest").isEmpty)
        let entries = changes.enumerated().map { index, change -> WireEntry in
            let (sequence, received) = (UInt64(index + 1), WallTime(milliseconds: 1_700_000_000_000))
            return index % 3 == 0
                ? .own(sequence: sequence, number: change.number, received: received, stamp: nil)
                : .full(sequence: sequence, received: received, author: ReplicaID(rawValue: seed), change)
        }
        let answer = try Self.written(
            SyncResponse(
                time: WallTime(milliseconds: 1), entries: entries, articles: nil, cursor: .origin, remaining: 0,
                refused: [], heads: [], tails: [], library: nil, account: nil))
        #expect(api.violations(of: answer, schema: "SyncResponse").isEmpty)
        let versions = changes.enumerated().map { index, change in
            WireVersion(
                sequence: UInt64(index + 1), received: WallTime(milliseconds: 9), author: ReplicaID(rawValue: 5),
                change: change, noteBase: index % 5 == 0 ? "base" : "")
        }
        let page = try Self.written(
            SnapshotResponse(cursor: .origin, versions: versions, articles: [], next: "a-1"))
        #expect(api.violations(of: page, schema: "SnapshotResponse").isEmpty)
        if seed == 19 { #expect(push["marks"] != .null && answer["receipts"] != .null && page["marks"] != .null) }
    }

    @Test("columns need every column, as the codec does", arguments: MarksTests.sound.keys.sorted())
    func columns(missing: String) throws {
        var columns: [String: JSONValue] = [:]
        for (name, text) in MarksTests.sound { columns[name] = try APIDescription.value(Data(text.utf8)) }
        #expect(api.violations(of: .object(columns), schema: "Marks").isEmpty)
        columns[missing] = nil
        #expect(!api.violations(of: .object(columns), schema: "Marks").isEmpty)
    }
}
