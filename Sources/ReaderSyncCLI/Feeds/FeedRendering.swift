import FeedEngine
import FeedSession
import SQLiteReplica
import SyncCore
import TerminalText

/// Feeds, and how reading them went.
enum FeedRendering {
    static func table(_ feeds: [FeedOverview], now: WallTime) -> Table {
        Table(
            columns: [
                Table.Column(title: ""), Table.Column(title: "FEED"), Table.Column(title: "UNREAD", alignsRight: true),
                Table.Column(title: "ALL", alignsRight: true), Table.Column(title: "READ"),
                Table.Column(title: "TITLE", isFlexible: true),
            ],
            rows: feeds.map { feed in
                [
                    mark(feed.direct), StyledText(feed.feed.id.text, .accent),
                    StyledText(String(feed.unread), feed.unread > 0 ? .bold : .dim),
                    StyledText(String(feed.articles)),
                    StyledText(feed.direct?.fetch.checked.map { TimeText.age($0, now: now) } ?? "", .dim), title(feed),
                ]
            })
    }

    private static func mark(_ direct: FeedSubscription?) -> StyledText {
        guard let direct else { return "" }
        if direct.fetch.isGone { return StyledText("x", .bad) }
        return direct.fetch.problem == nil ? StyledText("+", .good) : StyledText("!", .warning)
    }

    private static func title(_ feed: FeedOverview) -> StyledText {
        if let direct = feed.direct {
            return StyledText(direct.shownTitle)
                + StyledText(direct.tags.map { " #" + $0.text }.joined(), .accent)
        }
        if feed.isFormer { return StyledText(feed.feed.title) + StyledText("  (removed; what is kept of it)", .dim) }
        let publication = feed.publication.map { $0.title == feed.feed.title ? "" : $0.title + ": " } ?? ""
        return StyledText(publication, .dim) + StyledText(feed.feed.title)
    }

    static func json(_ feed: FeedOverview) -> JSONValue {
        .object([
            "id": .string(feed.feed.id.text), "title": .string(feed.direct?.shownTitle ?? feed.feed.title),
            "url": .optional(feed.direct?.fetch.url ?? feed.feed.url),
            "publication": .string(feed.feed.publication.text),
            "publicationTitle": .optional(feed.publication?.title), "articles": .count(feed.articles),
            "unread": .count(feed.unread), "former": .bool(feed.isFormer),
            "direct": feed.direct.map { json($0) } ?? .null,
        ])
    }

    static func json(_ subscription: FeedSubscription) -> JSONValue {
        let fetch = subscription.fetch
        return .object([
            "id": .string(subscription.feed.text), "title": .string(subscription.shownTitle),
            "publisherTitle": .string(subscription.title), "url": .string(fetch.url),
            "siteUrl": .optional(subscription.siteURL), "tags": .array(subscription.tags.map { .string($0.text) }),
            "checked": ValueRendering.json(fetch.checked), "changed": ValueRendering.json(fetch.changed),
            "due": fetch.checked == nil ? .null : ValueRendering.json(fetch.due),
            "pausedUntil": ValueRendering.json(fetch.pausedUntil), "failures": .count(fetch.failures),
            "problem": .optional(fetch.problem), "gone": .bool(fetch.isGone),
        ])
    }

    /// What a refresh of the replica's own feeds did; nothing if it has none.
    static func lines(_ report: FeedRefreshReport) -> [StyledText] {
        guard report.total > 0 else { return [] }
        let failed = report.failures.count { $0.failure.code != .cancelled }
        let facts: [(Int, String)] = [
            (report.catalog.added, Plural.of(report.catalog.added, "new article")),
            (report.catalog.corrected, "\(report.catalog.corrected) corrected"),
            (report.skipped, "\(Plural.of(report.skipped, "entry", "entries")) left out"),
            (report.dropped, "\(Plural.of(report.dropped, "old article")) dropped"),
            (report.postponed, "\(report.postponed) not asked yet"),
            (report.damaged.count, "\(report.damaged.count) damaged"),
            (failed, "\(failed) failed"),
        ]
        let said = facts.filter { $0.0 > 0 }.map(\.1)
        return [
            StyledText(
                "\(Plural.of(report.total, "feed")): " + (said.isEmpty ? "nothing new" : said.joined(separator: ", ")))
        ]
    }

    static func json(_ report: FeedRefreshReport) -> JSONValue {
        .object([
            "feeds": .count(report.total), "changed": .count(report.changed), "unchanged": .count(report.unchanged),
            "postponed": .count(report.postponed), "newArticles": .count(report.catalog.added),
            "corrected": .count(report.catalog.corrected), "skipped": .count(report.skipped),
            "dropped": .count(report.dropped),
            "damaged": .array(
                report.damaged.map { damage in
                    .object([
                        "feed": .string(damage.feed.text), "title": .string(damage.title),
                        "message": .string(damage.detail),
                    ])
                }),
            "failures": .array(
                report.failures.map { failure in
                    .object([
                        "feed": .string(failure.feed.text), "title": .string(failure.title),
                        "code": .string(failure.failure.code.rawValue), "message": .string(failure.failure.detail),
                        "remedy": .optional(failure.failure.remedy.isEmpty ? nil : failure.failure.remedy),
                    ])
                }),
        ])
    }
}
