import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct ArticleNumberTests: OnOneDevice {
    let device: OneDevice

    /// Articles 1 to 5 under their numbers, of a history that is then replaced by one that has come down to index 2.
    init() throws {
        device = try OneDevice()
        _ = try replica.apply(
            ExchangeReply(
                time: at(0), entries: [],
                cursor: StateCursor(epoch: 1, sequence: 0, prefix: .zero), library: try library()), at: at(0))
        _ = try replica.apply(try articles(1...5), resets: false)
    }

    private func numbered(_ story: UInt64, _ number: UInt64, revision: Int = 1) throws -> CatalogEntry {
        var article = try article(story, revision: revision)
        article.number = number
        return .article(article)
    }

    @Test("numbers of a history that was replaced mean nothing any more")
    func forgotten() throws {
        _ = try replica.apply(try page([try numbered(1, 4)], from: 2, generation: "h"), resets: true)
        #expect(try replica.names(of: [storyID(1)]).first??.number == 4)
        #expect(try replica.names(of: [storyID(4), storyID(99)]) == [nil, nil])
        let found = try replica.articles(named: [(7, 4), (7, 5), (7, 9)])
        #expect(found == [storyID(1), nil, nil])
    }

    @Test("what a new history says of a number is not said of the article that had it in the old one")
    func newMeaning() throws {
        // Newest first: number 4 is taken back and in another feed, before it is known which article it is.
        let later: [CatalogEntry?] = [.removed(number: 4), .feeds(number: 3, [try name("other")])]
        _ = try replica.apply(try page(later, from: 2, generation: "h"), resets: true)
        #expect(try replica.articleIDs(ArticleFilter()).count == 5)
        _ = try replica.apply(
            try page([try numbered(1, 4), try numbered(2, 3)], from: 0, generation: "h"), resets: false)
        #expect(try Set(replica.articleIDs(ArticleFilter())) == Set([2, 3, 4, 5].map { storyID($0) }))
        #expect(try replica.article(storyID(2).description).article.feeds == [try name("other")])
        #expect(try replica.article(storyID(3).description).article.feeds == [try name("all")])
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("an article gets its new number even if the new history only has an older revision")
    func olderRevision() throws {
        _ = try replica.apply(try page([try numbered(1, 1, revision: 3)], from: 5), resets: false)
        _ = try replica.apply(try page([try numbered(1, 2)], from: 0, generation: "h"), resets: true)
        #expect(try replica.names(of: [storyID(1)]).first??.number == 2)
        #expect(try replica.article(storyID(1).description).article.revision == 3)
    }
}
