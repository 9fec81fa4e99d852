import FeedFormats
import FoundationEssentials
import Testing

@Suite("Hostile documents")
struct HostileTests {
    @Test("a billion laughs stay one word, and the feed says so")
    func billionLaughs() throws {
        var document = "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY l0 'lol'>"
        for level in 1...9 {
            document += "<!ENTITY l\(level) '\(String(repeating: "&l\(level - 1);", count: 10))'>"
        }
        document += "]>" + "<rss version='2.0'><channel><item><title>&l9;</title></item></channel></rss>"
        let feed = try Sample.parse(document)
        #expect(feed.entries.first?.headline == "&l9;")
        #expect(feed.warnings.map(\.code) == [.unknownEntity])
    }

    @Test("an external entity fetches no file")
    func externalEntity() throws {
        let feed = try Sample.parse(
            """
            <!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "file:///etc/hosts"> %p;]>
            <rss version="2.0"><channel><item><title>&x;</title><description>&x;</description></item></channel></rss>
            """)
        let entry = try #require(feed.entries.first)
        #expect(entry.headline == "&x;")
        #expect(!entry.bodyText.contains("root:"))
        #expect(feed.warnings.contains { $0.code == .unknownEntity })
    }

    @Test("200,000 attributes end the parse at once")
    func manyAttributes() throws {
        let attributes = (0..<200_000).map { " a\($0)=''" }.joined()
        let feed = try Sample.parse(Sample.rss("<item><guid>g</guid></item><item\(attributes)/>"))
        #expect(feed.entries.map(\.guid) == ["g"])
        #expect(feed.warnings.map(\.code) == [.limitReached])
    }

