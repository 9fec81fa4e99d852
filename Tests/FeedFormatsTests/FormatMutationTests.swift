import FeedFormats
import Foundation
import SyncTestKit
import Testing

/// JSON Feeds, lists and pages damaged at random, from seeds that are named when something fails.
/// (`Foundation` for `JSONSerialization`, which judges well-formedness beside us: tests only.)
@Suite("Mutations of JSON, OPML and pages")
struct FormatMutationTests {
    private static let json = #"""
        {"version":"https://jsonfeed.org/version/1.1","title":"T\u00fc","home_page_url":"https://a.example/","items":[
        {"id":"1","title":"One \"1\"","content_html":"<p>a<b>c</b></p>","tags":["x","y"],"date_published":"2024-01-02T03:04:05Z"},
        {"id":2,"url":"/2","authors":[{"name":"N","url":"https://n.example"}],"attachments":[{"url":"/e","size_in_bytes":1.5e3}]},
        {"id":"3","content_text":"a\n\nb","image":null,"_ext":{"deep":[[{"a":[true,false,null,-0.5]}]]}}],"expired":false}
        """#

    private static let opml = """
        <?xml version="1.0"?><opml version="2.0"><head><title>L</title></head><body><outline text="F"><outline text="A"
        title="A" type="rss" xmlUrl="http://a.example/f" htmlUrl="http://a.example/" category="/x/y,z"/></outline>
        <outline text="B &amp; C" xmlUrl="feed://b.example/f"/></body></opml>
        """

    private static let page = """
        <html><head><title>P</title><base href="/x/"><link rel="alternate" type="application/rss+xml" title="T" href="f">
        <!-- c --><script>if (a<b) {}</script></head><body><a href='/rss.xml' title="x">RSS</a> <a href=feed/>F</a></body></html>
        """

    private static let fragments = [
        "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "NaN", "\\ud800", "\\u001b", "\\u202e", "\u{1B}[2J", "\u{0}",
        "<", ">",
        "'", "&#27;", "&#x202e;", "<!--", "]]>", "<outline ", "xmlUrl=\"", "=", "/*", "//", "1e999", "-", "\n",
        "<script>", "é",
    ]

    private static func damaged(_ text: String, using random: inout SeededRandom) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...8, using: &random) where bytes.count > 2 {
            let at = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.insert(contentsOf: (fragments.randomElement(using: &random) ?? "").utf8, at: at)
            case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...40, using: &random)))
            case 3: bytes.removeSubrange(at...)
            default: bytes.swapAt(at, Int.random(in: 0..<bytes.count, using: &random))
            }
        }
        return bytes
    }

    private static func isClean(_ texts: [String?]) -> Bool {
        !texts.compactMap(\.self).joined().unicodeScalars.contains { scalar in
            (scalar.value < 0x20 && scalar != "\n" && scalar != "\t") || (0x7F...0x9F).contains(scalar.value)
                || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        }
    }

    @Test("a damaged JSON Feed never crashes, never leaks a control, and is called damaged if it is", arguments: 0..<4)
    func jsonFeed(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        for round in 0..<250 {
            let data = Data(Self.damaged(Self.json, using: &random))
            guard let feed = try? FeedParser.parse(data, contentType: nil, baseURL: nil) else { continue }
            let isMalformed = JSONSyntax.fault(in: data) != nil
            #expect(feed.warnings.contains { $0.code == .damaged } == isMalformed, "seed \(seed) round \(round)")
            var texts: [String?] = [feed.title, feed.siteURL, feed.description] + feed.warnings.map(\.message)
            for entry in feed.entries {
                texts += [entry.guid, entry.link, entry.headline, entry.bodyHTML, entry.bodyText, entry.standfirst]
                texts += entry.categories + entry.authors.map(\.name) + entry.enclosures.map(\.url)
            }
            #expect(Self.isClean(texts), "seed \(seed) round \(round)")
        }
    }

    @Test("of damaged JSON, Foundation takes what we call well-formed and nothing else", arguments: 10..<14)
    func secondOpinion(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        for round in 0..<500 {
            let bytes = Self.damaged(Self.json, using: &random)
            // Bytes that are no UTF-8 we replace before we look, and half characters the grammar allows.
            guard let text = String(validating: bytes, as: UTF8.self), !text.contains("\\ud") else { continue }
            let theirs = (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
            let ours = JSONSyntax.fault(in: Data(bytes))
            #expect((ours == nil) == theirs, "seed \(seed) round \(round): \(ours ?? "well-formed")")
        }
    }

    @Test("a damaged list never crashes, never leaks a control, and comes back when it is written", arguments: 20..<24)
    func opml(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        for round in 0..<250 {
            guard var list = try? OPML.parse(Data(Self.damaged(Self.opml, using: &random))) else { continue }
            var texts: [String?] = [list.title] + list.warnings.map(\.message)
            for item in list.subscriptions {
                texts += [item.title, item.feedURL, item.siteURL, item.language] + item.tags
            }
            #expect(Self.isClean(texts), "seed \(seed) round \(round)")
            list.warnings = []
            #expect(try OPML.parse(OPML.write(list, created: 0)) == list, "seed \(seed) round \(round)")
        }
    }

    @Test("a damaged page never crashes and never leaks a control", arguments: 30..<34)
    func discovery(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        for round in 0..<250 {
            let found = FeedDiscovery.links(
                inHTML: Data(Self.damaged(Self.page, using: &random)), contentType: nil, pageURL: "https://a.example/p")
            #expect(Self.isClean(found.flatMap { [$0.url, $0.title, $0.type] }), "seed \(seed) round \(round)")
            #expect(found.allSatisfy { $0.url.hasPrefix("http") }, "seed \(seed) round \(round)")
        }
    }
}
