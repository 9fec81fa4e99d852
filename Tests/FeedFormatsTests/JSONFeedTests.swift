import FeedFormats
import FoundationEssentials
import Testing

@Suite("JSON Feed")
struct JSONFeedTests {
    @Test(
        "the version is a number, however it is written",
        arguments: [
            ("\"https://jsonfeed.org/version/1\"", "1.0"), ("\"https://jsonfeed.org/version/1.1\"", "1.1"),
            ("\"http://www.jsonfeed.org/version/1.1\"", "1.1"), ("\"1.1\"", "1.1"), ("1.1", "1.1"), ("\"1\"", "1.0"),
        ])
    func version(written: String, version: String) throws {
        let feed = try Sample.parse("{\"version\":\(written),\"title\":\"T\",\"items\":[]}")
        #expect(feed.format == .json)
        #expect(feed.version == version)
        #expect(feed.warnings.isEmpty)
    }

    @Test("the members of a feed are read")
    func feedMembers() throws {
        let feed = try Sample.json(
            "",
            feed: #"""
                "home_page_url":"https://paper.example/","feed_url":"https://paper.example/feed.json",
                "description":"About\nthings","icon":"/icon.png","favicon":"/favicon.ico","language":"de",
                "authors":[{"name":"Ada","url":"https://ada.example/"}],"hubs":[{"type":"WebSub","url":"https://hub.example/"}],
                """#)
        #expect(feed.title == "Paper")
        #expect(feed.siteURL == "https://paper.example/")
        #expect(feed.feedURL == "https://paper.example/feed.json")
        #expect(feed.description == "About things")
        #expect(feed.iconURL == "https://paper.example/icon.png")
        #expect(feed.language == "de")
        #expect(feed.authors == [ParsedAuthor(name: "Ada", url: "https://ada.example/")])
        #expect(feed.warnings.isEmpty)
    }

    @Test("the members of an item are read")
    func itemMembers() throws {
        let entry = try Sample.jsonItem(
            #"""
            "id":"i1","url":"https://paper.example/1","external_url":"https://other.example/","title":"A & B",
            "content_html":"<p>Body</p><script>x()</script>","summary":"5 < 6","image":"/lead.jpg",
            "date_published":"2024-03-05T07:08:09+02:00","date_modified":"2024-03-06T00:00:00Z","tags":["One","Two"],
            "authors":[{"name":"Ada"}],"language":"fr",
            "attachments":[{"url":"/a.mp3","mime_type":"audio/mpeg","title":"Part 1","size_in_bytes":1200}]
            """#)
        #expect(entry.guid == "i1")
        #expect(entry.link == "https://paper.example/1")
        #expect(entry.relatedLinks == ["https://other.example/"])
        #expect(entry.headline == "A & B")
        #expect(entry.bodyHTML == "<p>Body</p>")
        #expect(entry.standfirst == "5 < 6")
        #expect(entry.summaryHTML == "<p>5 &lt; 6</p>")
        #expect(entry.leadImage?.url == "https://paper.example/lead.jpg")
        #expect(entry.published == Sample.milliseconds("2024-03-05T05:08:09Z"))
        #expect(entry.updated == Sample.milliseconds("2024-03-06T00:00:00Z"))
        #expect(entry.categories == ["One", "Two"])
        #expect(entry.authors.map(\.name) == ["Ada"])
        #expect(entry.language == "fr")
        var enclosure = ParsedEnclosure(url: "https://paper.example/a.mp3", type: "audio/mpeg", length: 1200)
        enclosure.title = "Part 1"
        #expect(entry.enclosures == [enclosure])
    }

    @Test("plain text becomes paragraphs, and its markup stays text")
    func contentText() throws {
        let entry = try Sample.jsonItem(#""id":"1","content_text":"Cats <3\n\nDogs & more""#)
        #expect(entry.bodyHTML == "<p>Cats &lt;3</p><p>Dogs &amp; more</p>")
        #expect(entry.headline.isEmpty)
    }

    @Test("of HTML and plain text the HTML is the body, unless it is empty")
    func bothContents() throws {
        #expect(try Sample.jsonItem(#""id":"1","content_text":"t","content_html":"<b>h</b>""#).bodyHTML == "<b>h</b>")
        #expect(try Sample.jsonItem(#""id":"1","content_text":"t","content_html":" ""#).bodyHTML == "<p>t</p>")
    }

    @Test("titles are plain text, so entities in them are not decoded")
    func plainTitle() throws {
        #expect(try Sample.jsonItem(#""id":"1","title":"<b> is &lt;b&gt;""#).headline == "<b> is &lt;b&gt;")
    }

    @Test(
        "an id that is no string becomes one as it is written",
        arguments: [("7", "7"), ("1.0", "1.0"), ("12345678901234567890", "12345678901234567890"), ("true", "true")])
    func coercedID(written: String, id: String) throws {
        #expect(try Sample.jsonItem("\"id\":\(written)").guid == id)
    }

    @Test(
        "an item without an id is left out, as the specification insists, and the feed says so",
        arguments: ["\"title\":\"x\"", "\"id\":null", "\"id\":\" \"", "\"id\":{}", "\"id\":[1]", "\"id\":NaN"])
    func noID(members: String) throws {
        let feed = try Sample.json("{\(members)},{\"id\":\"2\"}")
        #expect(feed.entries.map(\.guid) == ["2"])
        #expect(feed.warnings.contains { $0.code == .badMember })
    }

    @Test("authors win over author, and the feed's serve items that name nobody")
    func authors() throws {
        let feed = try Sample.json(
            #"{"id":"1"},{"id":"2","author":{"name":"Old"}},{"id":"3","author":{"name":"Old"},"authors":[{"name":"New"}]}"#,
            feed: #""author":{"name":"Root"},"#)
        #expect(feed.entries.map { $0.authors.map(\.name) } == [["Root"], ["Old"], ["New"]])
    }

    @Test("relative addresses are relative to the feed's own, wherever in the document it stands")
    func relative() throws {
        let feed = try Sample.parse(
            #"""
            {"version":"https://jsonfeed.org/version/1","items":[{"id":"1","url":"a","content_html":"<img src='b.png'>"}],
            "title":"T","feed_url":"https://paper.example/x/feed.json"}
            """#, base: "https://cache.example/y/")
        #expect(feed.entries.first?.link == "https://paper.example/x/a")
        #expect(feed.entries.first?.bodyHTML == "<img src=\"https://paper.example/x/b.png\">")
    }

    @Test("an id that is an address serves as the link where there is no url")
    func idAsLink() throws {
        let entry = try Sample.jsonItem(#""id":"https://paper.example/7""#)
        #expect(entry.link == "https://paper.example/7")
        #expect(!entry.guidIsPermalink)
    }

    @Test("a finished feed says so, by true alone", arguments: [("true", true), ("false", false), ("\"true\"", false)])
    func expired(written: String, isFinished: Bool) throws {
        #expect(try Sample.json("", feed: "\"expired\":\(written),").hints.isFinished == isFinished)
    }

    @Test(
        "JSON that is no feed is refused as such",
        arguments: ["{}", "[]", "{\"items\":[]}", "[{\"version\":1}]", "{\"a"])
    func noFeed(text: String) { #expect(Sample.code(text) == .notAFeed) }

    @Test("a header's charset does not spoil JSON, which is UTF-8")
    func charset() throws {
        let feed = try Sample.parse(
            #"{"version":"https://jsonfeed.org/version/1","title":"Grün","items":[]}"#,
            contentType: "application/json; charset=iso-8859-1")
        #expect(feed.title == "Grün")
    }

    @Test("UTF-16 is read, with a byte order mark or without", arguments: [[], [0xFF, 0xFE]] as [[UInt8]])
    func utf16(mark: [UInt8]) throws {
        let text = #"{"version":"https://jsonfeed.org/version/1","title":"Grün","items":[]}"#
        var bytes = mark
        for unit in text.utf16 { bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        let feed = try FeedParser.parse(Data(bytes), contentType: nil, baseURL: nil)
        #expect(feed.title == "Grün")
        #expect(feed.encoding == "utf-16le")
    }
}

extension Sample {
    /// A JSON Feed around items; `feed` holds further members, each with its comma.
    static func json(_ items: String, feed: String = "", limits: FeedLimits = .default) throws -> ParsedFeed {
        try parse(
            "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Paper\",\(feed)\"items\":[\(items)]}",
            base: "https://paper.example/feed.json", limits: limits)
    }

    static func jsonItem(_ members: String) throws -> ParsedEntry {
        try #require(try json("{\(members)}").entries.first)
    }
}
