import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct SamenessTests: OnOneDevice {
    let device: OneDevice

    init() throws { device = try OneDevice(feeds: ["direct"]) }

    @Test(
        "another address for the same words is stored, and is no correction",
        arguments: [
            "http://magazine.example/2026/1", "https://www.magazine.example/2026/1",
            "https://magazine.example/2026/1?utm_content=7",
        ])
    func addresses(_ url: String) throws {
        try replica.take([try item(1)])
        _ = try replica.set(.read(storyID(1), true, by: .explicit), at: at(900))
        #expect(try replica.take([try item(1, url: url)], at: at(1_000)) == CatalogSummary())
        let detail = try replica.detail(1)
        #expect(detail.article.url == url)
        #expect(detail.article.revision == 1)
        #expect(!detail.summary.correctedSinceRead)
        #expect(detail.olderRevisions == 0)
        #expect(try replica.search("body", ArticleFilter(), limit: 9).hits.count == 1)
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("a tracking parameter that is another one each time does not hide a correction")
    func corrected() throws {
        for turn in 1...3 {
            let url = "https://magazine.example/2026/1?utm_content=\(turn)"
            #expect(try replica.take([try item(1, url: url)]).corrected == 0)
        }
        let url = "https://magazine.example/2026/1?utm_content=9"
        #expect(try replica.take([try item(1, version: 2, url: url)]).corrected == 1)
        #expect(try replica.detail(1).article.revision == 2)
    }

    @Test("a server that words an article as the feed does, under another address, corrects nothing")
    func served() throws {
        try replica.take([try item(1)])
        var article = try item(1, guid: "https://magazine.example/2026/1", url: "http://www.magazine.example/2026/1")
            .article
        (article.number, article.revision) = (1, 1)
        #expect(try replica.apply(try page([.article(article)]), resets: false) == CatalogSummary())
        #expect(try replica.detail(1).article.revision == 1)
    }

    @Test("a summary tells whether the time of day means anything")
    func dayPrecise() throws {
        var day = try item(1)
        day.article.isDayPrecise = true
        try replica.take([day, try item(2)])
        let page = try replica.articles(ArticleFilter(), limit: 9)
        #expect(page.articles.map(\.isDayPrecise) == [false, true])
    }
}
