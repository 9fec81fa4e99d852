import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct FormerFeedTests: OnOneDevice {
    let device: OneDevice

    init() throws {
        device = try OneDevice(feeds: ["direct"])
        try replica.take([try item(1), try item(2)])
        #expect(try replica.feeds().map(\.isFormer) == [false])
        #expect(try replica.unsubscribe(try name("direct")))
    }

    @Test("a feed that was taken out is listed as a former one while it has articles, and its id is free")
    func former() throws {
        let feeds = try replica.feeds()
        #expect(feeds.map(\.isFormer) == [true])
        #expect(feeds.map(\.articles) == [2])
        #expect(try replica.feedNames().isEmpty)
        #expect(try replica.checkIntegrity() == [])
    }

    @Test("retention takes the articles of a feed that was taken out although none is left, and says why they are gone")
    func retained() throws {
        #expect(try replica.subscriptions().isEmpty)
        #expect(!(try replica.detail(1).isDropped))
        #expect(try replica.retain(since: at(1)) == 2)
        #expect(try replica.feeds().isEmpty)
        #expect(try replica.feedNames().isEmpty)
        #expect(try replica.detail(1).isDropped)
    }

    @Test("a feed that is added once more finds its articles as they were")
    func again() throws {
        _ = try replica.set(.saved(storyID(1), true), at: at(0))
        try replica.subscribe([try subscription()])
        #expect(try replica.take([try item(1), try item(2)], at: at(9)) == CatalogSummary())
        #expect(try replica.feeds().map(\.isFormer) == [false])
        #expect(try replica.articleIDs(ArticleFilter(saved: true)) == [storyID(1)])
        #expect(try replica.retain(since: at(99)) == 0)
    }

    @Test("what a publisher withdrew is not said to have been dropped")
    func withdrawn() throws {
        _ = try replica.apply(try page([.article(try article(3)), .removed(number: 3)]), resets: false)
        let detail = try replica.detail(3)
        #expect(detail.isRemoved)
        #expect(!detail.isDropped)
    }

    @Test("a feed that moves onto another's address says so, from the first redirect on")
    func moved() throws {
        for feed in ["a", "b"] { try replica.subscribe([try subscription(feed)]) }
        var fetch = FetchRecord(url: address(of: "b"))
        fetch.move = FetchRecord.Move(url: address(of: "a"), count: 1)
        try replica.record(fetch, of: try name("b"), at: at(0))
        let problem = try #require(try replica.subscriptions().last?.fetch.problem)
        #expect(problem == "moved to the address of feed 'a'; remove one of them")
        fetch = FetchRecord(url: address(of: "a"))
        try replica.record(fetch, of: try name("b"), at: at(1))
        #expect(try replica.subscriptions().map(\.fetch.problem) == [nil, problem])
    }
}
