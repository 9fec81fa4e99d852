/// The elements that are open, by where their names stand in the document.
struct TagStack {
    /// What an end tag ends.
    enum Ending {
        case innermost
        /// Elements inside it are open still: the names of all that are to be ended, the innermost first.
        case outer([Range<Int>])
        case none
    }

    private var names: [Range<Int>] = []
    private var hasBegun = false

    /// Whether the root element has been ended.
    var isBehindRoot: Bool { hasBegun && names.isEmpty }

    /// Takes a start tag. Past `limit` the document is given up anyway.
    mutating func begin(_ bytes: UnsafeBufferPointer<UInt8>, nameAt start: Int, limit: Int) {
        guard names.count <= limit else { return }
        names.append(Self.name(bytes, from: start))
        hasBegun = true
    }

    /// Takes an end tag. Capitals do not count.
    mutating func end(_ bytes: UnsafeBufferPointer<UInt8>, nameAt start: Int) -> Ending {
        let name = Self.name(bytes, from: start)
        guard let innermost = names.last else { return .none }
        if Self.areEqual(bytes, name, innermost, exactly: true) {
            names.removeLast()
            return .innermost
        }
        guard let at = names.lastIndex(where: { Self.areEqual(bytes, name, $0, exactly: false) }) else { return .none }
        let ended = Array(names[at...].reversed())
        names.removeSubrange(at...)
        return .outer(ended)
    }

    /// Ends the innermost element if it is an entry of a feed, and the tag whose name stands at `start` begins another
    /// one; gives its name.
    mutating func endEntry(_ bytes: UnsafeBufferPointer<UInt8>, repeatedAt start: Int) -> Range<Int>? {
        // Deeper than this no entry of a feed stands: `Channel`, `items`, `item`.
        guard names.count <= 3, names.count >= 2, let innermost = names.last, Self.isEntry(bytes, innermost),
            Self.areEqual(bytes, Self.name(bytes, from: start), innermost, exactly: false)
        else { return nil }
        names.removeLast()
        return innermost
    }

    /// Whether the tag whose name stands at `start` is an entry's.
    static func isEntry(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        isEntry(bytes, name(bytes, from: start))
    }

    private static func isEntry(_ bytes: UnsafeBufferPointer<UInt8>, _ name: Range<Int>) -> Bool {
        guard name.count == 4 || name.count == 5 else { return false }
        let word = String(decoding: bytes[name], as: UTF8.self).lowercased()
        return word == "item" || word == "entry"
    }

    private static func name(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Range<Int> {
        var end = start
        while end < bytes.count, !CleanText.isBlank(bytes[end]), bytes[end] != UInt8(ascii: ">"),
            bytes[end] != UInt8(ascii: "/")
        { end += 1 }
        return start..<end
    }

    private static func areEqual(
        _ bytes: UnsafeBufferPointer<UInt8>, _ left: Range<Int>, _ right: Range<Int>, exactly: Bool
    ) -> Bool {
        guard left.count == right.count else { return false }
        for offset in 0..<left.count {
            let (a, b) = (bytes[left.lowerBound + offset], bytes[right.lowerBound + offset])
            if a != b, exactly || a | 0x20 != b | 0x20 { return false }
        }
        return true
    }
}
