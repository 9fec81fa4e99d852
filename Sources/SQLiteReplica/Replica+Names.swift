import GRDB
import SQLiteChanges
import SyncCore

/// Something that a command line can name, for a shell to offer.
public struct NameOffer: Sendable, Hashable {
    /// What is typed.
    public var name: String
    /// What it stands for, in the words of the person or the publisher; may be empty.
    public var title: String

    /// Makes an offer.
    public init(name: String, title: String) {
        self.name = name
        self.title = title
    }
}

/// The kinds of things that have names on the command line.
public enum NameKind: Sendable, Hashable, CaseIterable {
    case article, feed, ownFeed, folder, section, tag, newsletter, consent, openConflict, setAside
}

extension Replica {
    /// The names of a kind that begin with a text; of articles the newest ones.
    ///
    /// - Parameter limit: most names, 1 and up.
    /// - Complexity: O(limit) for articles, O(n) in the names of the other kinds, of which there are few.
    public func names(_ kind: NameKind, beginning: String, limit: Int) throws(ReplicaError) -> [NameOffer] {
        try read { db in
            if kind == .article { return try Self.articleNames(beginning: beginning.lowercased(), limit: limit, db) }
            let names = try db.rows(Self.query(kind), { _ in }, { NameOffer(name: $0.text(0), title: $0.text(1)) })
            return Array(names.lazy.filter { $0.name.hasPrefix(beginning) }.prefix(limit))
        }
    }

    /// Whether any article is in a section, or has a tag.
    ///
    /// - Complexity: O(log n) for a section or tag.
    public func holds(_ kind: NameKind, named name: String) throws(ReplicaError) -> Bool {
        let query: String
        switch kind {
        case .section: query = "SELECT 1 FROM section_count WHERE section = ? AND held > 0"
        case .tag: query = "SELECT 1 FROM article_tag WHERE tag = ? LIMIT 1"
        default: return try names(kind, beginning: name, limit: .max).contains { $0.name == name }
        }
        return try read { db in try db.firstRow(query, { $0.text(name) }, { _ in true }) ?? false }
    }

    private static func query(_ kind: NameKind) -> String {
        switch kind {
        case .article: ""
        case .feed:
            // Those that `feeds` lists and that are still read, by the names that it shows.
            """
            SELECT feed.name, coalesce(direct_feed.own_title, direct_feed.title, feed.title)
            FROM feed LEFT JOIN direct_feed ON direct_feed.feed = feed.row
            WHERE (feed.title <> '' OR direct_feed.feed IS NOT NULL) AND NOT \(DirectFeedRows.isFormerFeed)
            ORDER BY feed.name
            """
        case .ownFeed:
            """
            SELECT feed.name, coalesce(direct_feed.own_title, direct_feed.title) FROM direct_feed
            JOIN feed ON feed.row = direct_feed.feed ORDER BY feed.name
            """
        case .folder: "SELECT DISTINCT tag, '' FROM direct_feed_tag ORDER BY tag"
        case .section: "SELECT section, held || ' articles' FROM section_count WHERE held > 0 ORDER BY section"
        case .tag: "SELECT tag, count(*) || ' articles' FROM article_tag GROUP BY tag ORDER BY tag"
        case .newsletter: "SELECT name, title FROM newsletter ORDER BY name"
        case .consent: "SELECT purpose, text FROM wording ORDER BY purpose"
        case .openConflict: "SELECT name, field FROM conflict WHERE state = 0 ORDER BY opened_at DESC, row DESC"
        case .setAside: "SELECT CAST(place AS TEXT), detail FROM set_aside ORDER BY place"
        }
    }

    private static func articleNames(beginning: String, limit: Int, _ db: Database) throws -> [NameOffer] {
        if beginning.isEmpty {
            return try db.rows(
                """
                SELECT id, headline, \(SummaryRows.opening) FROM article WHERE removed = 0 AND is_promotion = 0
                ORDER BY listed DESC, row DESC LIMIT ?
                """, { $0.integer(Int64(limit)) }, { try offer($0, db) }
            ).compactMap(\.self)
        }
        guard let range = digests(beginning: beginning) else { return [] }
        return try db.rows(
            "SELECT id, headline, \(SummaryRows.opening) FROM article WHERE id BETWEEN ? AND ? AND removed = 0 ORDER BY id LIMIT ?",
            { binder in
                binder.digest(range.lowerBound)
                binder.digest(range.upperBound)
                binder.integer(Int64(limit))
            }, { try offer($0, db) }
        ).compactMap(\.self)
    }

    private static func offer(_ row: borrowing Columns, _ db: Database) throws -> NameOffer? {
        guard let digest = row.digest(0) else { return nil }
        let title = Article.title(headline: row.text(1), opening: row.textIfAny(2))
        return NameOffer(
            name: try SummaryRows.shortID(digest, db), title: Article.cut(title, to: Article.maximumOpening))
    }
}
