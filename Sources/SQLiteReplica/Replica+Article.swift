import GRDB
import SQLiteChanges
public import SyncCore

extension Replica {
    /// Everything about one article.
    ///
    /// - Parameter reference: a beginning of its identity, four digits or more, or the URL of its page in any
    ///   spelling that ``ArticleGUID`` takes for the same.
    /// - Throws: ``ReplicaError`` with `notFound`, or `ambiguous` and up to five candidates.
    public func article(_ reference: String) throws(ReplicaError) -> ArticleDetail {
        try read { db in
            let found = try Self.row(of: reference, db)
            let detail = try db.firstRow(
                """
                SELECT \(SummaryRows.columns), number, guid, revision, content_hash, details, html, text, removed,
                    read_at, read_by, saved_at, is_promotion, removed_entry,
                    EXISTS (SELECT 1 FROM absent_body WHERE absent_body.article = article.row)
                FROM article JOIN article_body ON article_body.article = article.row WHERE article.row = ?
                """, { $0.integer(found) }, { try Self.detail($0, db) })
            guard let detail else { throw ReplicaError.damaged("an article of the replica has no text") }
            return detail
        }
    }

    /// The identity behind a reference, as ``article(_:)`` takes it.
    public func articleID(_ reference: String) throws(ReplicaError) -> ArticleID {
        try read { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT id FROM article WHERE row = ?", arguments: [try Self.row(of: reference, db)])
            guard let digest = row?.digest(at: 0) else {
                throw ReplicaError.damaged("an article of the replica has no identity")
            }
            return ArticleID(digest: digest)
        }
    }

    /// The revisions of an article that are held, newest first.
    public func revisions(of id: ArticleID) throws(ReplicaError) -> [ArticleRevision] {
        try read { db in
            let columns = "revision, updated, headline, standfirst, text, html"
            let blob = id.digest.bytes.databaseBlob
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT \(columns) FROM article JOIN article_body ON article_body.article = article.row
                    WHERE article.id = ?
                    UNION ALL
                    SELECT \(columns) FROM article_revision WHERE article = (SELECT row FROM article WHERE id = ?)
                    ORDER BY revision DESC
                    """,
                arguments: [blob, blob]
            ).map { row in
                ArticleRevision(
                    revision: row[0], updated: row.instant(at: 1), headline: row[2], standfirst: row[3],
                    bodyText: row[4], bodyHTML: row[5])
            }
        }
    }

    private static func detail(_ row: borrowing Columns, _ db: Database) throws -> ArticleDetail {
        let summary = try SummaryRows.summary(row, db)
        let at = SummaryRows.count
        guard let hash = row.digest(at + 3) else {
            throw ReplicaError.damaged("article \(summary.id) cannot be read back")
        }
        var article = Article(
            id: summary.id, publication: summary.publication, number: row.bits(at), guid: row.text(at + 1),
            headline: summary.headline, revision: Int(row.integer(at + 2)), contentHash: hash)
        article.url = summary.url
        article.kicker = summary.kicker
        article.standfirst = summary.standfirst
        article.section = summary.section
        article.published = summary.published
        article.updated = summary.updated
        article.access = summary.access
        article.language = summary.language
        article.isPromotion = row.integer(at + 11) != 0
        try ArticleDetails.fill(&article, from: row.text(at + 4))
        article.bodyHTML = row.text(at + 5)
        article.bodyText = row.text(at + 6)
        let (own, listed) = (row.integer(0), row.integer(1))
        article.feeds = try db.rows(
            """
            SELECT name FROM feed WHERE EXISTS (
                SELECT 1 FROM article_feed WHERE feed = feed.row AND listed = ? AND article = ?
            ) ORDER BY name
            """,
            { binder in
                binder.integer(listed)
                binder.integer(own)
            }, { $0.text(0) }
        ).compactMap { EntityName($0) }
        let note = try db.firstRow(
            "SELECT text FROM article_note WHERE article = ?", { $0.digest(summary.id.digest) }, { $0.text(0) })
        let older = try db.firstRow(
            "SELECT count(*) FROM article_revision WHERE article = ?", { $0.integer(own) }, { Int($0.integer(0)) })
        let isRemoved = row.integer(at + 7) != 0
        return ArticleDetail(
            summary: summary, article: article, isRemoved: isRemoved,
            isDropped: isRemoved && row.integer(at + 12) < 0, readAt: row.instant(at + 8),
            readBy: row.integerIfAny(at + 9).flatMap { MarkOrigin(rawValue: Int($0)) },
            savedAt: row.instant(at + 10), note: note, olderRevisions: older ?? 0,
            isBodyAbsent: row.integer(at + 13) != 0)
    }

    // MARK: References

    private static func row(of reference: String, _ db: Database) throws -> Int64 {
        let wanted = reference.filter { !$0.isWhitespace }
        let isURL = wanted.contains("/")
        let rows = try isURL ? rows(url: wanted, db) : rows(prefix: wanted.lowercased(), db)
        if rows.count == 1 { return rows[0][0] }
        guard !rows.isEmpty else {
            throw ReplicaError(
                .notFound, "no article here is called '\(reference)'",
                remedy: isURL
                    ? "sync, or name it by its id" : "name it by four or more digits of its id, or by its URL"
            )
        }
        let candidates = rows.prefix(5).map { row in
            let title = Article.title(headline: row[2], opening: row[3])
            return
                "\(row.digest(at: 1)?.description.prefix(12) ?? "") \(Article.cut(title, to: Article.maximumOpening))"
        }
        throw ReplicaError(
            .ambiguous, "more than one article is called '\(reference)'",
            remedy: "give more digits of its id",
            candidates: Array(candidates))
    }

    /// The first and the last identity that begin with these digits, small ones; `nil` if they are none, or too many.
    static func digests(beginning prefix: String) -> (lowerBound: Digest128, upperBound: Digest128)? {
        guard prefix.utf8.count <= 32, prefix.utf8.allSatisfy(\.isHexDigit) else { return nil }
        let low = Digest128(prefix + String(repeating: "0", count: 32 - prefix.utf8.count))
        let high = Digest128(prefix + String(repeating: "f", count: 32 - prefix.utf8.count))
        guard let low, let high else { return nil }
        return (low, high)
    }

    private static func rows(prefix: String, _ db: Database) throws -> [Row] {
        guard prefix.utf8.count >= 4, let range = digests(beginning: prefix) else { return [] }
        return try Row.fetchAll(
            db,
            sql:
                "SELECT row, id, headline, \(SummaryRows.opening) FROM article WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 6",
            arguments: [range.lowerBound.bytes.databaseBlob, range.upperBound.bytes.databaseBlob])
    }

    private static func rows(url: String, _ db: Database) throws -> [Row] {
        let normal = ArticleGUID.normalised(url)
        return try Row.fetchAll(
            db,
            sql:
                "SELECT row, id, headline, \(SummaryRows.opening), url FROM article WHERE url_key = ? ORDER BY id LIMIT 64",
            arguments: [URLKey.key(of: url)]
        ).filter { ArticleGUID.normalised($0[4]) == normal }
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
    }
}
