/// Eight bytes looked at in one go. Each test is exact: it answers for the word, not for where in it.
struct ByteWord {
    private let bits: UInt64

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// The eight bytes at `index`, or `nil` when fewer are left.
    @inline(__always)
    init?(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) {
        guard index + 8 <= bytes.count, let base = bytes.baseAddress else { return nil }
        bits = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
    }

    /// Whether `byte` is among them.
    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let zero = bits ^ (Self.ones &* UInt64(byte))
        return (zero &- Self.ones) & ~zero & Self.tops != 0
    }

    /// Whether all are ASCII.
    @inline(__always)
    var isASCII: Bool { bits & Self.tops == 0 }

    /// Whether a control of ASCII is among them, DEL apart.
    @inline(__always)
    var hasControl: Bool { (bits &- Self.ones &* 0x20) & ~bits & Self.tops != 0 }

    /// The top bit of each byte that equals `byte`, and of no other.
    @inline(__always)
    func places(of byte: UInt8) -> UInt64 {
        let zero = bits ^ (Self.ones &* UInt64(byte))
        return ~(((zero & ~Self.tops) &+ ~Self.tops) | zero) & Self.tops
    }

    /// Whether all are printable ASCII: from the blank to the tilde.
    @inline(__always)
    var isASCIIText: Bool {
        isASCII && !hasControl && !contains(0x7F)
    }
}
