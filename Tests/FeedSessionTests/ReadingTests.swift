import FeedFormats
import FeedSession
import SyncCore
import Testing

@Suite("Entries as articles")
struct ReadingTests {
    @Test("an entry becomes an article with all that it says, named by its guid")
    func whole() throws {
        let entry = entry("tag:example.com,2024:7", link: "https://example.com/a") {
            $0.kicker = "Letter"
            $0.standfirst = "Below"
            $0.authors = [ParsedAuthor(name: "Ann", url: "https://example.com/ann", mail: "ann@example.com")]
            $0.published = 1000
            $0.publishedHasDayPrecision = true
            $0.bodyHTML = "<p>Text</p>"
            $0.bodyText = "Text"
            $0.access = .metered
        }
        let article = try #require(reading([entry]).articles.first?.article)
        #expect(article.id == ArticleID(publication: "example.com", guid: "tag:example.com,2024:7"))
        #expect(article.headline == "Headline of tag:example.com,2024:7" && article.kicker == "Letter")
        #expect(article.authors == [Author(name: "Ann", url: "https://example.com/ann")])
        #expect(article.published == WallTime(milliseconds: 1000) && article.isDayPrecise)
        #expect(article.bodyText == "Text" && article.access == .metered && article.number == 0)
    }

    @Test("an article that says the same has the same hash, one that was corrected another, and both one id")
    func hashes() {
        let first = reading([entry("1")]).articles[0].article
        let again = reading([entry("0"), entry("1")]).articles.map(\.article).first { $0.guid == "1" }
        let corrected = reading([entry("1") { $0.bodyText = "other" }]).articles[0].article
        #expect(again?.contentHash == first.contentHash)
        #expect(corrected.contentHash != first.contentHash && corrected.id == first.id)
    }

    @Test("the newest entry comes first in a document and last in a reading")
    func order() {
        let newestFirst = [3, 2, 1].map { day in entry("\(day)") { $0.published = Int64(day) } }
        #expect(reading(newestFirst).articles.map(\.article.guid) == ["1", "2", "3"])
        #expect(reading(newestFirst.reversed()).articles.map(\.article.guid) == ["1", "2", "3"])
        #expect(reading(["c", "b", "a"].map { entry($0) }).articles.map(\.article.guid) == ["a", "b", "c"])
    }

    @Test("only a document that was read to its end says what is no longer in the feed")
    func completeness() {
        #expect(reading([entry("1")]).isComplete)
        #expect(!reading([entry("1")], { $0.isCut = true }).isComplete)
        for code in [FeedWarning.Code.damaged, .badDate] {
            #expect(reading([entry("1")], { $0.warnings = [FeedWarning(code, "repaired")] }).isComplete)
        }
    }

    @Test("a warning names its entry as people count")
    func warnings() {
        let reading = reading([entry("1")]) {
            $0.warnings = [FeedWarning(.badDate, "the date x means nothing", entry: 0), FeedWarning(.badLink, "bad")]
        }
        #expect(reading.warnings == ["entry 1: the date x means nothing", "bad"])
    }

    @Test("a feed of a whole site names the publication, one within a site does not")
    func titles() {
        #expect(reading([], { $0.siteURL = "https://www.example.com/" }).publication.title == "Title")
        #expect(reading([], { $0.siteURL = "https://www.youtube.com/channel/x" }).publication.title == "youtube.com")
        #expect(reading([], { $0.siteURL = nil }, url: nil).publication.title == "Title")
    }
}

@Suite("Names of feeds")
struct NamingTests {
    @Test("ids come from the site's host and the last part of the source")
    func derived() {
        let naming = FeedNaming(
            siteURL: "https://www.Example.com/", effectiveURL: "https://feeds.net/x",
            source: "https://feeds.net/a/Talking Points.xml?x=1")
        #expect(naming.publication.text == "example.com" && naming.feed.text == "talking-points")
    }

    @Test("a document without a site belongs to the host it came from, a file to itself")
    func fallbacks() {
        let fetched = FeedNaming(siteURL: nil, effectiveURL: "https://u:p@feeds.net:81/x", source: "https://feeds.net")
        #expect(fetched.publication.text == "feeds.net" && fetched.feed.text == "feeds.net")
        let file = FeedNaming(siteURL: nil, effectiveURL: nil, source: "/tmp/all.rss.xml")
        #expect(file.publication.text == "all.rss" && file.feed.text == "all.rss")
    }

    @Test("given ids hold, and a name in another script still gives one that is always the same")
    func given() {
        let given = FeedNaming(
            publication: EntityName("p"), feed: EntityName("f"), siteURL: nil,
            effectiveURL: nil, source: "x")
        #expect(given.publication.text == "p" && given.feed.text == "f")
        let other = FeedNaming(siteURL: nil, effectiveURL: nil, source: "日本")
        #expect(
            other.feed.text.hasPrefix("feed-") && other == FeedNaming(siteURL: nil, effectiveURL: nil, source: "日本"))
    }

    @Test("a taken id gets a number that fits")
    func unique() throws {
        let long = try #require(EntityName(String(repeating: "a", count: 64)))
        let next = long.unique { $0 == long }
        #expect(next.text == String(repeating: "a", count: 62) + "-2")
        let taken = Set(["news", "news-2"].compactMap { EntityName($0) })
        #expect(EntityName("news")?.unique { taken.contains($0) }.text == "news-3")
    }
}
