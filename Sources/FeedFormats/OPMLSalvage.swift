/// Takes apart an OPML document that libxml2 gave up on in the middle.
///
/// A quote too few turns everything behind it inside out. But no well-formed tag holds a `<`, so each of them starts
/// anew: an outline that is not whole by the next `<` is written again from the attributes that are.
enum OPMLSalvage {
    /// The document with each broken outline mended, or dropped when it names no feed. Linear.
    static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBufferPointer { source in
            var out: [UInt8] = []
            out.reserveCapacity(source.count)
            var start = 0
            while start < source.count {
                let next = source[(start + 1)...].firstIndex(of: UInt8(ascii: "<")) ?? source.count
                let piece = UnsafeBufferPointer(rebasing: source[start..<next])
                if isOutline(piece), !isWhole(piece) {
                    mend(piece, into: &out)
                } else {
                    out.append(contentsOf: piece)
                }
                start = next
            }
            return out
        }
    }

    private static let names = ["type", "text", "title", "xmlUrl", "htmlUrl", "description", "language", "category"]

    private static func isOutline(_ piece: UnsafeBufferPointer<UInt8>) -> Bool {
        piece.count > 9 && matches(piece, at: 1, "outline") && CleanText.isBlank(piece[8])
    }

    /// Whether the tag ends, outside any quotes, before the piece does.
    private static func isWhole(_ piece: UnsafeBufferPointer<UInt8>) -> Bool {
        var quote: UInt8?
        for byte in piece {
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return true
            }
        }
        return false
    }

    private static func mend(_ piece: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) {
        let found = names.compactMap { name in value(of: name, in: piece).map { (name, $0) } }
        guard found.contains(where: { $0.0 == "xmlUrl" }) else { return }
        out.append(contentsOf: "<outline".utf8)
        for (name, value) in found {
            out.append(contentsOf: " \(name)=".utf8)
            out.append(contentsOf: piece[value])
        }
        out.append(contentsOf: "/>".utf8)
    }

    /// Where the value of `name="..."` stands, its quotes with it.
    private static func value(of name: String, in piece: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        let length = name.utf8.count
        guard piece.count > length + 3 else { return nil }
        for start in 1..<piece.count - length - 2
        where CleanText.isBlank(piece[start - 1]) && matches(piece, at: start, name) {
            let quote = piece[start + length + 1]
            guard piece[start + length] == UInt8(ascii: "="), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
                let end = piece[(start + length + 2)...].firstIndex(of: quote)
            else { continue }
            return start + length + 1..<end + 1
        }
        return nil
    }

    private static func matches(_ piece: UnsafeBufferPointer<UInt8>, at start: Int, _ name: String) -> Bool {
        guard start + name.utf8.count <= piece.count else { return false }
        return zip(piece[start...], name.utf8).allSatisfy { $0 | 0x20 == $1 | 0x20 }
    }
}
