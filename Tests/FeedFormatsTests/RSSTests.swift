import FeedFormats
import Testing

@Suite("RSS 2.0")
struct RSSTests {
    @Test("a channel gives title, page, own address, language, description and icon")
    func channel() throws {
        let feed = try Sample.parse(
            Sample.rss(
                "",
                channel: """
                    <link>https://paper.example/</link><description> A &lt;b&gt;paper&lt;/b&gt; </description>
                    <language>en-gb</language><atom:link rel="self" href="/feeds/own.xml"/>
                    <image><url>icon.png</url><title>not the title</title></image>
                    """))
        #expect(feed.format == .rss)
        #expect(feed.title == "Paper")
        #expect(feed.siteURL == "https://paper.example/")
        #expect(feed.feedURL == "https://paper.example/feeds/own.xml")
        #expect(feed.language == "en-gb")
        #expect(feed.description == "A paper")
        #expect(feed.iconURL == "https://paper.example/icon.png")
        #expect(feed.warnings.isEmpty)
    }

    @Test("an opaque guid marked isPermaLink=false is no link")
    func opaqueGuid() throws {
        let entry = try Sample.item(
            #"<guid isPermaLink="false"> abcdefghij0123456789xy </guid><link>/a</link>"#)
        #expect(entry.guid == "abcdefghij0123456789xy")
        #expect(!entry.guidIsPermalink)
        #expect(entry.link == "https://paper.example/a")
    }

    @Test("a guid that is an address serves as the link of an item without one")
    func permalinkGuid() throws {
        let entry = try Sample.item("<guid>https://paper.example/7</guid>")
        #expect(entry.guidIsPermalink)
        #expect(entry.link == "https://paper.example/7")
    }

    @Test("an item without guid keeps none, so that the caller falls back knowingly")
    func missingGuid() throws {
        #expect(try Sample.item("<link>/a</link>").guid == nil)
    }

    @Test("content:encoded is the body and the description the standfirst")
    func bodyAndStandfirst() throws {
        let entry = try Sample.item(
            """
            <description><![CDATA[   A short   line.  ]]></description>
            <content:encoded><![CDATA[<p>The <b>body</b>.</p>]]></content:encoded>
            """)
        #expect(entry.standfirst == "A short line.")
        #expect(entry.bodyHTML == "<p>The <b>body</b>.</p>")
        #expect(entry.bodyText == "The body.")
    }

    @Test("a description alone is both body and standfirst, the standfirst cut at a word")
    func longDescription() throws {
        let words = Array(repeating: "alpha", count: 200).joined(separator: " ")
        let entry = try Sample.item("<description>\(words)</description>")
        let standfirst = try #require(entry.standfirst)
        #expect(standfirst.count <= 601)
        #expect(standfirst.hasSuffix("alpha…"))
        #expect(entry.bodyText.count == words.count)
    }

    @Test(
        "our own vocabulary gives kicker, standfirst, section, authors with bio, access and related articles")
    func ownVocabulary() throws {
        let entry = try Sample.item(
            """
            <category>Europe</category><dc:creator>Somebody Else</dc:creator><description>Not this</description>
            <rs:kicker>Talking Points</rs:kicker><rs:standfirst>This one</rs:standfirst><rs:section>World</rs:section>
            <rs:author name="Ada Lind" url="/people/ada" bio="Writes on rivers."/><rs:access>subscriber</rs:access>
            <rs:related>/b</rs:related><rs:related>https://paper.example/c</rs:related>
            """)
        #expect(entry.kicker == "Talking Points")
        #expect(entry.standfirst == "This one")
        #expect(entry.section == "World")
        #expect(
            entry.authors == [
                ParsedAuthor(
                    name: "Ada Lind", url: "https://paper.example/people/ada", bio: "Writes on rivers.")
            ])
        #expect(entry.access == .subscriber)
        #expect(entry.relatedLinks == ["https://paper.example/b", "https://paper.example/c"])
    }

    @Test("without our vocabulary the first category is the section")
    func derivedSection() throws {
        let entry = try Sample.item(
            "<category>Europe</category><category>Trade</category><dc:subject>Trade</dc:subject>")
        #expect(entry.section == "Europe")
        #expect(entry.categories == ["Europe", "Trade"])
    }

    @Test(
        "access is free unless a known word says otherwise",
        arguments: ["", "<rs:access>members</rs:access>"])
    func defaultAccess(inner: String) throws {
        #expect(try Sample.item(inner).access == .free)
    }

    @Test(
        "an author is found in every spelling",
        arguments: [
            "<author>ada@paper.example (Ada Lind)</author>",
            "<author>Ada Lind &lt;ada@paper.example&gt;</author>",
            "<dc:creator><![CDATA[ Ada Lind ]]></dc:creator>", "<author>Ada Lind</author>",
            "<atom:author><atom:name>Ada Lind</atom:name></atom:author>",
        ])
    func author(inner: String) throws {
        #expect(try Sample.item(inner).authors.map(\.name) == ["Ada Lind"])
    }

