import FoundationEssentials
import GRDB
import SQLiteChanges
@testable import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct QueryTests: OnOneDevice {
    let device: OneDevice

    init() throws { device = try OneDevice(articles: 1...60) }

    @Test("pages of a list, put together, are the list: newest first, each article once")
    func paging() throws {
        for filter in [
            ArticleFilter(), ArticleFilter(feed: try name("all")), ArticleFilter(section: "politics"),
        ] {
            var (seen, token) = ([ArticleID](), nil as PageToken?)
            repeat {
                let page = try replica.articles(filter, limit: 7, after: token)
                seen += page.articles.map(\.id)
                token = page.next.flatMap { PageToken($0.description) }
            } while token != nil
            #expect(seen == (try replica.articleIDs(filter)))
            let numbers = (1...60).reversed().filter { filter.section == nil || $0 % 2 == 0 }
            #expect(seen == numbers.map { storyID(UInt64($0)) })
        }
    }

    @Test("conditions of a filter hold together")
    func filters() throws {
        _ = try replica.set(
            .read(storyID(2), true, by: .explicit), .saved(storyID(2), true), .saved(storyID(4), true),
            .tag(storyID(4), try tag("x"), true), at: at(0))
        func ids(_ filter: ArticleFilter) throws -> [ArticleID] { try replica.articleIDs(filter) }
        #expect(try ids(ArticleFilter(unread: true, saved: true)) == [storyID(4)])
        #expect(try ids(ArticleFilter(unread: false)) == [storyID(2)])
        #expect(try ids(ArticleFilter(feed: try name("all"), tag: try tag("x"))) == [storyID(4)])
        #expect(try ids(ArticleFilter(publication: try name("other"))).isEmpty)
        #expect(try ids(ArticleFilter(since: at(59 * 60))) == [storyID(60), storyID(59)])
        #expect(try ids(ArticleFilter(saved: false)).count == 58)
    }

    @Test("lists are read from an index in their order, without sorting")
    func plans() throws {
        let file = try DatabaseQueue(path: folder.file())
        let feed = "article_feed USING PRIMARY KEY"
        for (filter, index) in [
            (ArticleFilter(), "article_newest"), (ArticleFilter(unread: true), "article_unread"),
            (ArticleFilter(saved: true), "article_saved"), (ArticleFilter(section: "politics"), "article_section"),
            (ArticleFilter(promotions: true), "article_promotion"),
            (ArticleFilter(unread: true, folder: try tag("x")), "article_unread"),
            (ArticleFilter(feed: try name("all")), feed), (ArticleFilter(feed: try name("all"), unread: true), feed),
        ] {
            let query = ArticleQuery(filter)
            let plan = try file.read { db in
                try db.rows(
                    "EXPLAIN QUERY PLAN " + query.sql("article.row", limit: 50), { query.bind(to: &$0) },
                    { $0.text(3) })
            }
            #expect(plan.first?.contains(index) == true, "\(plan)")
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
        }
    }

    @Test("a folder asks each article for its feeds")
    func folderPlan() throws {
        let file = try DatabaseQueue(path: folder.file())
        func plan(_ sql: String) throws -> [String] {
            try file.read { try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] as String } }
        }
        let folder = try plan(
            """
            SELECT 1 FROM article WHERE EXISTS (SELECT 1 FROM direct_entry CROSS JOIN direct_feed_tag
            WHERE direct_entry.article = article.row AND direct_feed_tag.feed = direct_entry.feed
            AND direct_feed_tag.tag = 'x')
            """)
        #expect(folder.contains { $0.contains("direct_entry_article (article=?)") }, "\(folder)")
        #expect(folder.contains { $0.contains("direct_feed_tag USING PRIMARY KEY (feed=? AND tag=?)") }, "\(folder)")
    }

    @Test("articles that were corrected since they were read are found without a look at all that were read")
    func correctedPlan() throws {
        let file = try DatabaseQueue(path: folder.file())
        let query = ArticleQuery(ArticleFilter(correctedSinceRead: true))
        let plan = try file.read { db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + query.sql("article.row", limit: 50), arguments: []).map {
                $0["detail"] as String
            }
        }
        #expect(plan.contains("SCAN article USING INDEX article_corrected"), "\(plan)")
        #expect(plan.contains("SCAN article USING INDEX article_corrected_by_date"), "\(plan)")
        #expect(plan.contains("SEARCH article USING INTEGER PRIMARY KEY (rowid=?)"), "\(plan)")
    }

    @Test("a change is found by its author and number, and a register by its key, in one place of an index")
    func changePlans() throws {
        let file = try DatabaseQueue(path: folder.file())
        for (query, use) in [
            (
                "replica = 1 AND number = 5 AND number <> 0 ORDER BY place",
                "change_id (replica=? AND number=?)"
            ),
            (
                "entity = x'01' AND field = 'a' AND state <= 1 ORDER BY place",
                "change_live (entity=? AND field=?)"
            ),
            ("state = 0 AND number = 0 ORDER BY departs, place", "change_pending (number=?)"),
            ("state = 0 AND number > 0 ORDER BY number", "change_pending (number>?)"),
        ] {
            let plan = try file.read { db in
                try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN SELECT value FROM change WHERE \(query)").map {
                    $0["detail"] as String
                }
            }
            #expect(plan == ["SEARCH change USING INDEX \(use)"])
        }
    }

    @Test("a short id is as long as it must be, and names its article")
    func shortIDs() throws {
        for summary in try replica.articles(ArticleFilter(), limit: 60).articles {
            #expect(summary.shortID.count >= 7)
            #expect(try replica.articleID(summary.shortID) == summary.id)
        }
        let twin = try #require(Digest128(storyID(1).description.prefix(20) + "000000000000"))
        try DatabaseQueue(path: folder.file()).write { db in
            try db.execute(
                sql: "UPDATE article SET id = ? WHERE number = 2", arguments: [Data(twin.bytes)])
        }
        let short = try replica.articles(ArticleFilter(), limit: 60).articles.last?.shortID
        #expect(short.map { $0.count > 20 } == true)
        #expect {
            try replica.articleID(String(storyID(1).description.prefix(12)))
        } throws: { error in
            (error as? ReplicaError)?.code == .ambiguous && (error as? ReplicaError)?.candidates.count == 2
        }
    }

    @Test("an article is found by its URL, whatever its scheme and tracking parameters")
    func urls() throws {
        for url in [
            "https://magazine.example/2026/5", "http://MAGAZINE.example:80/2026/5?utm_source=x#top",
            "//magazine.example/2026/5",
        ] { #expect(try replica.articleID(url) == storyID(5)) }
        for reference in [
            "https://magazine.example/2026/500", "abc", "zzzz", "", "dead beef dead beef", "%", "abcd'",
        ] {
            #expect {
                _ = try replica.articleID(reference)
            } throws: { ($0 as? ReplicaError)?.code == .notFound }
        }
    }

    @Test("the index lags behind, goes on where it was interrupted, and search makes it complete")
    func indexing() throws {
        #expect(try replica.status().unindexed == 60)
        #expect(try replica.indexPending(limit: 25) == 25)
        try replica.close()
        let reading = try Replica(opening: folder.file(), for: .reading)
        #expect(try reading.status().unindexed == 35)
        #expect(try reading.search("headline", limit: 100).hits.count == 60)
        #expect(try reading.status().unindexed == 0)
    }

    @Test("a word in the headline counts for more than one in the text")
    func ranking() throws {
        var first = try article(70)
        first.bodyText = "zebra"
        var second = try article(71)
        second.headline = "The zebra"
        _ = try replica.apply(try page([.article(first), .article(second)], from: 60), resets: false)
        let result = try replica.search("ZEBRA", limit: 1)
        #expect(result.hits.map(\.article.id) == [storyID(71)])
        #expect(result.hasMore)
        #expect(result.hits.first?.snippet == "The \u{2}zebra\u{3}")
    }

    @Test("of more matches than are ranked, the newest are, whatever the order in which they came")
    func rankingBound() throws {
        let count = UInt64(Replica.rankedMatches) + 20
        // As a first sync brings them: the newest page first.
        for first in stride(from: count + 100, through: 100, by: -128) {
            let numbers = max(100, first > 227 ? first - 127 : 100)...first
            let entries = try numbers.map { number in
                var article = try article(number)
                article.published = at(Int64(number) * 86_400)
                article.headline = number < 110 ? "Old zebra \(number)" : "New \(number)"
                article.bodyText = "zebra, many words that are not looked for, and a\(number)"
                return CatalogEntry.article(article)
            }
            _ = try replica.apply(try page(entries, from: numbers.lowerBound), resets: false)
        }
        let many = try replica.search("zebra", limit: 10_000)
        #expect(Set(many.hits.map(\.article.id)) == Set((100...count + 100).map(storyID)))
        let few = try replica.search("zebra", limit: 50)
        #expect(few.hits.count == 50 && few.hasMore)
        #expect(few.hits.allSatisfy { $0.article.headline.hasPrefix("New") })
        // A word more, and the old one is among those that are ranked.
        #expect(try replica.search("zebra a105", limit: 50).hits.map(\.article.id) == [storyID(105)])
    }

    @Test("search knows phrases, prefixes, accents and filters")
    func searching() throws {
        var special = try article(72)
        special.headline = "Café society meets again"
        _ = try replica.apply(try page([.article(special)], from: 60), resets: false)
        func count(_ text: String, _ filter: ArticleFilter = ArticleFilter()) throws -> Int {
            try replica.search(text, filter, limit: 99).hits.count
        }
        #expect(try count("cafe") == 1)
        #expect(try count("\"society meets\"") == 1)
        #expect(try count("\"meets society\"") == 0)
        #expect(try count("soci*") == 1)
        #expect(try count("soci") == 0)
        #expect(try count("headline", ArticleFilter(feed: try name("all"), section: "politics")) == 30)
        #expect(try count("") == 0)
        #expect(try count("\" ' ( ) AND") == 0)
    }

    @Test("no text that a reader could type makes search fail")
    func hostileSearches() throws {
        var texts = [
            "\"", "\"\"", "*", "a*b*", "NEAR(", "a AND", "NOT", "headline:x", "^a", "-a", "a\u{0}b",
            "{a b}: c", "+",
            String(repeating: "a ", count: 5_000), "\"a", "(((((", "a\"b\"c*", "'; DROP TABLE article; --",
        ]
        let corpus = "/work/shared/corpora/naughty-strings/blns.json"
        if let data = FileManager.default.contents(atPath: corpus) {
            texts += try JSONDecoder().decode([String].self, from: data)
        }
        for text in texts {
            #expect(throws: Never.self, "\(text.debugDescription)") { try replica.search(text, limit: 3) }
        }
    }

    @Test("a file that is not a replica, is missing, newer or damaged is refused with a reason")
    func badFiles() throws {
        func code(_ path: String) -> ReplicaError.Code? {
            do {
                let replica = try Replica(opening: path)
                _ = try replica.articles(ArticleFilter(), limit: 50)
                return try replica.checkIntegrity().isEmpty ? nil : .damaged
            } catch { return error.code }
        }
        #expect(code(folder.file("missing")) == .noReplica)
        let text = folder.file("text")
        _ = FileManager.default.createFile(atPath: text, contents: Data(repeating: 65, count: 5_000))
        #expect(code(text) == .damaged)
        try DatabaseQueue(path: folder.file("foreign")).write { try $0.execute(sql: "CREATE TABLE x (y)") }
        #expect(code(folder.file("foreign")) == .damaged)
        try replica.close()
        #expect(code(folder.file()) == nil)
        var bytes = try #require(FileManager.default.contents(atPath: folder.file()))
        try DatabaseQueue(path: folder.file()).writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA user_version = 99")
        }
        #expect(code(folder.file()) == .newerSchema)
        for page in 1..<(bytes.count / 4_096) where page % 3 == 0 {
            for offset in 0..<512 { bytes[page * 4_096 + offset] = 0xA5 }
        }
        let torn = folder.file("torn")
        _ = FileManager.default.createFile(atPath: torn, contents: bytes)
        #expect(code(torn) == .damaged)
    }

    @Test("a new replica is never put in the place of a file")
    func createRefuses() throws {
        #expect { _ = try folder.replica() } throws: { ($0 as? ReplicaError)?.code == .alreadyExists }
        #expect(try replica.status().articles == 60)
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file())
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("a replica that was opened for reading refuses to write")
    func readOnly() throws {
        let reading = try Replica(opening: folder.file(), for: .reading)
        #expect { _ = try reading.set(.saved(storyID(1), true), at: at(0)) } throws: {
            ($0 as? ReplicaError)?.code == .readOnly
        }
    }

    @Test("settings are kept, replaced and removed")
    func settings() throws {
        try replica.setSetting("colour", to: "never")
        #expect(try replica.setting("colour") == "never")
        try replica.setSetting("colour", to: nil)
        #expect(try replica.setting("colour") == nil)
        try replica.setRemote("https://sync.example")
        #expect(try replica.status().remote == "https://sync.example")
        #expect(try replica.remote() == "https://sync.example")
    }
}
