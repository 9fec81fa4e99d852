import FeedFormats
import FoundationEssentials
import Testing

@Suite("Feed discovery")
struct DiscoveryTests {
    private static let page = "https://blog.example/posts/1.html"

    private static func links(_ html: String, contentType: String? = nil, limits: FeedLimits = .default)
        -> [DiscoveredFeed]
    {
        FeedDiscovery.links(inHTML: Data(html.utf8), contentType: contentType, pageURL: page, limits: limits)
    }

    private static func urls(_ html: String) -> [String] { links(html).map(\.url) }

    @Test("a declared feed is found with title and type")
    func declared() {
        #expect(
            Self.links(
                "<head><LINK Rel='Alternate nofollow' type=' Application/RSS+XML; charset=utf-8' title='A &amp; B' href=/feed?a=1&amp;b=2></head>"
            ) == [DiscoveredFeed(url: "https://blog.example/feed?a=1&b=2", title: "A & B", type: "application/rss+xml")]
        )
    }

    @Test(
        "what is no feed's declaration is none",
        arguments: [
            "<link rel=stylesheet type=text/css href=/a.css>", "<link rel=alternate hreflang=de href=/de/>",
            "<link rel=alternate type='application/ atom+xml' href=/x>",
            "<link rev=alternate type=application/rss+xml href=/x>",
            "<link rel=alternate type=application/json+oembed href=/oembed>",
            "<link rel=alternate type=application/rss+xml>",
            "<link rel=alternate type=application/json href=/wp-json/wp/v2/posts/1>",
            "<!-- <link rel=alternate type=application/rss+xml href=/feed> -->",
            "<script>'<link rel=alternate type=application/rss+xml href=/feed>'</script>",
            "<textarea><link rel=alternate type=application/rss+xml href=/feed></textarea>",
            "<link rel=alternate type=application/rss+xml href='javascript:x()'>",
            "<link rel='alternate stylesheet' type=text/xml href=/feed>",
        ])
    func notDeclared(html: String) { #expect(Self.links(html).isEmpty) }

    @Test("rel=feed needs no type")
    func relFeed() { #expect(Self.urls("<link rel=feed href=/updates>") == ["https://blog.example/updates"]) }

    @Test("feeds of articles come before those of comments, declared ones before links, exact types before vague ones")
    func order() {
        #expect(
            Self.urls(
                """
                <a href=/rss.xml>RSS</a><a href=https://other.example/feed>Friend</a><link rel=alternate type=text/xml href=/vague>
                <link rel=alternate type=application/rss+xml title="Blog &raquo; Comments Feed" href=/c>
                <link rel=alternate type=application/rss+xml href=/comments/feed/>
                <link rel=alternate type=application/atom+xml href=/atom><link rel=alternate type=application/rss+xml href=/rss>
                """) == [
                    "https://blog.example/atom", "https://blog.example/rss", "https://blog.example/vague",
                    "https://blog.example/rss.xml", "https://other.example/feed", "https://blog.example/c",
                    "https://blog.example/comments/feed/",
                ])
    }

    @Test("a JSON Feed's own type comes before plain JSON")
    func json() {
        #expect(
            Self.urls(
                "<link rel=alternate type=application/json href=/b.json><link rel=alternate type=application/feed+json href=/a.json>"
            )
                == ["https://blog.example/a.json", "https://blog.example/b.json"])
    }

    @Test(
        "links whose addresses look like feeds are found",
        arguments: [
            "/index.rdf", "/a.rss", "x/feed/", "/atom.xml", "/feed.json", "/?feed=rss2", "/news?format=rss", "/b.atom",
            "/RSS",
        ])
    func anchors(href: String) throws {
        let feed = try #require(Self.links("<a href=\"\(href)\">Subscribe <b>here</b></a>").first)
        #expect(!feed.isDeclared)
        #expect(feed.title == "Subscribe here")
    }

    @Test(
        "links to pages and sitemaps are none",
        arguments: ["/feedback", "/press", "/sitemap.xml", "/a.html", "/rss-explained/", "/"])
    func notAnchors(href: String) { #expect(Self.links("<a href=\"\(href)\">x</a>").isEmpty) }

    @Test("feed: links lead to the web")
    func feedScheme() {
        #expect(
            Self.urls("<a href='feed://blog.example/x'>x</a><a href='feed:https://b.example/y'>y</a>")
                == ["http://blog.example/x", "https://b.example/y"])
    }

    @Test("the first base holds for the whole page, what stands before it too")
    func base() {
        #expect(
            Self.urls("<link rel=feed href=f><base href=/sub/><base href=/other/>") == ["https://blog.example/sub/f"])
    }

    @Test("a feed named twice is given once")
    func twice() {
        #expect(Self.links("<a href=/feed>x</a><link rel=feed href=/feed title=T>").map(\.title) == ["T"])
    }

    @Test("a title that never ends hides nothing")
    func openTitle() { #expect(Self.urls("<title>x<link rel=feed href=/f>") == ["https://blog.example/f"]) }

    @Test("a page's own charset serves for titles")
    func charset() {
        let html = Data("<meta charset=windows-1252><link rel=feed href=/f title='Gr".utf8) + [0xFC] + Data("n'>".utf8)
        #expect(
            FeedDiscovery.links(inHTML: html, contentType: "text/html", pageURL: Self.page).map(\.title) == ["Grün"])
        let old =
            Data("<meta http-equiv=Content-Type content='text/html; charset=iso-8859-1'>".utf8) + html.dropFirst(27)
        #expect(FeedDiscovery.links(inHTML: old, contentType: nil, pageURL: Self.page).map(\.title) == ["Grün"])
    }

    @Test("titles hold no control characters and are cut")
    func titles() throws {
        let long = String(repeating: "x", count: 1000)
        let feed = try #require(Self.links("<link rel=feed href=/f title='a&#27;[2J\u{202E}\(long)'>").first)
        let title = try #require(feed.title)
        #expect(title.hasPrefix("a[2Jx"))
        #expect(title.count <= 201)
    }

    @Test("a hundred thousand links give a hundred feeds, and cannot push out a declared one")
    func bounded() {
        let html = (0..<100_000).map { "<a href=/\($0).rss>" }.joined() + "<link rel=feed href=/f>"
        let found = Self.urls(html)
        #expect(found.count == FeedDiscovery.maximumFeeds)
        #expect(found.first == "https://blog.example/f")
    }

    @Test(
        "a million unclosed tags are read in one go",
        arguments: ["<a href=/feed", "<link ", "<", "<!--", "<title>", "<a href=/feed>"])
    func hostile(piece: String) {
        let found = Self.links(String(repeating: piece, count: 1_000_000 / piece.utf8.count))
        #expect(found.count <= 1)
    }

    @Test("guesses start beside the page and go on at the root of its host")
    func guesses() {
        let found = FeedDiscovery.guesses(for: "https://blog.example/posts/1.html?x#y")
        #expect(found.first == "https://blog.example/posts/feed")
        for name in ["feed", "rss", "feed.xml", "atom.xml", "rss.xml", "index.xml", "feed.json"] {
            #expect(found.contains("https://blog.example/\(name)"))
        }
        #expect(Set(found).count == found.count)
        #expect(FeedDiscovery.guesses(for: "https://blog.example/me").first == "https://blog.example/me/feed")
        #expect(FeedDiscovery.guesses(for: "https://blog.example").first == "https://blog.example/feed")
        #expect(FeedDiscovery.guesses(for: "mailto:me@blog.example").isEmpty)
    }
}