    @Test("the lead image carries caption, credit and text for those who do not see it")
    func leadImage() throws {
        let entry = try Sample.item(
            """
            <media:content url="/i.jpg" medium="image"><media:description>A bridge</media:description>
            <media:credit>Jo Park</media:credit><media:title>A stone bridge at dusk</media:title></media:content>
            """)
        #expect(
            entry.leadImage
                == ParsedImage(
                    url: "https://paper.example/i.jpg", caption: "A bridge", credit: "Jo Park",
                    alt: "A stone bridge at dusk"))
    }

    @Test("texts of a media group hold for the images in it, of which the widest leads")
    func mediaGroup() throws {
        let entry = try Sample.item(
            """
            <media:group><media:content url="/s.jpg" type="image/jpeg" width="100"/>
            <media:content url="/l.jpg" type="image/jpeg" width="900"/><media:credit>Jo</media:credit></media:group>
            """)
        #expect(entry.leadImage == ParsedImage(url: "https://paper.example/l.jpg", credit: "Jo"))
    }

    @Test("a thumbnail, then an enclosed image, stand in for a missing lead image")
    func imageFallbacks() throws {
        let enclosed = #"<enclosure url="/e.png" type="image/png" length="0"/>"#
        #expect(try Sample.item(enclosed).leadImage?.url == "https://paper.example/e.png")
        let both = try Sample.item(enclosed + #"<media:thumbnail url="/t.png"/>"#)
        #expect(both.leadImage?.url == "https://paper.example/t.png")
    }

    @Test("an enclosure of length 0 is one of unknown length")
    func enclosure() throws {
        let entry = try Sample.item(#"<enclosure url="/e.mp3" type="audio/mpeg" length="0"/>"#)
        #expect(entry.enclosures == [ParsedEnclosure(url: "https://paper.example/e.mp3", type: "audio/mpeg")])
    }

    @Test("atom:link in an item gives related articles")
    func atomRelated() throws {
        #expect(
            try Sample.item(#"<atom:link rel="related" href="/r"/>"#).relatedLinks == [
                "https://paper.example/r"
            ])
    }

    @Test(
        "a namespace is known although its URI is a near miss",
        arguments: [
            "https://purl.org/dc/elements/1.1/", "http://purl.org/dc/elements/1.1",
            "http://www.purl.org/DC/elements/1.1/",
            "http://purl.org/dc/elements/2000",
        ])
    func nearMiss(uri: String) throws {
        let feed = try Sample.parse(
            "<rss version='2.0' xmlns:dc='\(uri)'><channel><item><dc:creator>A</dc:creator></item></channel></rss>"
        )
        #expect(feed.entries.first?.authors.map(\.name) == ["A"])
    }

    @Test("a well-known prefix that was never bound is understood, and the feed is called damaged")
    func unboundPrefix() throws {
        let feed = try Sample.parse(
            "<rss version='2.0'><channel><item><content:encoded>Hi</content:encoded></item></channel></rss>")
        #expect(feed.entries.first?.bodyText == "Hi")
    }

    @Test("a foreign vocabulary under a well-known prefix is not read as the known one")
    func foreignNamespace() throws {
        let feed = try Sample.parse(
            "<rss version='2.0' xmlns:dc='urn:else'><channel><item><dc:creator>A</dc:creator></item></channel></rss>"
        )
        #expect(feed.entries.first?.authors.isEmpty == true)
    }

    @Test(
        "relative links are read against xml:base, then the channel's page, then where the feed was fetched")
    func bases() throws {
        #expect(try Sample.item("<link>a</link>").link == "https://paper.example/a")
        #expect(try Sample.item("<link>a</link>", channel: "").link == "https://paper.example/feeds/a")
        let based = Sample.rss("<item xml:base='https://else.example/x/'><link>a</link></item>")
        #expect(try Sample.parse(based).entries.first?.link == "https://else.example/x/a")
    }

    @Test("two items of one guid are both kept and reported")
    func duplicateGuid() throws {
        let feed = try Sample.parse(Sample.rss("<item><guid>g</guid></item><item><guid>g</guid></item>"))
        #expect(feed.entries.count == 2)
        #expect(feed.warnings.map(\.code) == [.duplicateGuid])
        #expect(feed.warnings.first?.entry == 1)
    }

    @Test("a date that means nothing is left out and reported")
    func badDate() throws {
        let feed = try Sample.parse(Sample.rss("<item><pubDate>32 Foo 2024</pubDate></item>"))
        #expect(feed.entries.first?.published == nil)
        #expect(feed.warnings.map(\.code) == [.badDate])
    }

    @Test("a link that is no web address is left out and reported")
    func badLink() throws {
        let feed = try Sample.parse(Sample.rss("<item><link>javascript:alert(1)</link></item>"))
        #expect(feed.entries.first?.link == nil)
        #expect(feed.warnings.map(\.code) == [.badLink])
    }

    @Test("markup in a title becomes its text, and a lone < stays")
    func titles() throws {
        #expect(try Sample.item("<title>A &lt;i&gt;fine&lt;/i&gt; day</title>").headline == "A fine day")
        #expect(try Sample.item("<title>1 &lt; 2 &amp;amp; 3</title>").headline == "1 < 2 & 3")
    }

    @Test("xml:lang of an item wins over the channel's language")
    func language() throws {
        let feed = try Sample.parse(
            Sample.rss("<item xml:lang='fr'/><item/>", channel: "<language>en</language>"))
        #expect(feed.entries.map(\.language) == ["fr", "en"])
    }
}
