import SyncCore
import SyncTestKit
import Testing

@Suite("Ranges of history")
struct CatalogRangesTests {
    private func range(_ from: UInt64, _ to: UInt64) -> CatalogRange {
        CatalogRange(
            from: from, to: to, fromHash: Digest128(high: 0, low: from), toHash: Digest128(high: 0, low: to))
    }

    @Test("touching ranges become one and keep the outer hashes")
    func touching() {
        #expect([range(0, 5)].inserting(range(5, 9)) == [range(0, 9)])
        #expect([range(5, 9)].inserting(range(0, 5)) == [range(0, 9)])
    }

    @Test("a range that fills a gap joins both sides")
    func gap() {
        #expect([range(0, 5), range(9, 12)].inserting(range(5, 9)) == [range(0, 12)])
    }

    @Test("whatever is inserted in whatever order, the ranges are those of the set of indexes", arguments: 0..<100)
    func likeASet(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var ranges: [CatalogRange] = []
        var indexes: Set<UInt64> = []
        for _ in 0..<12 {
            let from = UInt64.random(in: 0..<40, using: &random)
            let to = from + UInt64.random(in: 1...6, using: &random)
            ranges = ranges.inserting(range(from, to))
            indexes.formUnion(from..<to)
        }
        #expect(Set(ranges.flatMap { $0.from..<$0.to }) == indexes)
        #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.to < $1.from })
    }
}
