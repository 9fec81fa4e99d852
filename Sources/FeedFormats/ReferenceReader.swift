/// Reads the references of a document, remembering the names it has met: a document has few, however often.
struct ReferenceReader {
    enum Reading {
        /// An `&` that opens no reference.
        case bare
        /// A reference to an entity that nobody knows.
        case unknown
        /// A character, `nil` for one that no text may hold, and the bytes of the reference.
        case character(Unicode.Scalar?, Int)
    }

    /// Names of entities that nobody knows; at most 10.
    private(set) var unknown: [String] = []
    private var known: [String: Unicode.Scalar] = [:]
    private var strangers: Set<String> = []

    /// Most names remembered of either kind: past it each is looked up anew.
    private static let memory = 4096
    /// Longest reference, `&` and `;` included.
    private static let maximumLength = 34

    /// Reads the reference whose `&` is at `index`.
    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Reading {
        var end = index + 1
        let limit = min(bytes.count, index + Self.maximumLength)
        while end < limit, Self.isReferenceByte(bytes[end]) { end += 1 }
        guard end < limit, bytes[end] == UInt8(ascii: ";"), end > index + 1 else { return .bare }
        let length = end + 1 - index
        if bytes[index + 1] == UInt8(ascii: "#") {
            guard let match = CharacterReference.read(bytes, at: index, inAttribute: true), match.length == length
            else { return .bare }
            return .character(Self.allowed(match.scalar), length)
        }
        if let scalar = Self.predefined(bytes, from: index + 1, to: end) { return .character(scalar, length) }
        return readName(bytes, at: index, length: length)
    }

    private mutating func readName(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int, length: Int) -> Reading {
        let name = String(decoding: bytes[(index + 1)..<(index + length - 1)], as: UTF8.self)
        if let scalar = known[name] { return .character(scalar, length) }
        if strangers.contains(name) { return .unknown }
        if let match = CharacterReference.read(bytes, at: index, inAttribute: true), match.length == length {
            if known.count < Self.memory { known[name] = match.scalar }
            return .character(match.scalar, length)
        }
        if strangers.count < Self.memory { strangers.insert(name) }
        if unknown.count < 10, !unknown.contains(name) { unknown.append(name) }
        return .unknown
    }

    /// XML's own five, which are most of them.
    private static func predefined(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Unicode.Scalar?
    {
        switch (end - start, bytes[start]) {
        case (2, UInt8(ascii: "l")): return bytes[start + 1] == UInt8(ascii: "t") ? "<" : nil
        case (2, UInt8(ascii: "g")): return bytes[start + 1] == UInt8(ascii: "t") ? ">" : nil
        case (3, UInt8(ascii: "a")):
            return bytes[start + 1] == UInt8(ascii: "m") && bytes[start + 2] == UInt8(ascii: "p") ? "&" : nil
        default: return nil
        }
    }

    private static func allowed(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 9, 10, 13: scalar
        case ..<0x20, 0xFFFE, 0xFFFF: nil
        default: scalar
        }
    }

    private static func isReferenceByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "#")
            || byte == UInt8(ascii: "_")
    }
}
