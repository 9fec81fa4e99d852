import FeedFormats
import FeedSession
import SQLiteReplica
import SyncCore

/// Takes a list of subscriptions into a replica; the feeds are read with the next sync.
struct SubscriptionImport {
    var added = 0
    var known = 0
    /// Feeds that were not taken, each with the reason.
    var leftOut: [String] = []

    static func run(_ list: SubscriptionList, into replica: Replica) throws -> SubscriptionImport {
        var result = SubscriptionImport()
        var addresses = Set(try replica.subscriptions().map { address($0.fetch.url) })
        var ids = Set(try replica.feeds().map(\.feed.id))
        for entry in list.subscriptions {
            guard addresses.insert(address(entry.feedURL)).inserted else {
                result.known += 1
                continue
            }
            let naming = FeedNaming(siteURL: entry.siteURL, effectiveURL: entry.feedURL, source: entry.feedURL)
            let id = naming.feed.unused(in: ids)
            ids.insert(id)
            let tags = entry.tags.compactMap { tag -> TagName? in
                let name = TagName(tag)
                if name == nil { result.leftOut.append("the folder '\(tag.prefix(80))' cannot be a tag") }
                return name
            }
            let title = entry.title.isEmpty ? nil : entry.title
            try replica.subscribe(
                FeedSubscription(
                    feed: id, publication: naming.publication, title: title ?? entry.feedURL, ownTitle: title,
                    siteURL: entry.siteURL, tags: Set(tags).sorted(), fetch: FetchRecord(url: entry.feedURL)))
            result.added += 1
        }
        return result
    }

    /// What tells two addresses apart: not the scheme.
    private static func address(_ url: String) -> String { ArticleAlias.key(of: url) ?? url }
}

extension EntityName {
    /// The name itself, or with the first number behind it that makes it free.
    func unused(in taken: Set<EntityName>) -> EntityName {
        guard taken.contains(self) else { return self }
        for number in 2...(taken.count + 2) {
            let suffix = "-\(number)"
            if let name = EntityName(text.prefix(64 - suffix.utf8.count) + suffix), !taken.contains(name) {
                return name
            }
        }
        return self
    }
}
