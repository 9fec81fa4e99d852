import FeedFormats
import FoundationEssentials
import Testing

@Suite("Recovery")
struct RecoveryTests {
    @Test(
        "a tag that is missing or too many costs no other entry, and the feed is called damaged",
        arguments: [
            "<item><title>a</item><item><title>b</title></item>",
            "<item><title>a</title></b></item><item><title>b</title></item>",
            "<item><title>a</Title></item><item><title>b</title></item>",
            "<item><title>a</title><category>x<link>/y</link></item><item><title>b</title></item>",
            "<item><title>a</title><br</item><item><title>b</title></item>",
        ])
    func tags(items: String) throws {
        let feed = try Sample.parse(Sample.rss(items))
        #expect(feed.entries.map(\.headline) == ["a", "b"])
        #expect(feed.isDamaged)
    }

    @Test("references, bare ampersands and ends of sections are read in any mixture")
    func mixture() throws {
        let feed = try Sample.parse(
            Sample.rss(
                "<item><title>a &amp;amp; b ]]&gt; c & d < e ]]> f &eacute;&#233;&unknown; &lt;i&gt;g</title></item>"))
        #expect(feed.entries.first?.headline == "a & b ]]> c & d < e ]]> f éé&unknown; g")
        #expect(feed.warnings.map(\.code) == [.unknownEntity, .damaged])
    }

    @Test("a flood of ampersands is text like any other")
    func flood() throws {
        let flood = String(repeating: "&", count: 300_000)
        let feed = try Sample.parse(Sample.rss("<item><description>\(flood)</description></item>"))
        #expect(feed.entries.first?.bodyText.utf8.count == 300_000)
        #expect(feed.warnings.map(\.code) == [.damaged])
    }

    @Test("a caller that gives up gets the entries up to there, and is told")
    func cancelled() throws {
        let items = (0..<10).map { "<item><title>\($0)</title></item>" }.joined()
        var asked = 0
        let feed = try FeedParser.parse(Data(Sample.rss(items).utf8), contentType: nil, baseURL: nil) {
            asked += 1
            return asked > 3
        }
        #expect(feed.entries.map(\.headline) == ["0", "1", "2"])
        #expect(feed.warnings.map(\.code) == [.limitReached])
    }

    @Test("elements past the bound are left out, and the feed says so")
    func manyElements() throws {
        var limits = FeedLimits()
        limits.elements = 20
        let feed = try Sample.parse(
            Sample.rss(String(repeating: "<item><title>x</title></item>", count: 30)), limits: limits)
        #expect(!feed.entries.isEmpty && feed.entries.count < 10)
        #expect(feed.warnings.map(\.code) == [.limitReached])
    }

    @Test("blanks around CDATA are no text")
    func paddedCDATA() throws {
        let entry = try Sample.item("<title>\n  <![CDATA[ A title ]]>\n </title><link> <![CDATA[ /x ]]> </link>")
        #expect(entry.headline == "A title" && entry.link == "https://paper.example/x")
    }

    @Test(
        "a byline gives name and address, in whatever order",
        arguments: [
            "me@x.example (Jane Doe)", "Jane Doe <me@x.example>", "Jane Doe (me@x.example)", "Jane Doe, me@x.example",
            "\"Jane Doe\" <mailto:me@x.example>",
        ])
    func bylines(text: String) throws {
        let escaped = text.split(separator: "<").joined(separator: "&lt;")
        let entry = try Sample.item("<author>\(escaped)</author>")
        #expect(entry.authors == [ParsedAuthor(name: "Jane Doe", mail: "me@x.example")])
    }
}
