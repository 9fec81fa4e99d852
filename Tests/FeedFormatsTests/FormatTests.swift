import FeedFormats
import Testing

@Suite("Formats")
struct FormatTests {
    @Test(
        "each format is told by its root and namespace, whatever prefix that is bound to",
        arguments: [
            ("<rss version='0.91'><channel/></rss>", .rss, "0.91"),
            ("<rss version='2.0'><channel/></rss>", .rss, "2.0"),
            ("<RSS><channel/></RSS>", .rss, ""),
            (
                "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'/>", .rdf,
                "1.0"
            ),
            (
                "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://my.netscape.com/rdf/simple/0.9/'/>",
                .rdf, "0.90"
            ),
            ("<Channel xmlns='http://purl.org/net/rss1.1#'/>", .rdf, "1.1"),
            ("<feed version='0.3' xmlns='http://purl.org/atom/ns#'/>", .atom, "0.3"),
            ("<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:title/></a:feed>", .atom, "1.0"),
            ("<entry xmlns='http://www.w3.org/2005/Atom'><title>x</title></entry>", .atom, "1.0"),
            ("<CHANNEL HREF='http://x.example/'/>", .cdf, ""),
        ] as [(String, FeedFormat, String)])
    func versions(document: String, format: FeedFormat, version: String) throws {
        let feed = try Sample.parse(document)
        #expect(feed.format == format)
        #expect(feed.version == version)
    }

    @Test("RSS 1.0 keeps its items beside the channel, and the item's rdf:about is its id")
    func rdf() throws {
        let feed = try Sample.parse(
            """
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
              xmlns:dc="http://purl.org/dc/elements/1.1/">
            <channel rdf:about="http://x.example/rss"><title>Paper</title><link>http://x.example/</link>
            <items><rdf:Seq><rdf:li rdf:resource="http://x.example/1"/></rdf:Seq></items>
            <image rdf:resource="http://x.example/i.png"/></channel>
            <image><title>Not it</title><url>http://x.example/i.png</url></image>
            <item rdf:about="http://x.example/1"><title>One</title><link>http://x.example/1</link>
            <dc:creator>Jane</dc:creator><dc:date>2003-12-31T10:14:55Z</dc:date></item></rdf:RDF>
            """)
        #expect(feed.title == "Paper")
        #expect(feed.iconURL == "http://x.example/i.png")
        let entry = try #require(feed.entries.first)
        #expect(entry.guid == "http://x.example/1" && entry.link == "http://x.example/1")
        #expect(entry.authors.map(\.name) == ["Jane"])
        #expect(entry.published == 1_072_865_695_000)
    }

    @Test("RSS 1.1 wraps its items")
    func rss11() throws {
        let feed = try Sample.parse(
            """
            <Channel xmlns="http://purl.org/net/rss1.1#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <title>T</title><link>http://x.example/</link>
            <items rdf:parseType="Collection"><item rdf:about="urn:1"><title>One</title></item></items></Channel>
            """)
        #expect(feed.entries.map(\.headline) == ["One"])
        #expect(feed.entries.first?.guid == "urn:1")
    }

    @Test("Atom 0.3 has dates, modes and types of its own")
    func atom03() throws {
        let feed = try Sample.parse(
            """
            <feed version="0.3" xmlns="http://purl.org/atom/ns#"><title mode="base64" type="text/html">\
            Jmx0O2ImZ3Q7VCZsdDsvYiZndDs=</title><tagline>About</tagline><modified>2003-12-31T10:14:55Z</modified>
            <entry><title>A &lt; B</title><issued>2003-12-30</issued><created>2003-12-29</created>
            <modified>2003-12-31T10:14:55Z</modified><content type="application/xhtml+xml" mode="xml">\
            <div xmlns="http://www.w3.org/1999/xhtml"><p>Text</p></div></content></entry></feed>
            """)
        #expect(feed.title == "<b>T</b>")
        #expect(feed.description == "About")
        let entry = try #require(feed.entries.first)
        #expect(entry.headline == "A < B")
        #expect(entry.published == Sample.milliseconds("2003-12-30") && entry.publishedHasDayPrecision)
        #expect(entry.updated == 1_072_865_695_000)
        #expect(entry.bodyText == "Text")
    }

