import GRDB
import SQLiteChanges
public import SyncCore

/// An article as another program names it.
public struct ArticleMention: Sendable, Hashable {
    /// The address of the feed it was read in; `nil` if it is not known.
    public var feed: String?
    /// What the publisher calls it.
    public var guid: String?
    /// Its page.
    public var url: String?

    /// Makes a mention.
    public init(feed: String?, guid: String?, url: String?) {
        self.feed = feed
        self.guid = guid
        self.url = url
    }
}

/// An article that was mentioned.
public struct MentionedArticle: Sendable, Hashable {
    /// The identity.
    public var id: ArticleID
    /// Whether it is read here.
    public var isRead: Bool
    /// Whether it is saved here.
    public var isSaved: Bool
}

extension Replica {
    /// The articles that another program means, in the order of the mentions; `nil` where there is none, or more than
    /// one that it could be.
    ///
    /// A mention is of an article if its feed is here and the article's publication calls the article so, by its guid or
    /// by one of its pages. If its feed is not here, the page alone decides, in any publication: a guid says nothing
    /// outside of its feed.
    ///
    /// - Complexity: up to some twenty look-ups in indexes a mention.
    public func articles(mentioned mentions: [ArticleMention]) throws(ReplicaError) -> [MentionedArticle?] {
        try read { db in
            let search = try MentionSearch(db)
            return try mentions.map { try search.article($0) }
        }
    }
}

/// Finds articles by what others call them.
private struct MentionSearch {
    private struct Publication: Hashable {
        var row: Int64
        var name: String
        /// The site of the feed, as an alias; empty if it is a whole host.
        var site: String
    }

    /// What a row of an article says.
    private struct Candidate: Hashable {
        var article: MentionedArticle
        var publication: Int64
    }

    private let db: Database
    /// The publications of the feeds that are here, by the feeds' addresses.
    private let publications: [String: Set<Publication>]

    init(_ db: Database) throws {
        self.db = db
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT feed.url, publication.row, publication.name, publication.site_url FROM feed
                    JOIN publication ON publication.row = feed.publication WHERE feed.url IS NOT NULL
                UNION
                SELECT direct_feed.url, publication.row, publication.name, direct_feed.site_url FROM direct_feed
                    JOIN publication ON publication.row = direct_feed.publication
                ORDER BY 1, 2, 4
                """)
        var publications: [String: Set<Publication>] = [:]
        for row in rows {
            let site = (row[3] as String?).flatMap { ArticleAlias.key(of: $0) } ?? ""
            publications[Self.key(ofFeed: row[0]), default: []].insert(
                Publication(row: row[1], name: row[2], site: site))
        }
        self.publications = publications
    }

    /// An address of a feed without its scheme and the slash at its end.
    private static func key(ofFeed url: String) -> String {
        var key = ArticleGUID.normalised(url)
        while key.hasSuffix("/") { key.removeLast() }
        return key
    }

    func article(_ mention: ArticleMention) throws -> MentionedArticle? {
        let known = mention.feed.flatMap { publications[Self.key(ofFeed: $0)] }
        if let known, let guid = mention.guid {
            let found = Set(try known.flatMap { try articles(called: guid, page: mention.url, in: $0) })
            if !found.isEmpty { return found.count == 1 ? found.first?.article : nil }
        }
        for address in [mention.url, mention.guid] {
            guard let address, let alias = ArticleAlias.key(of: address) else { continue }
            var found = try articles(at: alias)
            if let known {
                found = found.filter { candidate in known.contains { $0.row == candidate.publication } }
                for publication in known { found.formUnion(try articles(alias: alias, in: publication.row)) }
            }
            if !found.isEmpty { return found.count == 1 ? found.first?.article : nil }
        }
        return nil
    }

    /// By guid. One that is a short number or word counts together with the page, or stands among the other names of
    /// the article, together with the site (see `EntryIdentities`).
    private func articles(called guid: String, page: String?, in publication: Publication) throws -> Set<Candidate> {
        let place = page.flatMap { ArticleAlias.key(of: $0) }
        for name in [guid, place.map { "\(guid) \($0)" }].compactMap({ $0 }) {
            let id = ArticleID(publication: publication.name, guid: name)
            var found = try candidates("WHERE id = ?") { $0.blob(id.digest.bytes) }
            // Or the identity that an article here had before.
            if found.isEmpty { found = try articles(alias: id.description, in: publication.row) }
            if !found.isEmpty { return found }
        }
        return try articles(
            alias: "guid:\(publication.site) \(ArticleGUID.normalised(guid))", in: publication.row)
    }

    private func articles(alias: String, in publication: Int64) throws -> Set<Candidate> {
        try candidates(
            """
            WHERE row IN (SELECT article FROM article_alias WHERE publication = ? AND alias = ? ORDER BY article LIMIT 2)
            """
        ) { binder in
            binder.integer(publication)
            binder.text(alias)
        }
    }

    /// By page. Only the normal form of a page is indexed, so each spelling that the alias stands for is looked up.
    private func articles(at alias: String) throws -> Set<Candidate> {
        var found: Set<Candidate> = []
        let ends = alias.contains("?") ? [""] : ["", "/"]
        for host in ["", "www.", "m.", "amp."] {
            for end in ends {
                let key = URLKey.key(of: "https://" + host + alias + end)
                found.formUnion(
                    try candidates("WHERE url_key = ? ORDER BY row LIMIT 8", pageAlias: alias) { $0.integer(key) })
            }
        }
        return found
    }

    private func candidates(
        _ condition: String, pageAlias: String? = nil, bind: (inout StatementBinder) -> Void
    ) throws -> Set<Candidate> {
        var found: Set<Candidate> = []
        try db.eachRow("SELECT id, publication, is_read, is_saved, url FROM article \(condition)", bind) { row in
            guard let digest = row.digest(0) else { return true }
            if let pageAlias, row.textIfAny(4).flatMap({ ArticleAlias.key(of: $0) }) != pageAlias { return true }
            let article = MentionedArticle(
                id: ArticleID(digest: digest), isRead: row.integer(2) != 0, isSaved: row.integer(3) != 0)
            found.insert(Candidate(article: article, publication: row.integer(1)))
            return true
        }
        return found
    }
}
