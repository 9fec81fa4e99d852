/// The name of one device's replica: 64 random bits, drawn when the replica is made, and drawn anew when it is
/// found to have been cloned or restored from an old image, so that no change number is ever used twice.
public struct ReplicaID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The 64 bits.
    public let rawValue: UInt64

    /// Makes an identity from 64 bits.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Makes an identity from sixteen hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        guard let value = UInt64(hexDigits: text) else { return nil }
        self.init(rawValue: value)
    }

    /// Draws a new identity from the source of randomness that is handed in.
    public static func random(using generator: inout some RandomNumberGenerator) -> ReplicaID {
        ReplicaID(rawValue: generator.next())
    }

    /// Sixteen lower-case hexadecimal digits.
    public var description: String { rawValue.hexDigits }

    /// Orders identities by their bits; the last tie-break between two changes of one instant.
    public static func < (left: ReplicaID, right: ReplicaID) -> Bool { left.rawValue < right.rawValue }
}
