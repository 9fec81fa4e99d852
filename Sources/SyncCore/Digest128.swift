/// 128 bits of a SHA-256 sum: long enough that no two different inputs meet by chance, short enough to store a
/// million times.
public struct Digest128: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The first eight bytes, big-endian.
    public let high: UInt64
    /// The last eight bytes, big-endian.
    public let low: UInt64

    /// Makes a digest from its two halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// All bits zero: the digest that stands before the first entry of a chain.
    public static let zero = Digest128(high: 0, low: 0)

    /// The first 128 bits of the SHA-256 sum of `bytes` (FIPS 180-4).
    public init(hashing bytes: some Sequence<UInt8>) {
        var hash = SHA256()
        hash.add(bytes)
        self.init(hash)
    }

    private init(_ hash: consuming SHA256) {
        let words = hash.finish()
        self.init(
            high: UInt64(words[0]) << 32 | UInt64(words[1]), low: UInt64(words[2]) << 32 | UInt64(words[3]))
    }

    /// The digest of this one followed by `bytes`: the next link of a hash chain.
    public func chained(with bytes: some Sequence<UInt8>) -> Digest128 {
        var hash = SHA256()
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { hash.add($0) }
        hash.add(bytes)
        return Digest128(hash)
    }

    /// The sixteen bytes, big-endian.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { bytes, count in
            for index in 0..<8 {
                bytes[index] = UInt8(truncatingIfNeeded: high >> (56 - 8 * UInt64(index)))
                bytes[index + 8] = UInt8(truncatingIfNeeded: low >> (56 - 8 * UInt64(index)))
            }
            count = 16
        }
    }

    /// Makes a digest from exactly sixteen bytes.
    public init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 16 else { return nil }
        self.init(
            high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }

    /// Makes a digest from exactly sixteen bytes.
    public init?(bytes: [UInt8]) {
        guard let digest = bytes.withUnsafeBytes({ Digest128(bytes: $0) }) else { return nil }
        self = digest
    }

    /// Makes a digest from 32 hexadecimal digits, as ``description`` writes them.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 32,
            let high = UInt64(hexDigits: text.prefix(16)), let low = UInt64(hexDigits: text.dropFirst(16))
        else { return nil }
        self.init(high: high, low: low)
    }

    /// 32 lower-case hexadecimal digits.
    public var description: String { high.hexDigits + low.hexDigits }

    /// Orders digests as their bytes would be.
    public static func < (left: Digest128, right: Digest128) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

extension UInt64 {
    /// Sixteen lower-case hexadecimal digits.
    public var hexDigits: String {
        String(unsafeUninitializedCapacity: 16) { utf8 in
            for index in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: self >> (60 - 4 * UInt64(index))) & 15
                utf8[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
            }
            return 16
        }
    }

    /// Makes a number from exactly sixteen hexadecimal digits, without sign.
    public init?(hexDigits text: some StringProtocol) {
        self = 0
        var count = 0
        for digit in text.utf8 {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
            default: return nil
            }
            count += 1
            if count > 16 { return nil }
            self = self << 4 | UInt64(value)
        }
        if count != 16 { return nil }
    }

    /// The eight bytes, most significant first.
    var bigEndianBytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: self >> (56 - 8 * UInt64($0))) }
    }
}
