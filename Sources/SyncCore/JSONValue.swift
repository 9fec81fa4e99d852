/// A JSON value that this version has no name for: kept as it came and sent back untouched, so that an old
/// client never erases what a newer one wrote (DESIGN.md §2).
public enum JSONValue: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number without fraction that fits in 64 bits.
    case integer(Int64)
    /// Any other number. The core never computes with it.
    case fraction(Double)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object. Its order of members has no meaning.
    case object([String: JSONValue])
}

extension JSONValue {
    /// The value in canonical form, members by their names: equal values are equal bytes.
    var canonicalBytes: [UInt8] {
        var canonical = CanonicalBytes()
        canonical.append(self)
        return canonical.bytes
    }
}
