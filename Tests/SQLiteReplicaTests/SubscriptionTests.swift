import SQLiteReplica
import SyncCore
import SyncPorts
import Testing

@Suite struct SubscriptionTests: OnOneDevice {
    let device: OneDevice

    init() throws { device = try OneDevice() }

    private func full(_ feed: String) throws -> FeedSubscription {
        var full = try subscription(feed)
        full.ownTitle = "Mine"
        full.siteURL = "https://magazine.example"
        full.tags = [try tag("a"), try tag("b c")]
        full.fetch.etag = "\"e\""
        full.fetch.lastModified = "Tue, 01 Jan 2030 00:00:00 GMT"
        full.fetch.bodyDigest = Digest128(hashing: [1])
        full.fetch.checked = at(1)
        full.fetch.changed = at(2)
        full.fetch.due = at(3)
        full.fetch.pausedUntil = at(4)
        full.fetch.interval = 5
        full.fetch.failures = 6
        full.fetch.problem = "the server answered 500"
        full.fetch.move = FetchRecord.Move(url: "https://magazine.example/new", count: 2)
        full.fetch.isGone = true
        return full
    }

    @Test("everything about a subscription comes back as it was, the feeds by id")
    func roundTrip() throws {
        let all = [try full("b"), try subscription("a"), try subscription("B")]
        for subscription in all { try replica.subscribe([subscription]) }
        let sorted = all.sorted { $0.feed < $1.feed }
        #expect(try replica.subscriptions() == sorted)
        #expect(try Replica(opening: folder.file(), for: .reading).subscriptions().count == 3)
    }

    @Test("a subscription is changed in its place, and its articles stay")
    func changed() throws {
        try replica.subscribe([try full("direct")])
        try replica.take([try item(1)])
        var changed = try #require(try replica.subscriptions().first)
        #expect(changed.title == "Feed direct")
        #expect(changed.siteURL == "https://magazine.example")
        #expect(changed.tags == [try tag("a"), try tag("b c")])
        changed.ownTitle = nil
        changed.tags = [try tag("z")]
        try replica.subscribe([changed])
        #expect(try replica.subscriptions() == [changed])
        #expect(try replica.articleIDs(ArticleFilter(folder: try tag("z"))) == [storyID(1)])
        #expect(try replica.take([try item(1)]) == CatalogSummary())
    }

    @Test("two feeds are never read from one address")
    func sameAddress() throws {
        try replica.subscribe([try subscription("a")])
        var second = try subscription("b")
        second.fetch.url = address(of: "a")
        #expect { try replica.subscribe([second]) } throws: { ($0 as? ReplicaError)?.code == .alreadyExists }
        #expect(try replica.subscriptions().count == 1)
        // One that moved onto the other's address keeps its own, and what else it says counts.
        try replica.subscribe([try subscription("b")])
        second.fetch.failures = 3
        try replica.record(second.fetch, of: second.feed, at: at(0))
        let kept = try #require(try replica.subscriptions().last)
        #expect(kept.fetch.url == address(of: "b"))
        #expect(kept.fetch.failures == 3)
    }

    @Test("the record of a fetch replaces the one before, and nothing else")
    func recorded() throws {
        try replica.subscribe([try full("direct")])
        var fetch = FetchRecord(url: "https://magazine.example/moved.xml")
        fetch.checked = at(9)
        try replica.record(fetch, of: try name("direct"), at: at(9))
        var expected = try full("direct")
        expected.fetch = fetch
        #expect(try replica.subscriptions() == [expected])
    }

    @Test("the overview tells of direct feeds, read or not, and counts their articles")
    func overview() throws {
        try replica.subscribe([try full("direct")])
        try replica.subscribe([try subscription("unread")])
        var feeds = try replica.feeds()
        #expect(feeds.map(\.direct?.shownTitle) == ["Mine", address(of: "unread")])
        #expect(feeds.map(\.publication) == [nil, nil])
        try replica.take([try item(1), try item(2)])
        _ = try replica.set(.read(storyID(1), true, by: .explicit), at: at(0))
        feeds = try replica.feeds()
        #expect(feeds.map(\.articles) == [2, 0])
        #expect(feeds.map(\.unread) == [1, 0])
        #expect(feeds.map(\.feed.title) == ["Feed direct", address(of: "unread")])
        #expect(feeds.first?.publication?.title == "Magazine, as its feed has it")
        let direct = try replica.subscriptions().first
        #expect(feeds.first?.direct == direct)
    }

    @Test("a folder shows the articles of its feeds, each once")
    func folders() throws {
        for (feed, folder) in [("one", "x"), ("two", "x"), ("three", "y")] {
            var subscription = try subscription(feed)
            subscription.tags = [try tag(folder)]
            try replica.subscribe([subscription])
        }
        try replica.take([try item(1), try item(2)], of: "one")
        try replica.take([try item(2), try item(3)], of: "two")
        try replica.take([try item(3), try item(4)], of: "three")
        #expect(try replica.articleIDs(ArticleFilter(folder: try tag("x"))) == [3, 2, 1].map { storyID($0) })
        let both = ArticleFilter(feed: try name("three"), folder: try tag("x"))
        #expect(try replica.articleIDs(both) == [storyID(3)])
        #expect(try replica.search("body", ArticleFilter(folder: try tag("y")), limit: 9).hits.count == 2)
        #expect(try replica.articleIDs(ArticleFilter(folder: try tag("z"))).isEmpty)
    }
}
