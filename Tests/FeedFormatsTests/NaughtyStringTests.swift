import FeedFormats
import Foundation
import Testing

/// The Big List of Naughty Strings, as titles through every format. (`Foundation` for `JSONSerialization`: tests only.)
@Suite("Naughty strings", .enabled(if: Corpora.isPresent))
struct NaughtyStringTests {
    private static func strings() throws -> [String] {
        try #require(try Corpora.json("naughty-strings/blns.json") as? [String])
    }

    /// What must come out: one line, without what may not stand in XML or could steer a terminal.
    private static func expected(_ text: String) -> String {
        var out = ""
        for scalar in text.replacingOccurrences(of: "\r\n", with: "\n").unicodeScalars {
            switch scalar.value {
            case 0x0D, 0x09, 0x0A, 0x2028, 0x2029: out += " "
            // The controls of ISO 8859-1 are read as what windows-1252 has in their places.
            case 0x80...0x9F: out += String(data: Data([UInt8(scalar.value)]), encoding: .windowsCP1252) ?? ""
            case 0..<0x20, 0x7F, 0x202A...0x202E, 0x2066...0x2069, 0xFFF9...0xFFFB, 0xFFFE, 0xFFFF: break
            // Tags: none of the strings has a flag that is made of them.
            case 0xE0000...0xE007F: break
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }

    private static func escaped(_ text: String) -> String {
        let legal = text.unicodeScalars.filter { $0.value >= 0x20 || $0 == "\n" || $0 == "\t" }
        return String(String.UnicodeScalarView(legal)).replacingOccurrences(of: "&", with: "&amp;")
            .replacingOccurrences(of: "<", with: "&lt;").replacingOccurrences(of: "\"", with: "&quot;")
    }

    @Test("as titles of a JSON Feed they come out as the same text")
    func json() throws {
        for text in try Self.strings() {
            let item: [String: Any] = ["id": "1", "title": text, "tags": [text], "content_text": text]
            let document: [String: Any] = [
                "version": "https://jsonfeed.org/version/1.1", "title": text, "items": [item],
            ]
            let feed = try FeedParser.parse(
                JSONSerialization.data(withJSONObject: document), contentType: nil, baseURL: nil)
            #expect(feed.title == Self.jsonExpected(text))
            #expect(feed.entries.first?.headline == Self.jsonExpected(text))
            #expect(feed.warnings.isEmpty)
        }
    }

    @Test("as titles of Atom in plain text they come out as the same text")
    func atom() throws {
        for text in try Self.strings() {
            let entry = try Sample.atomEntry("<title type=\"text\">\(Self.escaped(text))</title>")
            #expect(entry.headline == Self.expected(text))
        }
    }

    @Test("as titles of RSS in HTML they come out as the same text")
    func rss() throws {
        for text in try Self.strings() {
            let entry = try Sample.item("<title>\(Self.escaped(Self.escaped(text)))</title>")
            #expect(entry.headline == Self.expected(text))
        }
    }

    @Test("as names in OPML they come out as the same text, and again when written")
    func opml() throws {
        let strings = try Self.strings()
        let outlines = strings.enumerated().map {
            "<outline text=\"\(Self.escaped($1))\" xmlUrl=\"http://a.example/\($0)\"/>"
        }
        let list = try OPMLTests.body(outlines.joined())
        #expect(list.subscriptions.map(\.title) == strings.map(Self.expected))
        #expect(try OPML.parse(OPML.write(list, created: 0)).subscriptions == list.subscriptions)
        let folders = SubscriptionList(
            subscriptions: strings.enumerated().compactMap { index, text in
                let tag = Self.expected(text)
                return tag.isEmpty ? nil : Subscription(title: tag, feedURL: "http://a.example/\(index)", tags: [tag])
            })
        // Some strings are there twice: a folder is written once, with all its feeds.
        func inOrder(_ list: SubscriptionList) -> [Subscription] {
            list.subscriptions.sorted { $0.feedURL < $1.feedURL }
        }
        #expect(try inOrder(OPML.parse(OPML.write(folders, created: 0))) == inOrder(folders))
    }

    @Test("as titles of a page's feeds they come out as the same text")
    func discovery() throws {
        for text in try Self.strings() {
            let html = "<link rel=feed href=/f title=\"\(Self.escaped(text))\">"
            let found = FeedDiscovery.links(inHTML: Data(html.utf8), contentType: nil, pageURL: "http://a.example/")
            let wanted = Self.expected(text)
            #expect((found.first?.title ?? "").prefix(150) == wanted.prefix(150))
        }
    }

    /// JSON may hold U+FFFE and U+FFFF; XML may not.
    private static func jsonExpected(_ text: String) -> String {
        let kept = text.unicodeScalars.filter { $0.value != 0xFFFE && $0.value != 0xFFFF }
        return text.unicodeScalars.count == kept.count ? expected(text) : CleanNoncharacters.keeping(text, expected)
    }
}

/// `expected` for a text whose non-characters stay.
private enum CleanNoncharacters {
    static func keeping(_ text: String, _ expected: (String) -> String) -> String {
        let marks = ["\u{FFFE}": "\u{E0F0}", "\u{FFFF}": "\u{E0F1}"]
        var text = text
        for (from, to) in marks { text = text.replacingOccurrences(of: from, with: to) }
        text = expected(text)
        for (from, to) in marks { text = text.replacingOccurrences(of: to, with: from) }
        return text
    }
}
