import SyncCore
import SyncTestKit
import Testing

@testable import Editions

@Suite("An EPUB")
struct EPUBTests {
    @Test("begins with its media type, stored and bare, so that the first bytes tell what it is")
    func mimetype() throws {
        let bytes = try EditionFixture.epub([EditionFixture.article(1, "<p>a</p>")])
        #expect(Array(bytes[30..<58]) == Array("mimetypeapplication/epub+zip".utf8))
        // Method, and the length of the extra field.
        #expect(bytes[8..<10].elementsEqual([0, 0]) && bytes[28..<30].elementsEqual([0, 0]))
    }

    @Test("equal articles give equal bytes")
    func deterministic() throws {
        let articles = try [
            EditionFixture.article(1, "<p>a <img src=\"https://a.example/d.png\"></p>"), EditionFixture.article(2, "b"),
        ]
        let images = ["https://a.example/d.png": EditionFixture.dot]
        #expect(try EditionFixture.epub(articles, images: images) == EditionFixture.epub(articles, images: images))
    }

    @Test("names in its package document every file that is in it, once, and reads them in the order of the sections")
    func package() throws {
        let articles = try [
            EditionFixture.article(1, "<img src=\"https://a.example/d.png\">", section: "World"),
            EditionFixture.article(2, "<img src=\"https://a.example/again.png\">", section: "Books"),
            EditionFixture.article(3, "c", section: "World"),
        ]
        let images = ["https://a.example/d.png", "https://a.example/again.png"].map { ($0, EditionFixture.dot) }
        let epub = try OpenedEPUB(EditionFixture.epub(articles, images: Dictionary(uniqueKeysWithValues: images)))
        let package = try epub.text("EPUB/package.opf")
        let named = package.split(separator: "href=\"").dropFirst().map { "EPUB/" + $0.prefix { $0 != "\"" } }
        let held = epub.names.filter { $0.hasPrefix("EPUB/") && !$0.hasSuffix(".opf") }
        #expect(Set(named) == Set(held) && named.count == held.count)
        #expect(held.filter { $0.hasSuffix(".png") }.count == 1)
        #expect(package.contains("<meta property=\"dcterms:modified\">2026-11-02T00:00:01Z</meta>"))
        #expect(package.contains("<dc:language>en-GB</dc:language>"))
        let second = try epub.text("EPUB/article-0002.xhtml")
        #expect(second.contains("Tide &amp; &lt;Table&gt; 3"))
        let nav = try epub.text("EPUB/nav.xhtml")
        #expect(nav.contains("<span>World</span><ol><li><a href=\"article-0001.xhtml\">"))
        for name in epub.names where name.hasSuffix("html") || name.hasSuffix(".opf") || name.hasSuffix(".xml") {
            #expect(EditionFixture.isWellFormed(try epub.bytes(name)), "\(name)")
        }
    }

    @Test("leads from article to article inside itself, also from the related ones")
    func links() throws {
        var first = try EditionFixture.article(
            1, "<p><a href=\"http://www.harbour.example/2/?utm_source=x\">two</a></p>")
        first.related = [RelatedArticle(url: "https://harbour.example/2"), RelatedArticle(url: "javascript:alert(1)")]
        let epub = try OpenedEPUB(EditionFixture.epub([first, EditionFixture.article(2, "b")]))
        let page = try epub.text("EPUB/article-0001.xhtml")
        #expect(page.contains("<p><a href=\"article-0002.xhtml\">two</a></p>"))
        #expect(page.contains("<li><a href=\"article-0002.xhtml\">Tide &amp; &lt;Table&gt; 2</a></li>"))
        #expect(!page.contains("javascript"))
    }

    @Test("shows kicker, headline, standfirst, byline, caption and credit")
    func parts() throws {
        var article = try EditionFixture.article(1, "<p>a</p>")
        article.kicker = "Opinion"
        article.standfirst = "Why <boats> float"
        article.authors = [Author(name: "Ann & Co", url: "https://a.example/ann", bio: "Sails.")]
        article.image = LeadImage(
            url: "https://a.example/d.png", caption: "The pier", credit: "Photo: Bo", alt: "A pier")
        let with = try OpenedEPUB(
            EditionFixture.epub([article], images: ["https://a.example/d.png": EditionFixture.dot])
        ).text("EPUB/article-0001.xhtml")
        for part in [
            "<p class=\"kicker\">Opinion</p>", "<p class=\"standfirst\">Why &lt;boats&gt; float</p>",
            "By <a href=\"https://a.example/ann\">Ann &amp; Co</a> · 2026-11-02",
            "alt=\"A pier\"/><figcaption>The pier <small>Photo: Bo</small></figcaption>", "<b>Ann &amp; Co</b>: Sails.",
        ] {
            #expect(with.contains(part), "\(part)")
        }
        let without = try OpenedEPUB(EditionFixture.epub([article])).text("EPUB/article-0001.xhtml")
        #expect(!without.contains("<img") && without.contains("<figcaption>The pier"))
    }

    @Test("holds no picture that is damaged, or of a kind that could do more than be seen")
    func badImages() throws {
        let html = (0..<3).map { "<img alt=\"i\" src=\"https://a.example/\($0)\">" }.joined()
        let images = [
            "https://a.example/0": Array(EditionFixture.dot.dropLast(20)),
            "https://a.example/1": Array("<svg xmlns=\"http://www.w3.org/2000/svg\"/>".utf8), "https://a.example/2": [],
        ]
        let epub = try OpenedEPUB(EditionFixture.epub([EditionFixture.article(1, html)], images: images))
        #expect(!epub.names.contains { $0.contains("images/") })
    }

    @Test("has a page also for an article that went away meanwhile")
    func gone() throws {
        let articles = try [EditionFixture.article(1, "a"), EditionFixture.article(2, "b")]
        var bytes: [UInt8] = []
        var writer = try EPUBWriter(EditionFixture.edition(articles), images: { _ in nil }, to: { bytes += $0 })
        try writer.addMissing()
        try writer.add(articles[1])
        try writer.finish()
        #expect(try OpenedEPUB(bytes).text("EPUB/article-0001.xhtml").contains("was taken away"))
    }

    @Test("refuses articles that are missing or out of order")
    func order() throws {
        let articles = try [EditionFixture.article(1, "a"), EditionFixture.article(2, "b")]
        var writer = try EPUBWriter(EditionFixture.edition(articles), images: { _ in nil }, to: { _ in })
        #expect(throws: EditionError.self) { try writer.add(articles[1]) }
        try writer.add(articles[0])
        #expect(throws: EditionError.self) { try writer.finish() }
    }

    @Test("is well-formed whatever is in its articles", arguments: [1, 2, 3, 4, 5])
    func hostile(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let articles = try (1...40).map { number in
            let html = HTMLNoise.text(&random, pieces: 60)
            return try EditionFixture.article(number, html)
        }
        let images = [HTMLNoise.image: EditionFixture.dot]
        let epub = try OpenedEPUB(EditionFixture.epub(articles, images: images))
        for name in epub.names where name.hasSuffix("html") {
            #expect(EditionFixture.isWellFormed(try epub.bytes(name)), "\(name)")
        }
    }
}
