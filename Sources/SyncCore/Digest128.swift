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
        let sum = SHA256.hash(bytes)
        self.init(high: sum.prefix(8).bigEndianValue, low: sum[8..<16].bigEndianValue)
    }

    /// The digest of this one followed by `bytes`: the next link of a hash chain.
    public func chained(with bytes: some Sequence<UInt8>) -> Digest128 {
        var input = self.bytes
        input.append(contentsOf: bytes)
        return Digest128(hashing: input)
    }

    /// The sixteen bytes, big-endian.
    public var bytes: [UInt8] {
        high.bigEndianBytes + low.bigEndianBytes
    }

    /// Makes a digest from exactly sixteen bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        self.init(high: bytes.prefix(8).bigEndianValue, low: bytes.suffix(8).bigEndianValue)
    }

    /// The same, for the rows of databases, which have many.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        var (high, low): (UInt64, UInt64) = (0, 0)
        for index in 0..<8 {
            high = high << 8 | UInt64(bytes[index])
            low = low << 8 | UInt64(bytes[index + 8])
        }
        self.init(high: high, low: low)
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
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Makes a number from exactly sixteen hexadecimal digits, without sign.
    public init?(hexDigits text: some StringProtocol) {
        guard text.utf8.count == 16, text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") })
        else { return nil }
        self.init(text, radix: 16)
    }

    /// The eight bytes, most significant first.
    var bigEndianBytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: self >> (56 - 8 * UInt64($0))) }
    }
}

extension Collection<UInt8> {
    /// The number that the bytes are, most significant first; at most eight of them count.
    fileprivate var bigEndianValue: UInt64 { reduce(0) { $0 << 8 | UInt64($1) } }
}
