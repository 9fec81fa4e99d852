import FeedFormats
import FoundationEssentials
import Testing

@Suite("OPML")
struct OPMLTests {
    static func parse(_ text: String, limits: FeedLimits = .default) throws -> SubscriptionList {
        try OPML.parse(Data(text.utf8), limits: limits)
    }

    static func body(_ outlines: String, limits: FeedLimits = .default) throws -> SubscriptionList {
        try parse(
            "<opml version=\"2.0\"><head><title>My feeds</title></head><body>\(outlines)</body></opml>", limits: limits)
    }

    private static func failure(_ text: String) -> FeedError? {
        do throws(FeedError) {
            _ = try OPML.parse(Data(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test("an outline that claims to be a feed without an address leaves a warning")
    func emptyAddress() throws {
        let text = "<opml><body><outline type='rss' text='A' xmlUrl=''/><outline text='F'/></body></opml>"
        let list = try OPML.parse(Data(text.utf8))
        #expect(list.subscriptions.isEmpty && list.warnings.map(\.code) == [.badLink])
    }

    @Test("an outline with all its attributes is read")
    func attributes() throws {
        let list = try Self.body(
            """
            <outline type="rss" text="Paper" title="The Paper" xmlUrl="HTTPS://Paper.example/feed" description="About &amp; more" \
            htmlUrl="https://paper.example" language="en-US" category="/News/World,Daily"/>
            """)
        #expect(list.title == "My feeds")
        #expect(
            list.subscriptions == [
                Subscription(
                    title: "The Paper", feedURL: "https://paper.example/feed", siteURL: "https://paper.example/",
                    description: "About & more", language: "en-US", tags: ["News", "World", "Daily"])
            ])
        #expect(list.warnings.isEmpty)
    }

    @Test("attributes and elements are known in any case")
    func anyCase() throws {
        let list = try Self.parse(
            "<OPML><HEAD><Title>L</Title></HEAD><Body><Outline TEXT='A' XMLURL='http://a.example/f' HtmlUrl='http://a.example/'/></Body></OPML>"
        )
        #expect(list.title == "L")
        #expect(list.subscriptions.map(\.siteURL) == ["http://a.example/"])
    }

    @Test("the folders around a feed are its tags, the outer ones first; the order is the document's")
    func folders() throws {
        let list = try Self.body(
            """
            <outline text="News"><outline text="World"><outline text="A" xmlUrl="http://a.example/f"/></outline>\
            <outline text="B" xmlUrl="http://b.example/f"/></outline><outline text="C" xmlUrl="http://c.example/f"/>
            """)
        #expect(list.subscriptions.map(\.title) == ["A", "B", "C"])
        #expect(list.subscriptions.map(\.tags) == [["News", "World"], ["News"], []])
    }

    @Test("the same feed in two folders is one subscription with both tags, and what one leaves out the other adds")
    func duplicates() throws {
        let list = try Self.body(
            """
            <outline text="X"><outline text="http://a.example/f" xmlUrl="http://a.example/f"/></outline>\
            <outline text="Y"><outline text="A" xmlUrl="HTTP://a.example:80/f" htmlUrl="http://a.example/"/></outline>
            """)
        #expect(
            list.subscriptions == [
                Subscription(title: "A", feedURL: "http://a.example/f", siteURL: "http://a.example/", tags: ["X", "Y"])
            ])
        #expect(list.warnings.isEmpty)
    }

    @Test("url serves as the feed's address where the outline claims to be a feed, and not where it is a link")
    func urlAttribute() throws {
        let list = try Self.body(
            """
            <outline text="A" type="rss" url="http://a.example/x"/><outline text="B" url="http://b.example/rss.xml"/>\
            <outline text="C" type="link" url="http://c.example/rss.xml"/><outline text="D" url="http://d.example/page"/>
            """)
        #expect(list.subscriptions.map(\.title) == ["A", "B"])
    }

    @Test("feed: addresses lead to the web")
    func feedScheme() throws {
        let list = try Self.body(
            "<outline xmlUrl='feed://a.example/f'/><outline xmlUrl='feed:https://b.example/f'/>")
        #expect(list.subscriptions.map(\.feedURL) == ["http://a.example/f", "https://b.example/f"])
    }

    @Test(
        "an address that leads nowhere we may go is left out and named",
        arguments: ["javascript:x()", "file:///a", "a.xml"])
    func badAddress(address: String) throws {
        let list = try Self.body("<outline text='A' xmlUrl='\(address)'/><outline xmlUrl='http://b.example/f'/>")
        #expect(list.subscriptions.map(\.feedURL) == ["http://b.example/f"])
        #expect(list.warnings.map(\.code) == [.badLink])
    }

    @Test("a list included from elsewhere is named, not fetched")
    func include() throws {
        let list = try Self.body("<outline text='More' type='include' url='http://a.example/more.opml'/>")
        #expect(list.subscriptions.isEmpty)
        #expect(list.warnings.map(\.code) == [.badLink])
    }

    @Test("names hold no control or bidirectional characters")
    func controls() throws {
        let list = try Self.body("<outline text='a\u{7F}b&#x202e;c&#10;d' xmlUrl='http://a.example/f'/>")
        #expect(list.subscriptions.map(\.title) == ["abc d"])
    }

    @Test("a list cut short gives the feeds that were complete, and is called damaged")
    func truncated() throws {
        let list = try Self.parse(
            "<opml><body><outline text='N'><outline text='A' xmlUrl='http://a.example/f'/><outline text='B' xmlUr")
        #expect(list.subscriptions.map(\.tags) == [["N"]])
        #expect(list.warnings.map(\.code) == [.damaged])
    }

    @Test("a list that lost its head is read from its first outline on")
    func beheaded() throws {
        let list = try Self.parse(
            "cut.example/'/>\n<outline text='A' xmlUrl='http://a.example/f'/><outline text='B' xmlUrl='http://b.example/f'/></body></opml>"
        )
        #expect(list.subscriptions.map(\.title) == ["A", "B"])
        #expect(list.warnings.map(\.code) == [.damaged])
    }

    @Test("an outline with a quote too few costs itself at most, not those behind it")
    func oddQuotes() throws {
        let list = try Self.body(
            """
            <outline text='A' xmlUrl='http://a.example/f'/><outline te B" title="B" xmlUrl="http://b.example/f"/>
            <outline text="C" tit
            <outline text="D" xmlUrl="http://d.example/f"/><outline text="Folder"><outline text="E" xmlUrl="http://e.example/f"/></outline>
            """)
        #expect(list.subscriptions.map(\.title) == ["A", "B", "D", "E"])
        #expect(list.subscriptions.last?.tags == ["Folder"])
        #expect(list.warnings.map(\.code) == [.damaged])
    }

    @Test("a bare ampersand and an unknown entity cost nothing")
    func ampersands() throws {
        let list = try Self.body("<outline text='A & B &foo;' xmlUrl='http://a.example/f?a=1&b=2'/>")
        #expect(list.subscriptions == [Subscription(title: "A & B &foo;", feedURL: "http://a.example/f?a=1&b=2")])
        #expect(list.isDamaged)
    }

    @Test("folders nested 100,000 deep end the parse, the feeds before them stay")
    func deep() throws {
        let list = try Self.body(
            "<outline xmlUrl='http://a.example/f'/>" + String(repeating: "<outline text='d'>", count: 100_000))
        #expect(list.subscriptions.count == 1)
        #expect(list.warnings.map(\.code) == [.limitReached])
    }

    @Test("subscriptions are bounded, and 50,000 are read")
    func bounded() throws {
        let outlines = (0..<50_001).map { "<outline xmlUrl='http://a.example/\($0)'/>" }.joined()
        let list = try Self.body(outlines)
        #expect(list.subscriptions.count == 50_000)
        #expect(list.warnings.map(\.code) == [.limitReached])
    }

    @Test("10,000 copies of one feed in as many folders keep 100 tags")
    func manyTags() throws {
        let outlines = (0..<10_000).map { "<outline text='t\($0)'><outline xmlUrl='http://a.example/f'/></outline>" }
        let list = try Self.body(outlines.joined())
        #expect(list.subscriptions.map(\.tags.count) == [100])
    }

    @Test("an external entity fetches no file")
    func externalEntity() throws {
        let list = try Self.parse(
            """
            <!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>
            <opml><body><outline text="&x;" xmlUrl="http://a.example/f"/></body></opml>
            """)
        #expect(list.subscriptions.map(\.title) == ["&x;"])
    }

    @Test(
        "what is no list is refused with a way out",
        arguments: [
            "", "hello", "{\"a\":1}", "<html><body/></html>", "<haha/>", "<rss version='2.0'><channel/></rss>",
            "%PDF-1.4",
        ])
    func refused(text: String) throws {
        let failure = try #require(Self.failure(text))
        #expect(failure.code == .notAFeed)
        #expect(failure.remedy.contains(text.hasPrefix("<rss") ? "Subscribe" : "OPML"))
    }

    @Test("a list past the bound on bytes is refused")
    func tooLarge() {
        var limits = FeedLimits()
        limits.documentBytes = 100
        #expect(throws: FeedError.self) { try Self.body(String(repeating: " ", count: 100), limits: limits) }
    }
}
