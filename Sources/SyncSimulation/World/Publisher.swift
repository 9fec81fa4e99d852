import ReferenceServer
import SyncCore
import SyncPorts
import SyncTestKit

/// A publisher: it adds articles, corrects and withdraws them, shows the newest in its feeds, and offers newsletters and
/// wordings of consents. What it knows does not depend on the server, which may be put back behind it.
struct Publisher {
    private struct Piece {
        var number: Int
        var version: Int
        var feeds: Set<Int>
    }

    private var pieces: [Piece] = []
    private var newsletters: Set<Int> = []
    private var wordings: [String: Int] = [:]
    private let random: SeededRandomSource

    /// Newsletters there may be.
    static let newsletterNames = ["daily", "weekend", "science"]
    /// Purposes of consents.
    static let purposes = ["brandOffers", "partnerOffers"]
    /// Feeds of the one publication.
    private static let feeds = 3
    /// Articles that a feed shows.
    private static let window = 12

    init(seed: UInt64) {
        random = SeededRandomSource(seed: seed ^ 0x7075_626c)
    }

    /// Articles that were published.
    var count: Int { pieces.count }

    /// The identity of an article.
    static func article(_ number: Int) -> ArticleID {
        ArticleID(publication: "magazine", guid: "https://magazine.example/\(number)")
    }

    /// Adds articles and shows them in feeds.
    mutating func add(_ count: Int, to store: SQLiteServerStore, at now: WallTime, _ dice: inout Dice) throws {
        for _ in 0..<count {
            var feeds: Set<Int> = [dice.below(Self.feeds)]
            if dice.chance(300) { feeds.insert(dice.below(Self.feeds)) }
            pieces.append(Piece(number: pieces.count, version: 1, feeds: feeds))
        }
        try show(in: store, at: now)
    }

    /// Corrects an article, mostly a new one.
    mutating func correct(in store: SQLiteServerStore, at now: WallTime, _ dice: inout Dice) throws {
        guard !pieces.isEmpty else { return }
        let index = pieces.count - 1 - dice.skewed(min(pieces.count, Self.window))
        pieces[index].version += 1
        try show(in: store, at: now)
    }

    /// Withdraws an article.
    mutating func withdraw(from store: SQLiteServerStore, at now: WallTime, _ dice: inout Dice) throws {
        guard !pieces.isEmpty else { return }
        _ = try store.withdraw([Self.article(dice.below(pieces.count))], at: now)
    }

    /// Begins to offer a newsletter, or ends one.
    mutating func turnNewsletter(in store: SQLiteServerStore, at now: WallTime, _ dice: inout Dice) throws {
        let index = dice.below(Self.newsletterNames.count)
        guard let id = EntityName(Self.newsletterNames[index]) else { return }
        if newsletters.remove(index) != nil {
            // A server that was put back may not know of it.
            guard try store.library().newsletters.contains(where: { $0.id == id }) else { return }
            return try store.endNewsletter(id)
        }
        newsletters.insert(index)
        let cadences = ["daily", "weekly", "monthly"].shuffledPrefix(dice.within(1...3), &dice)
        try store.publish(
            newsletters: [Newsletter(id: id, title: id.text, summary: "", cadences: cadences)], wordings: [], at: now)
    }

    /// Puts a wording in force.
    mutating func turnWording(in store: SQLiteServerStore, at now: WallTime, _ dice: inout Dice) throws {
        guard let text = dice.pick(Self.purposes), let purpose = EntityName(text) else { return }
        wordings[text, default: 0] += 1
        let version = "sim-\(wordings[text] ?? 0)"
        let wording = ConsentWording(
            purpose: purpose, version: version, text: "May we, by \(version)?", policyVersion: "p1", termsVersion: "t1")
        try store.publish(newsletters: [], wordings: [wording], at: now)
    }

    private mutating func show(in store: SQLiteServerStore, at now: WallTime) throws {
        guard let magazine = EntityName("magazine") else { return }
        var readings: [FeedReading] = []
        for feed in 0..<Self.feeds {
            guard let name = EntityName("feed-\(feed)") else { continue }
            var reading = FeedReading(
                publication: Publication(id: magazine, number: 0, title: "The Magazine"),
                feed: Feed(id: name, publication: magazine, title: "Feed \(feed)"))
            let newest = pieces.reversed().filter { $0.feeds.contains(feed) }.prefix(Self.window)
            reading.articles = newest.map { FeedArticle(article: Self.article($0, magazine), aliases: []) }
            if !reading.articles.isEmpty { readings.append(reading) }
        }
        var draw = RandomDraw(random)
        _ = try store.publish(readings, at: now, using: &draw)
    }

    private static func article(_ piece: Piece, _ publication: EntityName) -> Article {
        let headline = "Story \(piece.number), version \(piece.version)"
        var article = Article(
            id: Self.article(piece.number), publication: publication, number: 0,
            guid: "https://magazine.example/\(piece.number)", headline: headline, revision: 1,
            contentHash: Digest128(hashing: Array(headline.utf8)))
        article.url = article.guid
        article.published = WallTime(milliseconds: SimulatedClock.beginning + Int64(piece.number) * 60_000)
        article.updated = article.published?.advanced(by: Int64(piece.version) * 1_000)
        article.bodyHTML = "<p>\(headline)</p>"
        article.bodyText = headline
        return article
    }
}

extension [String] {
    fileprivate func shuffledPrefix(_ count: Int, _ dice: inout Dice) -> [Cadence] {
        dice.shuffled(self).prefix(count).compactMap { Cadence($0) }
    }
}
