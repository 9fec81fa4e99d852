import FeedFormats
import Testing

import struct FoundationEssentials.Data

@Suite("Documents that are cut, or have junk around them")
struct CutTests {
    static let item = "<item><title>a</title><link>https://paper.example/1</link></item>"

    @Test(
        "a document that ends before its root does is cut",
        arguments: [
            "<rss version='2.0'><channel>\(item)", "<rss version='2.0'><channel>\(item)<item><title>b &amp; c",
            "<rss version='2.0'><channel>\(item)</channel>", "<rss version='2.0'><channel>\(item)<!-- </channel></rss>",
            "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"items\":[{\"id\":\"1\"},",
        ])
    func cut(_ document: String) throws {
        let feed = try Sample.parse(document)
        #expect(feed.isCut && feed.isDamaged && feed.entries.count == 1)
    }

    @Test(
        "a document that was repaired and is whole is not cut",
        arguments: [
            "<item><title>R&D</title></item>", "<item><title>a</titel></item>", "<item><title>a</title>", "</b>\(item)",
        ])
    func repaired(_ items: String) throws {
        let feed = try Sample.parse(Sample.rss(items))
        #expect(!feed.isCut && feed.isDamaged && feed.entries.count == 1)
    }

    @Test("a document with entries where none can be read is cut, one with mere junk behind it is not")
    func lost() throws {
        #expect(try Sample.parse(Sample.rss(Self.item) + "<item><title>b</title></item>").isCut)
        let unquoted = "<item><title>a</title><enclosure url=\"x></item><item><title>b</title></item>\(Self.item)"
        #expect(try Sample.parse(Sample.rss("\(unquoted)<item><enclosure url=\"y\"/></item>")).isCut)
        let trailed = try Sample.parse(Sample.rss(Self.item) + "<b>Warning</b>: x\n<!-- cached -->")
        #expect(!trailed.isCut && trailed.entries.count == 1 && trailed.warnings.map(\.code) == [.damaged])
    }

    @Test("a document left at a limit, or because nobody waits, is cut")
    func limits() throws {
        var limits = FeedLimits()
        limits.entries = 1
        #expect(try Sample.parse(Sample.rss(Self.item + Self.item), limits: limits).isCut)
        let text = Data(Sample.rss(Self.item).utf8)
        #expect(try FeedParser.parse(text, contentType: nil, baseURL: nil) { true }.isCut)
    }

    @Test(
        "junk before the document is left out, and the feed says so",
        arguments: [
            "<br />\n<b>Warning</b>: foo in <b>x.php</b> on line 3<br />\n<?xml version='1.0'?>",
            "<br />\n<b>Notice</b>: bar<br />\n", "Notice: foo\n<?xml version='1.0'?>", "<script>x < 1</script>",
            "<!-- cached --><div><?php echo 1 ?></div><?xml version='1.0'?>",
        ])
    func leadingJunk(_ junk: String) throws {
        let feed = try Sample.parse(junk + Sample.rss(Self.item))
        #expect(feed.entries.map(\.headline) == ["a"])
        #expect(feed.warnings.map(\.code) == [.damaged] && feed.warnings.first?.message.contains("junk") == true)
        #expect(!feed.isCut)
    }

    @Test("some kilobytes of junk are left out if a feed follows, and refused if none does")
    func muchJunk() throws {
        for line in ["Warning: foo in x.php on line 3\n", "<br />\n<b>Warning</b>: x < y<br />\n"] {
            let junk = String(repeating: line, count: 300)
            #expect(try Sample.parse(junk + Sample.rss(Self.item)).entries.count == 1)
            #expect(Sample.code(junk + "<p>x</p>") == .notAFeed)
        }
    }

    @Test("the encoding that is declared behind junk counts")
    func encodingBehindJunk() throws {
        var bytes = Data("<br />\n<?xml version='1.0' encoding='iso-8859-5'?><rss><channel><title>".utf8)
        bytes.append(contentsOf: [0xBF, 0xE0])
        bytes.append(contentsOf: Data("</title></channel></rss>".utf8))
        #expect(try FeedParser.parse(bytes, contentType: nil, baseURL: nil).title == "\u{41F}\u{440}")
    }