    @Test("200,000 attributes of an HTML tag are read in linear time, and the first are kept")
    func manyHTMLAttributes() {
        let attributes = (0..<200_000).map { " a\($0)" }.joined()
        #expect(
            HTMLSanitizer.sanitize("<a href='http://x.example/'\(attributes)>x</a>", base: nil)
                == "<a href=\"http://x.example/\">x</a>")
    }

    @Test("elements nested 100,000 deep end the parse, the entries before them stay")
    func deepNesting() throws {
        let deep = String(repeating: "<a>", count: 100_000)
        let feed = try Sample.parse(Sample.rss("<item><guid>g</guid></item><item>\(deep)"))
        #expect(feed.entries.map(\.guid) == ["g"])
        #expect(feed.warnings.map(\.code) == [.limitReached])
    }

    @Test("HTML nested 100,000 deep comes out flat, its text kept")
    func deepHTML() {
        let deep =
            String(repeating: "<div>", count: 100_000) + "x" + String(repeating: "</i></div>", count: 100_000)
        let html = HTMLSanitizer.sanitize(deep, base: nil)
        #expect(html.components("<div>") == HTMLSanitizer.maximumDepth)
        #expect(PlainText.render(deep) == "x")
    }

    @Test("an attribute past the bound ends the parse")
    func longAttribute() throws {
        let long = String(repeating: "x", count: 70_000)
        let feed = try Sample.parse(Sample.rss("<item><guid>g</guid></item><item a='\(long)'/>"))
        #expect(feed.entries.count == 1)
        #expect(feed.warnings.map(\.code) == [.limitReached])
    }

    @Test("a text past the bound is cut, and the feed says so")
    func longText() throws {
        var limits = FeedLimits()
        limits.textBytes = 1000
        let long = String(repeating: "x", count: 5000)
        let feed = try Sample.parse(
            Sample.rss("<item><description>\(long)</description></item>"), limits: limits)
        #expect(feed.entries.first?.bodyText.count == 1000)
        #expect(feed.warnings.map(\.code) == [.limitReached])
    }

    @Test("entries past the bound are left out, and the feed says so")
    func manyEntries() throws {
        var limits = FeedLimits()
        limits.entries = 3
        let feed = try Sample.parse(Sample.rss(String(repeating: "<item/>", count: 9)), limits: limits)
        #expect(feed.entries.count == 3)
        #expect(feed.warnings.map(\.code) == [.limitReached])
    }

    @Test("a document past the bound is refused")
    func tooLarge() {
        var limits = FeedLimits()
        limits.documentBytes = 100
        #expect(Sample.code(Sample.rss(""), limits: limits) == .tooLarge)
    }

    @Test("namespace declarations in scope are bounded")
    func manyNamespaces() throws {
        var nested = ""
        for level in 0..<10 {
            nested +=
                "<e " + (0..<30).map { "xmlns:p\(level)q\($0)='u:\(level)/\($0)'" }.joined(separator: " ")
                + ">"
        }
        let feed = try Sample.parse(Sample.rss("<item><guid>g</guid></item>\(nested)"))
        #expect(feed.entries.count == 1)
        #expect(feed.warnings.first?.code == .limitReached)
    }

    @Test("invalid UTF-8 is replaced, and the feed says so")
    func invalidUTF8() throws {
        var bytes = Data("<rss version='2.0'><channel><item><title>a".utf8)
        bytes.append(contentsOf: [0xC3, 0x28, 0xFF, 0xED, 0xA0, 0x80])
        bytes.append(contentsOf: Data("äöüßéèàç".utf8))
        bytes.append(contentsOf: Data("b</title></item></channel></rss>".utf8))
        let feed = try FeedParser.parse(bytes, contentType: nil, baseURL: nil)
        let headline = try #require(feed.entries.first?.headline)
        #expect(headline.hasPrefix("a\u{FFFD}(") && headline.hasSuffix("b"))
        #expect(feed.warnings.map(\.code) == [.badEncoding])
    }

    @Test("NULs and other control characters leave no trace, raw or as references")
    func controls() throws {
        let entry = try Sample.item(
            "<title>a\u{0}b\u{1B}[31mc&#27;]0;x&#7;&#x9b;d\u{85}</title><description>&lt;p&gt;x&amp;#27;[2Jy\u{202E}z&lt;/p&gt;</description>"
        )
        #expect(entry.headline == "ab[31mc]0;x\u{203A}d\u{2026}")
        #expect(entry.bodyText == "x[2Jyz")
    }

    @Test("no string of a feed carries a terminal escape, wherever it was hidden")
    func noEscapes() throws {
        let evil = "&#27;]8;;x\u{1B}\\&amp;#x1b;\u{9B}31m\u{202E}\u{2066}"
        let feed = try Sample.parse(
            Sample.rss(
                """
                <item><title>\(evil)</title><guid>\(evil)</guid><link>/\(evil)</link><author>\(evil)n</author>
                <category>\(evil)</category><description>\(evil)</description><rs:kicker>\(evil)</rs:kicker>
                <rs:author name="n\(evil)" bio="\(evil)"/><enclosure url="/\(evil)" type="\(evil)"/>
                <media:content url="/i.jpg"><media:credit>\(evil)</media:credit></media:content>
                <content:encoded>&lt;img alt='\(evil)' src='/x'&gt;&lt;a href='/\(evil)'&gt;y&lt;/a&gt;</content:encoded>
                <pubDate>\(evil)</pubDate></item>
                """, channel: "<description>\(evil)</description><language>\(evil)</language>"))
        let dump = "\(feed)"
        let bad = dump.unicodeScalars.filter {
            ($0.value < 0x20 && $0 != "\n" && $0 != "\t") || (0x7F...0x9F).contains($0.value)
                || (0x202A...0x202E).contains($0.value) || (0x2066...0x2069).contains($0.value)
        }
        #expect(bad.isEmpty)
        #expect(feed.entries.count == 1)
    }

    @Test("a document cut at any byte gives a prefix of its entries and never crashes")
    func truncation() throws {
        let items = (0..<12).map { number in
            """
            <item><guid isPermaLink="false">g\(number)</guid><title>N\u{E9}\(number) &amp; co</title>\
            <link>/a?x=1&amp;y=\(number)</link><!-- c --><content:encoded><![CDATA[<p>Body <b>\(number)</b></p>]]>\
            </content:encoded><pubDate>Wed, 31 Dec 2003 10:14:55 GMT</pubDate></item>
            """
        }
        let whole = Array(Sample.rss(items.joined()).utf8)
        let entries = try Sample.parse(String(decoding: whole, as: UTF8.self)).entries
        #expect(entries.count == 12)
        for cut in stride(from: 0, to: whole.count - 1, by: 97) {
            guard
                let feed = try? FeedParser.parse(
                    Data(whole[..<cut]), contentType: nil, baseURL: "https://paper.example/feeds/all.xml")
            else {
                #expect(cut < 400, "refused at \(cut)")
                continue
            }
            #expect(feed.entries == Array(entries.prefix(feed.entries.count)), "cut at \(cut)")
            #expect(feed.isDamaged, "cut at \(cut)")
        }
    }

    @Test(
        "what is no feed is refused",
        arguments: [
            "", "   \n", "<!DOCTYPE html><html><body>x</body></html>", "<html></html>", "{\"a\": 1}",
            "plain words",
            "<svg xmlns='http://www.w3.org/2000/svg'/>", "<", "%PDF-1.4",
        ])
    func notAFeed(text: String) {
        #expect(Sample.code(text) == .notAFeed)
    }

    @Test("the refusal names what the document looks like")
    func refusalNames() {
        for (text, word) in [("<html/>", "HTML"), ("[1]", "JSON"), ("", "empty"), ("<svg/>", "<svg>")] {
            let error = #expect(throws: FeedError.self) { try Sample.parse(text) }
            #expect(error?.context.contains(word) == true)
        }
    }

    @Test("a bare ampersand and HTML entities are read as they were meant")
    func looseEntities() throws {
        let feed = try Sample.parse(
            Sample.rss("<item><title>R&D caf&eacute; &amp; bar &ndash; &lt;x&gt; AT&T</title></item>"))
        #expect(feed.entries.first?.headline == "R&D caf\u{E9} & bar \u{2013} AT&T")
        #expect(feed.warnings.map(\.code) == [.damaged])
    }

    @Test("a mismatched end tag costs no later entry")
    func mismatchedTag() throws {
        let feed = try Sample.parse(
            Sample.rss("<item><title>a</titel></item><item><title>b &amp; c</title></item>"))
        #expect(feed.entries.contains { $0.headline.hasSuffix("b & c") })
        #expect(feed.isDamaged)
    }

    @Test("a comment or string in a document type does not end it early")
    func trickyDoctype() throws {
        let feed = try Sample.parse(
            """
            <!DOCTYPE rss [<!-- ]> ' --><!ENTITY a "]>"><!ELEMENT b (c)>]><rss version="2.0"><channel><title>T</title>
            </channel></rss>
            """)
        #expect(feed.title == "T")
        #expect(feed.warnings.isEmpty)
    }

    @Test(
        "other encodings are converted, the header's charset first",
        arguments: [
            ("", "text/xml; charset=windows-1252"), ("<?xml version='1.0' encoding='iso-8859-1'?>", nil),
            ("<?xml version='1.0' encoding='utf-8'?>", "text/xml;charset=\"ISO-8859-1\""),
        ] as [(String, String?)])
    func encodings(declaration: String, contentType: String?) throws {
        var bytes = Data("\(declaration)<rss version='2.0'><channel><title>".utf8)
        bytes.append(contentsOf: [0x63, 0x61, 0x66, 0xE9, 0x93])
        bytes.append(contentsOf: Data("</title></channel></rss>".utf8))
        let feed = try FeedParser.parse(bytes, contentType: contentType, baseURL: nil)
        #expect(feed.title == "caf\u{E9}\u{201C}")
    }

    @Test("UTF-16 with a byte order mark is converted")
    func utf16() throws {
        var bytes = Data([0xFF, 0xFE])
        for unit in "<rss version='2.0'><channel><title>\u{1F600}</title></channel></rss>".utf16 {
            bytes.append(UInt8(truncatingIfNeeded: unit))
            bytes.append(UInt8(truncatingIfNeeded: unit >> 8))
        }
        #expect(try FeedParser.parse(bytes, contentType: nil, baseURL: nil).title == "\u{1F600}")
    }

    @Test("many threads may parse at once")
    func threads() async throws {
        let document = Sample.rss(
            "<item><guid>g</guid><description>&lt;p&gt;x&lt;/p&gt;</description></item>")
        let expected = try Sample.parse(document)
        await withTaskGroup(of: ParsedFeed?.self) { group in
            for _ in 0..<32 { group.addTask { try? Sample.parse(document) } }
            for await feed in group { #expect(feed == expected) }
        }
    }
}

extension String {
    /// How often `part` occurs.
    func components(_ part: String) -> Int {
        let (bytes, wanted) = (Array(utf8), Array(part.utf8))
        guard bytes.count >= wanted.count else { return 0 }
        return (0...(bytes.count - wanted.count)).count {
            bytes[$0..<($0 + wanted.count)].elementsEqual(wanted)
        }
    }
}
