import FeedFormats
import Testing

@Suite("Atom 1.0")
struct AtomTests {
    @Test("a feed gives title, page, own address, language, subtitle and icon")
    func feed() throws {
        let feed = try Sample.parse(
            Sample.atom(
                """
                <link href="/"/><link rel="self" href="self.atom"/><subtitle type="html">&lt;i&gt;Sub&lt;/i&gt;</subtitle>
                <logo>/l.png</logo>
                """, attributes: "xml:lang='de'"))
        #expect(feed.format == .atom)
        #expect(feed.title == "Notes")
        #expect(feed.siteURL == "https://paper.example/")
        #expect(feed.feedURL == "https://paper.example/feeds/self.atom")
        #expect(feed.language == "de")
        #expect(feed.description == "Sub")
        #expect(feed.iconURL == "https://paper.example/l.png")
    }

    @Test("a text title keeps its angle brackets, an html title loses its tags, an xhtml title too")
    func titles() throws {
        #expect(try Sample.atomEntry("<title>&lt;b&gt; is bold</title>").headline == "<b> is bold")
        #expect(try Sample.atomEntry("<title type='html'>&lt;b&gt;x&lt;/b&gt;</title>").headline == "x")
        let xhtml = "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>a <b>b</b></div></title>"
        #expect(try Sample.atomEntry(xhtml).headline == "a b")
    }

    @Test("inline XHTML becomes sanitised HTML, its text still escaped")
    func xhtmlContent() throws {
        let entry = try Sample.atomEntry(
            """
            <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p onclick="x()">1 &lt; 2 <a href="q">l</a></p>
            <script>alert(1)</script></div></content>
            """)
        let html = try #require(entry.bodyHTML)
        #expect(html.hasPrefix("<div><p>1 &lt; 2 <a href=\"https://paper.example/feeds/q\">l</a></p>"))
        #expect(!html.contains("alert"))
    }

    @Test("XHTML under a prefix is read like any other")
    func prefixedXHTML() throws {
        let entry = try Sample.atomEntry(
            "<content type='xhtml'><x:div xmlns:x='http://www.w3.org/1999/xhtml'><x:p>Hi</x:p></x:div></content>"
        )
        #expect(entry.bodyHTML == "<div><p>Hi</p></div>")
    }

    @Test("plain text content becomes paragraphs")
    func textContent() throws {
        let entry = try Sample.atomEntry("<content>One &lt;b&gt;\n\nTwo</content>")
        #expect(entry.bodyHTML == "<p>One &lt;b&gt;</p><p>Two</p>")
    }

    @Test("content of another media type is no body")
    func opaqueContent() throws {
        #expect(try Sample.atomEntry("<content type='image/png'>aGk=</content>").bodyHTML == nil)
    }

    @Test("an entry without author has the feed's, and a source's author and title stay out")
    func authors() throws {
        let feed = try Sample.parse(
            Sample.atom(
                """
                <author><name>Owner</name><uri>/me</uri></author>
                <entry><title>Mine</title><source><title>S</title><author><name>No</name></author></source></entry>
                <entry><author><name>Guest</name></author></entry>
                """))
        #expect(feed.entries.map(\.headline) == ["Mine", ""])
        #expect(
            feed.entries.map(\.authors) == [
                [ParsedAuthor(name: "Owner", url: "https://paper.example/me")], [ParsedAuthor(name: "Guest")],
            ])
    }

    @Test("links are told apart by their relation")
    func links() throws {
        let entry = try Sample.atomEntry(
            """
            <id>tag:x,2024:1</id><link rel="related" href="/r"/><link href="/a"/><link rel="alternate" href="/b"/>
            <link rel="enclosure" href="/e.mp3" type="audio/mpeg" length="9"/><link rel="via" href="/v"/>
            """)
        #expect(entry.guid == "tag:x,2024:1")
        #expect(entry.link == "https://paper.example/a")
        #expect(entry.relatedLinks == ["https://paper.example/r"])
        #expect(
            entry.enclosures == [
                ParsedEnclosure(url: "https://paper.example/e.mp3", type: "audio/mpeg", length: 9)
            ])
    }

    @Test("xml:base adds up from the outside in, and reaches into content")
    func nestedBase() throws {
        let entry = try Sample.atomEntry(
            "<link href='l'/><content type='html' xml:base='c/'>&lt;a href='x'&gt;x&lt;/a&gt;</content>",
            attributes: "xml:base='http://b.example/f/'")
        #expect(entry.link == "http://b.example/f/l")
        #expect(entry.bodyHTML == "<a href=\"http://b.example/f/c/x\">x</a>")
    }

    @Test("published and updated are told apart, and a date of day precision says so")
    func dates() throws {
        let entry = try Sample.atomEntry(
            "<published>2024-02-29</published><updated>2024-03-01T12:00:00+02:00</updated>")
        #expect(entry.published == 1_709_164_800_000)
        #expect(entry.publishedHasDayPrecision)
        #expect(entry.updated == 1_709_287_200_000)
    }
}
