import GRDB
import SQLiteChanges
public import SyncCore
public import SyncPorts

// Articles' texts, kept for those that the reader chose.
extension Replica {
    /// Which articles' texts are kept; all unless something else was chosen.
    public var keptBodies: KeptArticles {
        get throws(ReplicaError) {
            try setting(RememberedChoice.bodies.rawValue).flatMap { KeptArticles(rawValue: $0) } ?? .all
        }
    }

    static func keptBodies(_ db: Database) throws -> KeptArticles {
        let text = try String.fetchOne(
            db.cachedStatement(sql: "SELECT value FROM setting WHERE name = ?"),
            arguments: [RememberedChoice.bodies.rawValue])
        return text.flatMap { KeptArticles(rawValue: $0) } ?? .all
    }

    /// Sets ``keptBodies``.
    public func setKeptBodies(_ kept: KeptArticles) throws(ReplicaError) {
        try setSetting(RememberedChoice.bodies.rawValue, to: kept.rawValue)
    }

    /// The condition that somebody has an article's text: a server's history, or a feed of the replica's own at present.
    private static let canComeBack = """
        (article.entry >= 0 OR EXISTS (
            SELECT 1 FROM direct_entry WHERE direct_entry.article = article.row AND fallen_out IS NULL))
        """

    /// The condition that the reader keeps nothing with an article; who wants no texts at all wants none of those either.
    private static func isUnkept(_ kept: KeptArticles) -> String { kept == .none ? "1" : isDroppable }

    /// The articles whose texts are to be dropped: not of `kept`, and, unless that is none, without tag and note; in the
    /// full-text index already, and such that the text can be had again.
    ///
    /// - Complexity: O(n) in the articles, by indexes alone; O(1) if all texts are kept, which every sync asks for.
    public func bodiesToDrop(keeping kept: KeptArticles) throws(ReplicaError) -> [Int64] {
        guard kept != .all else { return [] }
        let listed = "removed = 0 AND is_promotion = 0"
        let spared: [String] =
            switch kept {
            case .all, .none: []
            case .unread: ["is_read = 0", "is_saved = 1"]
            case .saved: ["is_saved = 1"]
            }
        let exceptions = spared.map { " AND row NOT IN (SELECT row FROM article WHERE \(listed) AND \($0))" }.joined()
        return try read { db in
            try Int64.fetchAll(
                db,
                sql: """
                    SELECT row FROM article WHERE \(listed) AND row NOT IN (SELECT article FROM absent_body)
                    AND +row <= (SELECT indexed FROM replica WHERE only = 1)\(exceptions)
                    AND \(Self.isUnkept(kept)) AND \(Self.canComeBack)
                    """
            ).sorted()
        }
    }

    /// Drops texts, unless their articles came to be of `kept` meanwhile.
    ///
    /// - Parameter rows: a piece of ``bodiesToDrop(keeping:)``.
    /// - Returns: how many were dropped.
    public func dropBodies(_ rows: some Collection<Int64>, keeping kept: KeptArticles) throws(ReplicaError) -> Int {
        try writeRepeatable { db in
            var count = 0
            for row in rows {
                let isWanted = try db.firstRow(
                    """
                    SELECT \(kept.condition) OR NOT (\(Self.isUnkept(kept))) OR NOT \(Self.canComeBack)
                    FROM article WHERE row = ?
                    """, { $0.integer(row) }, { $0.integer(0) != 0 })
                guard isWanted == false else { continue }
                try AbsentBodies.drop(row, db)
                count += 1
            }
            return count
        }
    }

    /// The pieces of the server's history that hold texts which are wanted and absent, newest first.
    ///
    /// - Complexity: O(n) in the texts that are absent.
    public func historyOfAbsentBodies(wanted kept: KeptArticles) throws(ReplicaError) -> [CatalogRequest] {
        try read { db in try Self.history(of: "SELECT article FROM absent_body", kept, db) }
    }

