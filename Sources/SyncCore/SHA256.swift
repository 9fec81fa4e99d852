import CSHA256

/// SHA-256 (FIPS 180-4 §6.2). Of our own because the one package that offers it compiles all of BoringSSL: a quarter of
/// a clean build for one function (Protocol/decisions/0002). Used to name and to verify, never to keep a secret apart
/// from a random 256-bit token's digest.
public struct SHA256 {
    private var hash = csha256()

    /// The hash of nothing yet.
    public init() { csha256_start(&hash) }

    /// Adds bytes.
    ///
    /// - Complexity: O(n).
    public mutating func add(_ bytes: some Sequence<UInt8>) {
        let isAdded: Void? = bytes.withContiguousStorageIfAvailable { csha256_add(&hash, $0.baseAddress, $0.count) }
        if isAdded == nil { add(Array(bytes)) }
    }

    /// The sum as eight numbers, the first one of the first four bytes.
    consuming func finish() -> SIMD8<UInt32> {
        var sum = SIMD8<UInt32>()
        withUnsafeMutableBytes(of: &sum) { csha256_finish(&hash, $0.assumingMemoryBound(to: UInt32.self).baseAddress) }
        return sum
    }

    /// The sum as 32 bytes.
    public consuming func digest() -> [UInt8] { Self.bytes(of: finish()) }

    /// The digest of `bytes`, 32 bytes.
    public static func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var hash = SHA256()
        hash.add(bytes)
        return Self.bytes(of: hash.finish())
    }

    /// The sum as 32 bytes.
    static func bytes(of sum: SIMD8<UInt32>) -> [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: sum[$0 / 4] >> (24 - 8 * UInt32($0 % 4))) }
    }
}
