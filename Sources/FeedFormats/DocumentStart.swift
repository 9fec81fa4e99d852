/// Finds where the XML of a document begins: behind a byte order mark, a line of text, or what a program on the
/// publisher's server complained of (`<br /><b>Warning</b>: ...`).
enum DocumentStart {
    /// How far into a document a feed may begin.
    private static let reach = 64 << 10

    /// Where the markup begins, or the end when there is none.
    ///
    /// That is the first `<`, unless it opens an element that is neither a feed's root nor a page's, and a feed's root
    /// follows: then its XML declaration, or the root itself. A document with a declaration in front is what it is.
    static func find(in bytes: [UInt8]) -> Int {
        guard let first = bytes.firstIndex(of: UInt8(ascii: "<")) else { return bytes.count }
        let head = bytes[..<min(bytes.count, first + reach)]
        guard !matches("<?xml", head, at: first), let element = firstElement(head, from: first),
            !isKnown(head, at: element)
        else { return first }
        return junkEnd(head, from: element) ?? first
    }

    /// Whether what stands at `start`, within reach, plainly begins a feed.
    static func isFeed(_ bytes: [UInt8], at start: Int) -> Bool {
        start <= reach
            && (["<?xml"] + certainRoots + otherRoots as [StaticString]).contains { matches($0, bytes[...], at: start) }
    }

    /// The root of a feed behind junk, or the declaration in front of it.
    private static func junkEnd(_ head: ArraySlice<UInt8>, from start: Int) -> Int? {
        var declaration: Int?
        for index in start..<head.endIndex where head[index] == UInt8(ascii: "<") {
            if matches("<?xml", head, at: index) {
                declaration = index
            } else if certainRoots.contains(where: { isTag($0, head, at: index) }) {
                return declaration ?? index
            } else if otherRoots.contains(where: { isTag($0, head, at: index) }),
                declaration != nil || declaresNamespace(head, at: index)
            {
                return declaration ?? index
            }
        }
        return nil
    }

    /// The first `<` that opens an element, comments and the like skipped.
    private static func firstElement(_ head: ArraySlice<UInt8>, from start: Int) -> Int? {
        var index = start
        while index + 1 < head.endIndex {
            let next = head[index + 1]
            guard next == UInt8(ascii: "!") || next == UInt8(ascii: "?") else { return index }
            if matches("<!doctype html", head, at: index) { return nil }
            let end = matches("<!--", head, at: index) ? Array("-->".utf8) : [UInt8(ascii: ">")]
            var close = index + 2
            while close < head.endIndex, !head[close...].starts(with: end) { close += 1 }
            guard let following = head[min(close, head.endIndex)...].firstIndex(of: UInt8(ascii: "<")) else {
                return nil
            }
            index = following
        }
        return nil
    }

    /// Whether the element at `index` says itself what the document is.
    private static func isKnown(_ head: ArraySlice<UInt8>, at index: Int) -> Bool {
        let name = head[(index + 1)...].prefix { !CleanText.isBlank($0) && $0 != 0x3E && $0 != 0x2F }
        let local = name.split(separator: UInt8(ascii: ":")).last ?? name
        return names.contains(String(decoding: local, as: UTF8.self).lowercased())
    }

    private static let names: Set<String> = [
        "rss", "rdf", "feed", "channel", "entry", "opml", "outlinedocument", "html", "head", "body", "title", "meta",
    ]
    private static let certainRoots: [StaticString] = ["<rss", "<rdf:rdf"]
    /// Words that other documents use too: believed behind an XML declaration, or with a namespace.
    private static let otherRoots: [StaticString] = ["<feed", "<channel"]

    private static func declaresNamespace(_ bytes: ArraySlice<UInt8>, at index: Int) -> Bool {
        let tag = bytes[index...].prefix(512).prefix { $0 != UInt8(ascii: ">") }
        return tag.indices.contains { matches("xmlns", bytes, at: $0) }
    }

    private static func isTag(_ tag: StaticString, _ bytes: ArraySlice<UInt8>, at index: Int) -> Bool {
        let end = index + tag.utf8CodeUnitCount
        guard matches(tag, bytes, at: index), end < bytes.endIndex else { return false }
        return CleanText.isBlank(bytes[end]) || bytes[end] == UInt8(ascii: ">")
    }

    /// Whether `text`, in small letters, stands there in letters of any case.
    private static func matches(_ text: StaticString, _ bytes: ArraySlice<UInt8>, at start: Int) -> Bool {
        guard start + text.utf8CodeUnitCount <= bytes.endIndex else { return false }
        for offset in 0..<text.utf8CodeUnitCount {
            let byte = bytes[start + offset]
            let small = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            guard small == text.utf8Start[offset] else { return false }
        }
        return true
    }
}