    /// The piece of the server's history that holds an article's text; `nil` if the text is held, or no server has it.
    public func historyOfBody(of id: ArticleID) throws(ReplicaError) -> CatalogRequest? {
        try read { db in
            let row = try db.firstRow(
                "SELECT article FROM absent_body WHERE article = (SELECT row FROM article WHERE id = ?)",
                { $0.digest(id.digest) }, { $0.integer(0) })
            guard let row else { return nil }
            return try Self.history(of: String(row), .all, db).first
        }
    }

    private static func history(of rows: String, _ kept: KeptArticles, _ db: Database) throws -> [CatalogRequest] {
        let size = Int64(CatalogPage.tileSize)
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT DISTINCT publication.name, generation, entry / \(size) * \(size) AS start,
                    (SELECT max(to_index) FROM catalog_range WHERE catalog_range.publication = publication.row)
                FROM article JOIN publication ON publication.row = article.publication
                WHERE article.row IN (\(rows)) AND \(kept.condition) AND entry >= 0 AND generation IS NOT NULL
                ORDER BY start DESC, publication.name
                """)
        return rows.compactMap { row in
            guard let publication = EntityName(row[0] as String), let end: Int64 = row[3] else { return nil }
            let start: Int64 = row[2]
            return CatalogRequest(
                publication: publication, generation: row[1], from: UInt64(start),
                to: start + size <= end ? UInt64(start + size) : nil)
        }
    }

    /// Puts texts back that a page of the server's history has: of articles whose texts are absent and of which the page
    /// says what the replica knows of them.
    ///
    /// - Parameter id: the one article whose text is to be put back; `nil`: those of all.
    /// - Returns: how many were put back.
    public func restoreBodies(
        from page: CatalogPage, wanted kept: KeptArticles, only id: ArticleID? = nil
    ) throws(ReplicaError) -> Int {
        try writeRepeatable { db in
            var count = 0
            for case .article(let article)? in page.entries where id.map({ $0 == article.id }) ?? true {
                let row = try db.firstRow(
                    """
                    SELECT row FROM article WHERE id = ? AND content_hash = ? AND \(kept.condition)
                    AND row IN (SELECT article FROM absent_body)
                    """,
                    { binder in
                        binder.digest(article.id.digest)
                        binder.digest(article.contentHash)
                    }, { $0.integer(0) })
                guard let row else { continue }
                try AbsentBodies.restore(row, from: article, db)
                count += 1
            }
            return count
        }
    }

    /// How many texts of feeds of one's own are wanted and absent.
    ///
    /// - Complexity: O(n) in the texts that are absent.
    public func absentBodiesOfOwnFeeds(wanted kept: KeptArticles) throws(ReplicaError) -> Int {
        try read { db in
            try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM absent_body CROSS JOIN article ON article.row = absent_body.article
                    WHERE entry < 0 AND \(kept.condition)
                    AND EXISTS (SELECT 1 FROM direct_entry WHERE direct_entry.article = article.row)
                    """) ?? 0
        }
    }

    /// Has feeds of one's own asked for all they have, of which wanted texts are absent: a feed that did not change would
    /// not send them.
    public func askAnewForAbsentBodies(wanted kept: KeptArticles) throws(ReplicaError) {
        let feeds = try read { db in
            try Int64.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT direct_entry.feed FROM absent_body
                    CROSS JOIN article ON article.row = absent_body.article
                    CROSS JOIN direct_entry ON direct_entry.article = article.row AND fallen_out IS NULL
                    WHERE entry < 0 AND \(kept.condition) ORDER BY 1
                    """)
        }
        guard !feeds.isEmpty else { return }
        try writeRepeatable { db in
            for feed in feeds {
                try db.execute(
                    sql: "UPDATE direct_feed SET etag = NULL, last_modified = NULL, body_digest = NULL WHERE feed = ?",
                    arguments: [feed])
            }
        }
    }
}
