import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct PromotionTests: OnOneDevice {
    let device: OneDevice

    /// Articles 1 to 3 of which 2 is a promotion, once from a server and once from a direct feed.
    init() throws { device = try OneDevice() }

    /// - Returns: what is said to be new.
    @discardableResult
    private func fill(fromServer: Bool) throws -> Int {
        if fromServer {
            var promotion = try article(2)
            promotion.isPromotion = true
            return try replica.apply(
                try page([.article(try article(1)), .article(promotion), .article(try article(3))]), resets: false
            ).added
        } else {
            try replica.subscribe([try subscription("all")])
            var promotion = try item(2)
            promotion.article.isPromotion = true
            return try replica.take([try item(1), promotion, try item(3)], of: "all").added
        }
    }

    @Test("a promotion is kept, but is in no list, count or search unless it is asked for", arguments: [true, false])
    func unlisted(fromServer: Bool) throws {
        #expect(try fill(fromServer: fromServer) == 2, "nor is it said to be a new article")
        let listed = [storyID(3), storyID(1)]
        #expect(try replica.articleIDs(ArticleFilter()) == listed)
        #expect(try replica.articleIDs(ArticleFilter(unread: true)) == listed)
        #expect(try replica.articleIDs(ArticleFilter(feed: try name("all"))) == listed)
        #expect(try replica.search("body", limit: 9).hits.count == 2)
        let status = try replica.status()
        #expect(status.articles == 2 && status.unread == 2)
        #expect(try replica.feeds().map(\.unread) == [2])
        #expect(try replica.articleIDs(ArticleFilter(promotions: true)) == [storyID(2)])
        #expect(try replica.search("body", ArticleFilter(promotions: true), limit: 9).hits.count == 1)
        #expect(try replica.detail(2).article.isPromotion)
        #expect(try !replica.detail(1).article.isPromotion)
    }

    @Test("marking all that is listed leaves nothing unread, and the promotion as it was", arguments: [true, false])
    func markAll(fromServer: Bool) throws {
        try fill(fromServer: fromServer)
        let shown = try replica.articleIDs(ArticleFilter(unread: true))
        _ = try replica.record(try shown.map { try #require(Edit.read($0, true, by: .bulk)) }, at: at(0))
        #expect(try replica.status().unread == 0)
        #expect(try replica.articleIDs(ArticleFilter(unread: true, promotions: true)) == [storyID(2)])
    }

    @Test("an article that turns out to be none leaves the lists, and comes back when it is one again")
    func changesItsKind() throws {
        try replica.subscribe([try subscription()])
        try replica.take([try item(1)])
        var promotion = try item(1, version: 2)
        promotion.article.isPromotion = true
        #expect(try replica.take([promotion]) == CatalogSummary(corrected: 1))
        #expect(try replica.articleIDs(ArticleFilter()).isEmpty)
        #expect(try replica.take([try item(1, version: 3)]) == CatalogSummary(corrected: 1))
        #expect(try replica.articleIDs(ArticleFilter()) == [storyID(1)])
    }
}