    @Test("the Channel Definition Format writes addresses and dates into attributes")
    func cdf() throws {
        let feed = try Sample.parse(
            """
            <CHANNEL HREF="http://x.example/" LASTMOD="2003-12-31"><TITLE>T</TITLE><ABSTRACT>A</ABSTRACT>
            <ITEM HREF="http://x.example/1" LASTMOD="2003-12-30T01:00:00Z"><TITLE>One</TITLE><ABSTRACT>S</ABSTRACT></ITEM>
            </CHANNEL>
            """)
        #expect(feed.siteURL == "http://x.example/" && feed.description == "A")
        let entry = try #require(feed.entries.first)
        #expect(entry.link == "http://x.example/1" && entry.standfirst == "S")
        #expect(entry.updated == Sample.milliseconds("2003-12-30T01:00:00Z"))
    }

    @Test("what a feed says about fetching it is kept, nonsense is not")
    func hints() throws {
        let hints = try Sample.parse(
            Sample.rss(
                "",
                channel: """
                    <ttl>90</ttl><skipHours><hour>0</hour><hour>24</hour><hour>7</hour><hour>99</hour></skipHours>
                    <skipDays><day>Sunday</day><day>Monday</day><day>Never</day></skipDays>
                    <itunes:new-feed-url xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">https://new.example/f\
                    </itunes:new-feed-url>
                    """)
        ).hints
        #expect(hints.lifetime == 5_400_000)
        #expect(hints.skippedHours == [0, 7] && hints.skippedDays == [0, 6])
        #expect(hints.newURL == "https://new.example/f")
        let silly = try Sample.parse(Sample.rss("", channel: "<ttl>-5</ttl><skipHours><hour>x</hour></skipHours>"))
            .hints
        #expect(silly == FeedHints())
    }

    @Test("the syndication module divides a period by its frequency")
    func syndication() throws {
        let channel = """
            <sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"> hourly </sy:updatePeriod>
            <sy:updateFrequency xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">4</sy:updateFrequency>
            """
        #expect(try Sample.parse(Sample.rss("", channel: channel)).hints.lifetime == 900_000)
    }

    @Test("the feed's own authors, categories and dates are told, the technician only where nobody else is named")
    func feedMetadata() throws {
        let feed = try Sample.parse(
            Sample.rss(
                "<item><title>x</title></item>",
                channel: """
                    <webMaster>tech@x.example (Tech)</webMaster><managingEditor>ed@x.example (Ed)</managingEditor>
                    <category>News</category><pubDate>Wed, 31 Dec 2003 10:14:55 GMT</pubDate>
                    <lastBuildDate>Thu, 01 Jan 2004 10:14:55 GMT</lastBuildDate>
                    """))
        #expect(feed.authors == [ParsedAuthor(name: "Ed", mail: "ed@x.example")])
        #expect(feed.entries.first?.authors == feed.authors)
        #expect(feed.categories == ["News"])
        #expect(feed.published == 1_072_865_695_000 && feed.updated == 1_072_952_095_000)
        let other = try Sample.parse(Sample.rss("", channel: "<webMaster>tech@x.example (Tech)</webMaster>"))
        #expect(other.authors.map(\.name) == ["Tech"])
    }

    @Test("an entry's element counts only directly in the entry")
    func depth() throws {
        let entry = try Sample.item(
            "<image><title>Wrong</title></image><title>Right</title><foo><link>/no</link></foo>")
        #expect(entry.headline == "Right" && entry.link == nil)
    }

    @Test("summary and body are both kept as HTML where they differ, and the comments' page is told")
    func summary() throws {
        let entry = try Sample.item(
            """
            <description>&lt;p&gt;Short &lt;a href="/x"&gt;x&lt;/a&gt;&lt;/p&gt;</description><content:encoded>Long</content:encoded>
            <comments>/talk</comments>
            """)
        #expect(entry.summaryHTML == "<p>Short <a href=\"https://paper.example/x\">x</a></p>")
        #expect(entry.commentsURL == "https://paper.example/talk")
        #expect(try Sample.item("<description>Only</description>").summaryHTML == nil)
    }

    @Test("a feed in an unknown default namespace is read as if it had none")
    func unknownDefault() throws {
        let feed = try Sample.parse(
            "<rss version='2.0' xmlns='urn:nobody'><channel><item><title>T</title></item></channel></rss>")
        #expect(feed.entries.map(\.headline) == ["T"])
    }
}
