import FoundationEssentials
import SyncCore
import SyncProtocol
import Testing

@Suite("Numbers that count")
struct CountTests {
    private let zeros = String(repeating: "0", count: 32)

    @Test("a head is refused if counting on from it could overflow", arguments: [UInt64.max, 1 << 63, 1 << 53])
    func head(count: UInt64) {
        let text = #"{"publication":"p","generation":"g","count":\#(count),"hash":"\#(zeros)"}"#
        #expect(throws: WireError.self) { try WireCodec.decode(CatalogHead.self, from: Data(text.utf8)) }
    }

    @Test("a cursor is refused if it cannot be stored as a signed number", arguments: [UInt64.max, 1 << 63])
    func cursor(sequence: UInt64) {
        let text = #"{"epoch":"0000000000000001","sequence":\#(sequence),"prefix":"\#(zeros)"}"#
        #expect(throws: WireError.self) { try WireCodec.decode(StateCursor.self, from: Data(text.utf8)) }
    }

    @Test("an entry beyond the largest sequence is left out")
    func entry() throws {
        let text = #"[{"sequence":18446744073709551615,"own":1,"received":0}]"#
        let list = try WireCodec.decode(LenientList<WireEntry>.self, from: Data(text.utf8))
        #expect(list.failures.count == 1)
    }

    @Test("the largest number is read as it is")
    func largest() throws {
        let cursor = StateCursor(epoch: 1, sequence: Limits.maximumCount, prefix: .zero)
        #expect(try WireCodec.decode(StateCursor.self, from: try WireCodec.encode(cursor)) == cursor)
    }
}
