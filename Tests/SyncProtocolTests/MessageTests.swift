import Foundation
import SyncCore
import SyncProtocol
import Testing

@Suite("Messages")
struct MessageTests {
    private let author = ReplicaID(rawValue: 0xAB)
    private let article = ArticleID(publication: "p", guid: "1")

    private func entry(_ sequence: UInt64) throws -> WireEntry {
        let key = try #require(RegisterKey(.article(article), .saved))
        let change = try #require(
            Change(
                id: ChangeID(replica: author, number: sequence), stamp: HybridTimestamp(milliseconds: 5),
                seen: SeenContext(through: 0), key: key, value: .flag(true)))
        return .full(
            sequence: sequence, received: WallTime(milliseconds: 9), author: author,
            WireChange(change, reference: { _ in .number(publication: 1, article: 7) }))
    }

    @Test("equal messages are equal bytes, in any process")
    func stableBytes() throws {
        let cursor = StateCursor(epoch: 1, sequence: 2, prefix: .zero)
        let bytes = try WireCodec.encode(cursor)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"epoch":"0000000000000001","prefix":"00000000000000000000000000000000","sequence":2}"#)
    }

    @Test("an answer survives the wire")
    func response() throws {
        let tail = WireTail(
            publication: try #require(EntityName("p")), generation: "g", from: 3, start: .zero,
            lines: ["{}", "é\u{1B}"])
        let response = SyncResponse(
            time: WallTime(milliseconds: 1),
            entries: [try entry(1), .own(sequence: 2, number: 9, received: WallTime(milliseconds: 3), stamp: nil)],
            articles: [WireArticleName(publication: 1, number: 7, id: article)],
            cursor: StateCursor(epoch: 1, sequence: 2, prefix: Digest128(hashing: [1])), remaining: 4,
            refused: [WireRefusal(Refusal(number: 9, code: .wordingOutdated, detail: "d"))],
            heads: [CatalogHead(publication: try #require(EntityName("p")), generation: "g", count: 9, hash: .zero)],
            tails: [tail], library: nil, account: nil)
        #expect(try WireCodec.decode(SyncResponse.self, from: try WireCodec.encode(response)) == response)
    }

    @Test("an account without devices is spelt as it ever was")
    func accountWithoutDevices() throws {
        let account = Account(version: "v", name: "ann", deliveries: [:])
        #expect(
            String(decoding: try WireCodec.encode(WireAccount(account)), as: UTF8.self)
                == #"{"deliveries":{},"name":"ann","version":"v"}"#)
    }

    @Test("of more devices than an account may name, those whose identities come first are taken")
    func manyDevices() throws {
        let all = Dictionary(uniqueKeysWithValues: (1...1_000).map { (ReplicaID(rawValue: $0), "d\($0)") })
        let account = Account(version: "v", name: "ann", deliveries: [:], devices: all)
        let read = try WireCodec.decode(WireAccount.self, from: try WireCodec.encode(WireAccount(account))).account
        #expect(Set(read.devices.keys) == Set((1...UInt64(Limits.accountDevices)).map { ReplicaID(rawValue: $0) }))
    }

    @Test("one entry that cannot be read is left out with its place, the others stand")
    func lenient() throws {
        let bytes = Data(
            #"[{"sequence":1,"own":5,"received":0},{"sequence":"x"},{"sequence":3,"own":6,"received":0}]"#.utf8)
        let list = try WireCodec.decode(LenientList<WireEntry>.self, from: bytes)
        #expect(list.elements.count == 2)
        #expect(list.failures.count == 1)
        #expect(list.failures.first?.path.contains("sequence") == true)
    }

    @Test(
        "what is no JSON, or too deep, is an error and not a crash",
        arguments: [
            "", "{", "nul", "[1,2", String(repeating: "[", count: 100_000), "{\"a\":\u{0}}", "\u{FEFF}",
        ])
    func notJSON(text: String) {
        #expect(throws: WireError.self) { try WireCodec.decode(SyncRequest.self, from: Data(text.utf8)) }
    }

    @Test("a refusal of a later version keeps its sentence")
    func laterRefusal() throws {
        let bytes = Data(#"{"number":1,"code":"fullMoon","detail":"not tonight"}"#.utf8)
        let refusal = try WireCodec.decode(WireRefusal.self, from: bytes).refusal
        #expect(refusal == Refusal(number: 1, code: .other, detail: "not tonight"))
    }

    @Test("each problem's code leads to its status and back", arguments: Problem.Code.allCases)
    func problems(code: Problem.Code) throws {
        let problem = Problem(code, "why")
        let read = try WireCodec.decode(Problem.self, from: try WireCodec.encode(problem))
        #expect(read.code == code)
        #expect((400...599).contains(read.status))
    }
}

@Suite("Damaged bytes")
struct DamagedBytesTests {
    @Test("that are no UTF-8 make the whole message unreadable: no element of it is left out silently")
    func notUTF8() throws {
        var body = try WireCodec.encode(CommonRequest(cursors: [.origin]))
        body[body.startIndex + 3] = 0xff
        #expect(throws: WireError.self) { try WireCodec.decode(CommonRequest.self, from: body) }
    }
}
