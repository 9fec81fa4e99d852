import FeedFormats
import FeedSession
import SyncCore
import Testing

@Suite("Who an entry is")
struct IdentityTests {
    private func ids(_ entries: [ParsedEntry]) -> [ArticleID] { reading(entries).articles.map(\.article.id).sorted() }

    private func id(_ guid: String) -> ArticleID { ArticleID(publication: "example.com", guid: guid) }

    @Test("the same guid on every entry makes each go by its link")
    func sameGuid() {
        let entries = (1...3).map { entry("blog", link: "https://example.com/\($0)") }
        #expect(ids(entries) == (1...3).map { id("https://example.com/\($0)") }.sorted())
    }

    @Test("a short number means one article only with its link, so that two people on one host have an entry 1 each")
    func weakGuid() {
        let ann = reading([entry("1", link: "https://example.com/~ann/tides")]) {
            $0.siteURL = "https://example.com/~ann"
        }
        let ben = reading([entry("1", link: "https://example.com/~ben/boats")]) {
            $0.siteURL = "https://example.com/~ben"
        }
        #expect(ann.articles[0].article.id != ben.articles[0].article.id)
        #expect(Set(ann.articles[0].aliases).isDisjoint(with: ben.articles[0].aliases))
        // The same article in two feeds, its page under another alias of the host.
        let again = reading([entry("1", link: "http://www.example.com/~ann/tides/")])
        #expect(again.articles[0].article.id == ann.articles[0].article.id)
    }

    @Test("a short number whose link changes carries its article over by an alias")
    func weakGuidMoved() {
        let before = reading([entry("17", link: "https://example.com/draft-title")]).articles[0]
        let after = reading([entry("17", link: "https://example.com/final-title")]).articles[0]
        #expect(before.article.id != after.article.id)
        #expect(!Set(before.aliases).isDisjoint(with: after.aliases))
    }

    @Test("the same guid and link on every entry makes each go by headline and date, in every later reading alike")
    func sameLink() {
        let entries = (1...3).map { number in
            entry("blog", link: "https://example.com/news") {
                $0.headline = "Number \(number)"
                $0.published = Int64(number)
            }
        }
        let first = ids(entries)
        #expect(Set(first).count == 3)
        #expect(Set(ids(Array(entries.dropFirst()))).isSubset(of: first))
        let corrected = entries.map { entry in
            var entry = entry
            entry.bodyText = "corrected"
            return entry
        }
        #expect(ids(corrected) == first)
    }

    @Test("a home page names no article")
    func homePage() {
        let entries = (1...2).map { number in
            entry(nil, link: "https://example.com/") {
                $0.headline = "Number \(number)"
                $0.published = 5
            }
        }
        #expect(ids(entries).count == 2)
        #expect(ids([entries[0]]) == ids(entries).filter { ids([entries[0]]).contains($0) })
    }

    @Test("an entry twice is one article, without complaint")
    func repeated() {
        let reading = reading([entry("1"), entry("1"), entry("2")])
        #expect(reading.articles.count == 2 && reading.skipped == 0 && reading.warnings.isEmpty)
    }

    @Test("a revision beside the one before is one article, the newest, and the older is counted")
    func revised() {
        let old = entry("1", link: "https://example.com/1") { $0.updated = 1 }
        let new = entry("1", link: "https://example.com/1") { $0.updated = 2 }
        let reading = reading([old, new])
        #expect(reading.articles.map(\.article.updated) == [WallTime(milliseconds: 2)])
        #expect(reading.articles[0].article.guid == "1" && reading.skipped == 1 && reading.warnings.count == 1)
    }

    @Test("an entry of nothing but text is named by it")
    func nameless() {
        let one = ids([entry(nil) { $0.bodyText = "one" }])
        #expect(one.count == 1 && one != ids([entry(nil) { $0.bodyText = "two" }]))
        #expect(one == ids([entry(nil) { $0.bodyText = "one" }]))
    }

    @Test("page and guid are aliases where they mean one article alone, the feed's own page never")
    func aliases() {
        let entries = [
            entry("https://www.example.com/?p=1", link: "https://example.com/one/?utm_source=feed"),
            entry("article-2-of-this", link: "https://example.com/shared"),
            entry("article-3-of-this", link: "https://example.com/shared"),
            entry("article-4-of-this", link: "https://example.com/blog/"),
        ]
        let reading = reading(entries) { $0.siteURL = "https://example.com/blog" }
        let aliases = Dictionary(uniqueKeysWithValues: reading.articles.map { ($0.article.guid, $0.aliases) })
        #expect(aliases["https://www.example.com/?p=1"] == ["example.com/one", "example.com/?p=1"])
        #expect(
            aliases["article-2-of-this"] == [] && aliases["article-3-of-this"] == []
                && aliases["article-4-of-this"] == [])
    }

    @Test("a publisher who repairs his guids keeps the aliases of his articles")
    func repair() {
        let link = "https://example.com/a"
        let before = reading([entry("same", link: link), entry("same", link: "https://example.com/b")])
        let after = reading([entry("urn:example:1", link: link), entry("urn:example:2", link: "https://example.com/b")])
        #expect(Set(before.articles.map(\.aliases)) == Set(after.articles.map(\.aliases)))
        #expect(Set(before.articles.map(\.article.id)).isDisjoint(with: after.articles.map(\.article.id)))
    }

    @Test("one of two entries that share a link keeps an alias when the other leaves")
    func remaining() {
        let entries = (1...2).map { number in
            entry(nil, link: "https://example.com/shared") {
                $0.headline = "Number \(number)"
                $0.published = Int64(number)
            }
        }
        let before = reading(entries).articles[0]
        let after = reading([entries[0]]).articles[0]
        #expect(before.article.id != after.article.id && !Set(before.aliases).isDisjoint(with: after.aliases))
    }

    @Test("entries of nothing but the same text are one article")
    func sameText() {
        let reading = reading(
            [1, 2].map { number in
                entry(nil) {
                    $0.bodyText = "same"
                    $0.commentsURL = "https://example.com/\(number)"
                }
            })
        #expect(reading.articles.count == 1)
    }

    @Test("a guid that is another entry's link makes one article of both")
    func crossed() {
        let entries = [entry("https://example.com/a"), entry(nil, link: "http://example.com/a") { $0.published = 9 }]
        #expect(ids(entries) == [id("https://example.com/a")])
    }
}
