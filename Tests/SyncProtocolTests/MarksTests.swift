import Foundation
import SyncCore
import SyncProtocol
import SyncTestKit
import Testing

@Suite("Marks as columns")
struct MarksTests {
    static func change(_ number: UInt64, _ random: inout SeededRandom) throws -> WireChange {
        let article = ArticleID(publication: "p", guid: "\(Int.random(in: 0..<50, using: &random))")
        var entity = Entity.article(article)
        let field: Field
        let value: Value
        switch Int.random(in: 0..<9, using: &random) {
        case 0: (field, value) = (.saved, .flag(.random(using: &random)))
        case 1: (field, value) = (.tag(try #require(TagName("t\(number % 3)"))), .flag(.random(using: &random)))
        case 2: (field, value) = (.progress, .progress(.random(in: 0...Value.maximumProgress, using: &random)))
        case 3: (field, value) = (.note, .note("n\(number)", base: "b"))
        case 4:
            entity = .newsletter(try #require(EntityName("weekly")))
            (field, value) = (.subscribed, .flag(.random(using: &random)))
        default:
            let origin = try #require(MarkOrigin.allCases.randomElement(using: &random))
            (field, value) = (.read, .read(.random(using: &random), by: origin))
        }
        let also: [UInt64] = Int.random(in: 0..<8, using: &random) == 0 ? [number + 100] : []
        let extra: [String: JSONValue] = Int.random(in: 0..<8, using: &random) == 0 ? ["newer": .bool(true)] : [:]
        let key = try #require(RegisterKey(entity, field))
        let change = try #require(
            Change(
                id: ChangeID(replica: ReplicaID(rawValue: number % 3), number: number),
                stamp: HybridTimestamp(
                    milliseconds: .random(in: 0...1_800_000_000_000, using: &random),
                    counter: .random(in: 0...UInt16.max, using: &random)),
                seen: SeenContext(through: .random(in: 0...70, using: &random), also: also),
                key: key, value: value, extra: extra))
        let isNumbered = Int.random(in: 0..<8, using: &random) > 0
        return WireChange(
            change, reference: { _ in isNumbered ? .number(publication: 1, article: number * 7 % 50) : nil })
    }

    static func request(_ changes: [WireChange]) -> SyncRequest {
        SyncRequest(
            replica: ReplicaID(rawValue: 1), cursor: .origin, push: changes, catalog: [], library: nil, account: nil,
            names: false)
    }

    @Test("a push of anything comes out as it went in", arguments: 0..<60 as Range<UInt64>)
    func push(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let changes = try (1...(seed + 1)).map { try Self.change($0 * 3, &random) }
        let request = Self.request(changes)
        #expect(try WireCodec.decode(SyncRequest.self, from: try WireCodec.encode(request)) == request)
    }

    @Test("a page of entries of several authors comes out as it went in", arguments: 0..<60 as Range<UInt64>)
    func entries(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let entries = try (1...(seed + 1)).map { number -> WireEntry in
            let received = WallTime(milliseconds: .random(in: -5...1_800_000_000_000, using: &random))
            let isClamped = Int.random(in: 0..<8, using: &random) == 0
            if .random(using: &random) {
                let stamp = isClamped ? HybridTimestamp(milliseconds: 7) : nil
                return .own(sequence: number * 2, number: number, received: received, stamp: stamp)
            }
            return .full(
                sequence: number * 2, received: received, author: ReplicaID(rawValue: number % 3),
                try Self.change(number, &random))
        }
        let response = SyncResponse(
            time: WallTime(milliseconds: 1), entries: entries, articles: nil, cursor: .origin, remaining: 0,
            refused: [],
            heads: [], tails: [], library: nil, account: nil)
        #expect(try WireCodec.decode(SyncResponse.self, from: try WireCodec.encode(response)) == response)
    }

    @Test("a page of a snapshot comes out by place, note bases included", arguments: 0..<60 as Range<UInt64>)
    func versions(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let versions = try (1...(seed + 1)).map { number in
            WireVersion(
                sequence: number, received: WallTime(milliseconds: 9), author: ReplicaID(rawValue: 5),
                change: try Self.change(number, &random), noteBase: number % 5 == 0 ? "base" : "")
        }
        let page = SnapshotResponse(
            cursor: .origin, versions: versions.shuffled(using: &random), articles: [], next: nil)
        #expect(page.versions.elements == versions)
        #expect(try WireCodec.decode(SnapshotResponse.self, from: try WireCodec.encode(page)) == page)
    }

    @Test("a thousand marks in a row take less than 30 bytes each before compression, single ones are objects")
    func size() throws {
        var random = SeededRandom(seed: 1)
        let marks = try (1...1_000 as ClosedRange<UInt64>).map { number in
            var change = try Self.change(number, &random)
            (change.entity, change.field) = (.article(.number(publication: 1, article: number * 7_919 % 1_000)), .read)
            (change.value, change.extra) = (.read(true, by: .explicit), [:])
            (change.seen, change.stamp) = (
                SeenContext(through: 70), HybridTimestamp(milliseconds: 1_764_000_000_000 + Int64(number) * 40_000)
            )
            return change
        }
        #expect(try WireCodec.encode(Self.request(marks)).count < 30_000)
        let few = String(decoding: try WireCodec.encode(Self.request(Array(marks.prefix(3)))), as: UTF8.self)
        #expect(!few.contains("marks"))
    }

    static let sound = [
        "article": "[7,8]", "counter": "[0,1]", "kind": "[0,1]", "number": "[4,1]", "publication": "[1,1]",
        "seen": "[70,-3]", "stamp": "[1764000000000,-5]", "value": "[1,0]",
        "kinds": #"[{"field":"read"},{"field":"saved"}]"#,
    ]

    private static func decoded(_ columns: [String: String]) throws -> [WireChange] {
        let marks = columns.map { "\"\($0)\":\($1)" }.joined(separator: ",")
        let body = """
            {"protocol":1,"replica":"0000000000000001","cursor":{"epoch":"0000000000000000","sequence":0,
            "prefix":"00000000000000000000000000000000"},"push":[],"catalog":[],"names":false,"marks":{\(marks)}}
            """
        return try WireCodec.decode(SyncRequest.self, from: Data(body.utf8)).push.elements
    }

    @Test("columns say what the specification's example says")
    func example() throws {
        let changes = try Self.decoded(Self.sound)
        #expect(changes.map(\.number) == [4, 5])
        #expect(changes.map(\.seen.through) == [70, 67])
        #expect(changes.map(\.stamp.milliseconds) == [1_764_000_000_000, 1_763_999_999_995])
        #expect(changes.map(\.value) == [.read(true, by: .explicit), .flag(false)])
        #expect(changes.map(\.entity) == [7, 8].map { .article(.number(publication: 1, article: $0)) })
    }

    @Test(
        "columns that do not fit together are refused as a whole, with the column's name",
        arguments: [
            ("value", "[1]"), ("value", "[1,0,1]"), ("value", "[1,2]"), ("value", "[1,-1]"), ("kind", "[0,2]"),
            ("kind", "[0,-1]"), ("counter", "[0,65536]"), ("publication", "[1,4294967296]"), ("number", "[4,-4]"),
            ("number", "[4,-5]"), ("seen", "[70,-71]"), ("seen", "[70,9223372036854775807]"), ("article", "[7,1.5]"),
            ("stamp", "[1764000000000,281474976710655]"), ("kinds", "[]"), ("article", "{}"), ("number", "[]"),
            ("kinds", #"[{"field":"read","by":"magic"},{"field":"saved"}]"#),
            ("kinds", #"[{"field":"note"},{"field":"saved"}]"#),
        ])
    func broken(column: String, text: String) throws {
        var columns = Self.sound
        columns[column] = text
        #expect { try Self.decoded(columns) } throws: { error in
            error is WireError && "\(error)".contains("mark")
        }
    }

    @Test("a column that is missing is an error", arguments: sound.keys.sorted())
    func missing(column: String) {
        var columns = Self.sound
        columns[column] = nil
        #expect(throws: WireError.self) { try Self.decoded(columns) }
    }

    @Test("more rows than the limit are refused before anything is made of them")
    func tooMany() {
        var columns = Self.sound
        columns["number"] = "[" + Array(repeating: "1", count: Limits.markRows + 1).joined(separator: ",") + "]"
        #expect { try Self.decoded(columns) } throws: { "\($0)".contains("\(Limits.markRows)") }
    }
}