    @Test(
        "a web page that speaks of feeds is none",
        arguments: [
            "<!doctype html><p>x<rss version='2.0'>", "<html><body><rss>", "<head><title>x</title></head><rss >",
            "<?xml version='1.0'?><report><rss version='2.0'></rss></report>", "<div>&lt;rss></div>",
            "<unknown><channel><title>x</title></channel></unknown>", "<div><feed>x</feed></div>",
        ])
    func pages(_ page: String) {
        #expect(throws: FeedError.self) { try Sample.parse(page) }
    }

    @Test("control characters leave a warning", arguments: ["\u{0}", "\u{8}", "\u{B}"])
    func controls(_ control: String) throws {
        for text in ["a\(control)b", "<![CDATA[a\(control)b]]>"] {
            let feed = try Sample.parse(Sample.rss("<item><title>\(text)</title></item>"))
            #expect(feed.entries.map(\.headline) == ["ab"] && feed.warnings.map(\.code) == [.damaged])
        }
    }

    @Test(
        "an entry directly in an entry ends it, and none is lost",
        arguments: [
            "<item><title>a</title><item><title>b</title></item></item><item><title>c</title></item>",
            "<item><title>a</title><item><title>b</title><item><title>c</title></item>",
        ])
    func unclosedEntries(_ items: String) throws {
        let feed = try Sample.parse(Sample.rss(items))
        #expect(feed.entries.map(\.headline) == ["a", "b", "c"])
        #expect(feed.warnings.map(\.code) == [.damaged] && !feed.isCut)
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom'>\(items.replacing("item>", with: "entry>"))</feed>"
        #expect(try Sample.parse(atom).entries.map(\.headline) == ["a", "b", "c"])
    }

    @Test("an enormous text is cut, and the rest of the feed is read", arguments: [true, false])
    func enormousText(isSection: Bool) throws {
        let paragraphs = String(
            repeating: "<p>Lorem]]ipsum > d\u{F6}lor sit amet, consectetur adip</p>", count: 200_000)
        let text =
            isSection
            ? "<![CDATA[\(paragraphs)]]>"
            : paragraphs.replacing("<", with: "&lt;")
        let feed = try Sample.parse(Sample.rss("<item><description>\(text)</description></item>\(Self.item)"))
        #expect(feed.entries.count == 2 && feed.warnings.map(\.code) == [.limitReached] && !feed.isCut)
        #expect(feed.entries.first?.bodyText.hasPrefix("Lorem]]ipsum > d\u{F6}lor sit") == true)
    }

    @Test("a text that is handed on in pieces is put together without a seam", arguments: [true, false])
    func pieces(isSection: Bool) throws {
        // Of a length that divides no power of two, so that a piece ends everywhere in it.
        let paragraph = "<p>Lor]]em]]>ipsum > d\u{F6}lor &amp; sit\u{1F600} amet]</p>"
        let paragraphs = String(repeating: paragraph, count: 10_000)
        let text =
            isSection
            ? "<![CDATA[\(paragraphs.replacing("]]>", with: "]]]]><![CDATA[>"))]]>"
            : paragraphs.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        let feed = try Sample.parse(Sample.rss("<item><description>\(text)</description></item>\(Self.item)"))
        #expect(feed.warnings.isEmpty && feed.entries.count == 2)
        let lines = feed.entries[0].bodyText.split(separator: "\n")
        #expect(lines.count == 10_000)
        #expect(Set(lines) == ["Lor]]em]]>ipsum > d\u{F6}lor & sit\u{1F600} amet]"])
    }

    @Test("entities stay unexpanded in a document of any size")
    func entities() throws {
        let doctype = "<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
        let feed = try Sample.parse(doctype + Sample.rss("<item><title>&b;</title></item>"))
        #expect(feed.entries.map(\.headline) == ["&b;"])
    }

    @Test("the title of the media serves an entry that has no other")
    func mediaTitle() throws {
        let media = "<media:content url='https://paper.example/a.jpg'><media:title>M</media:title></media:content>"
        #expect(try Sample.item(media).headline == "M")
        #expect(try Sample.item("<title>T</title>\(media)").headline == "T")
    }

    @Test("a language with an underscore has a hyphen, in every format")
    func languages() throws {
        #expect(try Sample.parse(Sample.rss("<language>en_US</language>")).language == "en-US")
        let json = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"language\":\"en_US\",\"items\":[]}"
        #expect(try Sample.parse(json).language == "en-US")
    }
}
