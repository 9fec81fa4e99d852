/// What a token is.
enum JSONKind: UInt8 {
    case null
    case yes
    case no
    /// A number of digits alone, perhaps with a minus sign.
    case integer
    /// A number with a fraction or an exponent.
    case fraction
    /// A string without escapes.
    case text
    case escapedText
    /// A string in which half of a surrogate pair is escaped alone: well-formed, but no text (RFC 8259 §8.2).
    case brokenText
    case array
    case object
    /// An object with a member's name that is no text.
    case brokenObject
}

/// One value, or one member's name, of a message: where its bytes stand, or, for an array or object, where its tokens
/// end. Packed in eight bytes, since a hostile message may be a token every two bytes.
struct JSONToken {
    /// Most bytes of a message that offsets can count.
    static let maximumBytes = 1 << 28

    private var bits: UInt64

    /// - Parameters:
    ///   - offset: Where the bytes begin, below ``maximumBytes``; those between the marks, for a string.
    ///   - extent: How many bytes there are; for an array or object, the index of the token after its last one.
    @inline(__always)
    init(_ kind: JSONKind, offset: Int, extent: Int) {
        bits =
            UInt64(kind.rawValue) << 60 | UInt64(truncatingIfNeeded: offset & (Self.maximumBytes - 1)) << 32
            | UInt64(UInt32(truncatingIfNeeded: extent))
    }

    @inline(__always)
    var kind: JSONKind { JSONKind(rawValue: UInt8(truncatingIfNeeded: bits >> 60)) ?? .null }

    @inline(__always)
    var offset: Int { Int(truncatingIfNeeded: bits >> 32) & (Self.maximumBytes - 1) }

    @inline(__always)
    var extent: Int { Int(UInt32(truncatingIfNeeded: bits)) }

    /// Whether ``extent`` counts tokens and not bytes.
    @inline(__always)
    var isContainer: Bool { bits >> 60 >= UInt64(JSONKind.array.rawValue) }
}

/// A message that was found to be JSON: its bytes, and its tokens in the order in which they begin.
final class JSONTape {
    let bytes: JSONBytes
    let tokens: [JSONToken]

    /// Reads a message.
    ///
    /// - Throws: ``WireError`` with the offset of the first byte that is no JSON (RFC 8259).
    init(_ source: UnsafeRawBufferPointer) throws(WireError) {
        bytes = JSONBytes(source)
        var parser = JSONParser(bytes)
        tokens = try parser.tokens()
    }

    /// The message as a whole.
    var root: JSONNode { JSONNode(tape: self, index: 0) }

    /// The index of the token after a value.
    @inline(__always)
    func next(after index: Int) -> Int {
        let token = tokens[index]
        return token.isContainer ? token.extent : index + 1
    }
}
