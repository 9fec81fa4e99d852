import CSHA256
@testable import SyncCore
import SyncTestKit
import Testing

/// The standard's vectors are in ``IdentityTests``.
@Suite struct SHA256Tests {
    private static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
        var dice = SeededRandom(seed: seed)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &dice) }
    }

    @Test("the processor's instructions and plain arithmetic come to the same", arguments: [1, 2, 7, 64])
    func instructions(blocks: Int) {
        let bytes = Self.bytes(blocks * 64, seed: UInt64(blocks))
        let start: [UInt32] = (1...8).map { $0 &* 0x9e37_79b9 }
        var (plain, fast) = (start, start)
        csha256_blocks_portable(&plain, bytes, blocks)
        csha256_blocks(&fast, bytes, blocks)
        #expect(fast == plain)
        #expect(fast != start)
    }

    @Test("it does not matter in what pieces bytes are added", arguments: 0...130)
    func pieces(count: Int) {
        let bytes = Self.bytes(count, seed: UInt64(count))
        let whole = SHA256.hash(bytes)
        for cut in [1, 16, 55, 63, 64, 65] where cut <= count {
            var hash = SHA256()
            hash.add(bytes[..<cut])
            hash.add(AnySequence(bytes[cut...]))
            #expect(SHA256.bytes(of: hash.finish()) == whole)
        }
    }

    @Test("a link of a chain is the digest of the one before and its bytes")
    func chain() {
        let before = Digest128(high: 1, low: .max - 1)
        #expect(before.chained(with: [7, 8]) == Digest128(hashing: before.bytes + [7, 8]))
    }
}
