import SQLiteReplica
import SyncCore
import SyncPorts
import SyncTestKit
import Testing

/// What direct feeds and their reader did, in the simplest way that could be right.
private struct FeedModel {
    struct Story {
        var id: ArticleID
        var number: UInt64
        var names: Set<ArticleID>
        /// What was said, newest last; none once it was dropped.
        var texts: [FeedArticle]
        var revision: Int
        var said: [String: Digest128] = [:]
        /// When it fell out of which feed; not there while the feed has it.
        var fallenOut: [String: WallTime] = [:]
        var isSaved = false
    }

    var stories: [Story] = []

    private func find(_ item: FeedArticle, number: UInt64, _ names: Set<ArticleID>, _ placed: Set<ArticleID>) -> Int? {
        if let own = stories.firstIndex(where: { $0.id == item.article.id }) { return own }
        func isFree(_ story: Story) -> Bool { !names.contains(story.id) && !placed.contains(story.id) }
        if let before = stories.firstIndex(where: { $0.names.contains(item.article.id) }) {
            return isFree(stories[before]) ? before : nil
        }
        let same = stories.indices.filter { stories[$0].number == number }
        return same.count == 1 && isFree(stories[same[0]]) ? same[0] : nil
    }

    mutating func take(
        _ items: [(number: UInt64, item: FeedArticle)], of feed: String, isComplete: Bool, at now: WallTime
    ) {
        let names = Set(items.map(\.item.article.id))
        var placed: Set<ArticleID> = []
        var taken: Set<ArticleID> = []
        for (number, item) in items where taken.insert(item.article.id).inserted {
            let hash = item.article.contentHash
            guard let index = find(item, number: number, names, placed) else {
                let id = item.article.id
                var story = Story(id: id, number: number, names: [id], texts: [item], revision: 1)
                story.said[feed] = hash
                stories.append(story)
                placed.insert(id)
                continue
            }
            var story = stories[index]
            placed.insert(story.id)
            if let last = story.texts.last {
                let isOther = last.article.contentHash != hash
                if isOther, story.said[feed].map({ $0 != hash }) ?? (item.touched > last.touched) {
                    // Another guid for the same words is no correction.
                    if last.article.headline == item.article.headline {
                        story.texts.removeLast()
                    } else {
                        story.revision += 1
                    }
                    story.texts.append(item)
                }
            } else {
                // It was dropped; whether it says the same as then only the replica knows, by its digest.
                story.texts = [item]
            }
            story.said[feed] = hash
            story.fallenOut[feed] = nil
            story.names.insert(item.article.id)
            stories[index] = story
        }
        guard isComplete else { return }
        for index in stories.indices where !placed.contains(stories[index].id) {
            if stories[index].said[feed] != nil, stories[index].fallenOut[feed] == nil {
                stories[index].fallenOut[feed] = now
            }
        }
    }

    mutating func retain(since instant: WallTime) -> Int {
        var dropped = 0
        for index in stories.indices where !stories[index].texts.isEmpty && !stories[index].isSaved {
            let story = stories[index]
            guard story.said.keys.allSatisfy({ (story.fallenOut[$0]?.milliseconds ?? .max) < instant.milliseconds })
            else { continue }
            (stories[index].texts, stories[index].said, stories[index].fallenOut) = ([], [:], [:])
            dropped += 1
        }
        return dropped
    }
}

@Suite struct FeedModelTests {
    private static let feeds = ["one", "two", "three"]

    private func randomItem(_ number: UInt64, _ draw: inout SeededRandom) throws -> FeedArticle {
        let guid = Int.random(in: 0..<4, using: &draw) == 0 ? "post-\(number)" : nil
        return try item(number, version: Int.random(in: 1...3, using: &draw), guid: guid)
    }

    @Test("whatever feeds say in whatever order, a replica holds what a simple model holds", arguments: 1...12)
    func random(seed: UInt64) throws {
        let folder = try Folder()
        let replica = try folder.replica()
        var draw = SeededRandom(seed: seed)
        var model = FeedModel()
        for feed in Self.feeds { try replica.subscribe([try subscription(feed)]) }
        for step in 0..<30 {
            let now = at(Int64(step) * 100)
            let feed = try #require(Self.feeds.randomElement(using: &draw))
            switch Int.random(in: 0..<10, using: &draw) {
            case 0:
                let instant = at(Int64(step) * 100 - Int64.random(in: 0...1_000, using: &draw))
                #expect(try replica.retain(since: instant) == model.retain(since: instant))
            case 1:
                guard let index = model.stories.indices.randomElement(using: &draw) else { continue }
                model.stories[index].isSaved.toggle()
                let story = model.stories[index]
                _ = try replica.set(.saved(story.id, story.isSaved), at: now)
            case 2: _ = try replica.indexPending(limit: 3)
            default:
                var numbers = Array(UInt64(1)...8).shuffled(using: &draw)
                numbers.removeLast(Int.random(in: 0...6, using: &draw))
                var items = try numbers.map { (number: $0, item: try randomItem($0, &draw)) }
                // Now and then one story stands there twice, under two guids.
                if let first = numbers.first, Bool.random(using: &draw) {
                    items.append((first, try randomItem(first, &draw)))
                }
                let isComplete = Int.random(in: 0..<4, using: &draw) > 0
                try replica.take(items.map(\.item), of: feed, isComplete: isComplete, at: now)
                model.take(items, of: feed, isComplete: isComplete, at: now)
                #expect(
                    try replica.take(items.map(\.item), of: feed, isComplete: isComplete, at: now)
                        == CatalogSummary())
            }
            try compare(replica, model)
        }
        #expect(try replica.checkIntegrity() == [])
    }

    /// Stops at the first difference: all that follow would come of it.
    private func compare(_ replica: Replica, _ model: FeedModel) throws {
        let shown = model.stories.filter { !$0.texts.isEmpty }.sorted { $0.id < $1.id }
        let expected = shown.map { story in
            let said = story.texts.last?.article
            return "\(story.id) \(said?.headline ?? "") \(said?.contentHash ?? .zero) older: \(story.texts.count - 1) "
                + "saved: \(story.isSaved) \(story.said.keys.sorted())"
        }
        let held = try replica.articleIDs(ArticleFilter()).sorted().map { id in
            let detail = try replica.article(id.description)
            return "\(id) \(detail.summary.headline) \(detail.article.contentHash) older: \(detail.olderRevisions) "
                + "saved: \(detail.summary.isSaved) \(detail.article.feeds.map(\.text))"
        }
        try #require(held == expected)
        for version in 1...3 {
            let hits = try replica.search("\"of version \(version)\"", limit: 99).hits.map(\.article.id).sorted()
            let ending = "of version \(version)"
            let found = shown.filter { $0.texts.last?.article.headline.hasSuffix(ending) == true }.map(\.id)
            try #require(hits == found)
        }
    }
}
