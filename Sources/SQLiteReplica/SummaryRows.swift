import GRDB
import SQLiteChanges
import SyncCore

/// How an ``ArticleSummary`` is read.
enum SummaryRows {
    /// Whether an article was corrected after it was read: there is a later revision than the one that was read. Where that is
    /// not known, by the publisher's date, or since a direct feed of this replica said otherwise, for feeds seldom date
    /// what they correct.
    static let correctedSinceRead = """
        (article.is_read = 1 AND CASE WHEN article.read_revision IS NOT NULL
            THEN article.revision > article.read_revision
            ELSE max(coalesce(article.updated, 0), coalesce(article.corrected_at, 0)) > coalesce(article.read_at, 0)
            END)
        """

    /// The rows of those articles, by two indexes that hold no others, however many were read: their conditions are these.
    static let rowsCorrectedSinceRead = """
        SELECT row FROM article WHERE is_read = 1 AND read_revision < revision
        UNION ALL SELECT row FROM article WHERE is_read = 1 AND read_revision IS NULL
            AND max(coalesce(updated, 0), coalesce(corrected_at, 0)) > coalesce(read_at, 0)
        """

    /// The revision of an article that was read: as this replica noted it, or the newest that was there at the mark's
    /// instant. A correction without a date may have been there or not, so then nothing tells.
    static let readRevision = """
        CASE WHEN article.is_read = 0 THEN NULL
        WHEN article.read_revision IS NOT NULL THEN article.read_revision
        WHEN article.revision = 1 THEN 1
        WHEN coalesce(article.updated, article.corrected_at) IS NULL THEN NULL
        WHEN max(coalesce(article.updated, 0), coalesce(article.corrected_at, 0)) <= article.read_at
            THEN article.revision
        ELSE (
            SELECT CASE WHEN total(older.revision > 1 AND older.updated IS NULL) = 0
                THEN max(CASE WHEN coalesce(older.updated, 0) <= article.read_at THEN older.revision END) END
            FROM article_revision AS older WHERE older.article = article.row) END
        """

    /// What an article begins with that has no headline: what its title is made of; NULL for others.
    static let opening = """
        CASE WHEN trim(article.headline) = '' THEN coalesce(article.standfirst, '') || char(10) || coalesce(
            (SELECT substr(text, 1, 1000) FROM article_body WHERE article_body.article = article.row), '') END
        """

    /// The columns; the first two are the row and the place in lists.
    static let columns = """
        article.row, article.listed, article.id,
        (SELECT name FROM publication WHERE publication.row = article.publication),
        article.kicker, article.headline, article.standfirst, article.byline, article.section, article.url,
        article.published, article.updated, article.access, article.language, article.is_read, article.is_saved,
        article.progress, \(correctedSinceRead), article.is_day_precise, \(opening)
        """

    /// How many there are.
    static let count = 20

    /// Reads a row of ``columns``, and what is kept elsewhere.
    static func summary(_ row: borrowing Columns, _ db: Database) throws -> ArticleSummary {
        guard let digest = row.digest(2), let publication = EntityName(row.text(3)) else {
            throw ReplicaError.damaged("article \(row.integer(0)) of the replica cannot be read back")
        }
        let tags = try db.rows(
            "SELECT tag FROM article_tag WHERE article = ? ORDER BY tag", { $0.digest(digest) }, { $0.text(0) })
        let hasNote = try db.firstRow(
            "SELECT 1 FROM article_note WHERE article = ?", { $0.digest(digest) }, { _ in true })
        return ArticleSummary(
            id: ArticleID(digest: digest), shortID: try shortID(digest, db), publication: publication,
            kicker: row.textIfAny(4), headline: row.text(5), standfirst: row.textIfAny(6), byline: row.text(7),
            section: row.textIfAny(8), url: row.textIfAny(9), published: row.instant(10),
            isDayPrecise: row.integer(18) != 0, updated: row.instant(11),
            access: ArticleAccess(column: row.integer(12)), language: row.textIfAny(13),
            isRead: row.integer(14) != 0, isSaved: row.integer(15) != 0, progress: Int(row.integer(16)),
            tags: tags.compactMap { TagName($0) }, hasNote: hasNote ?? false, correctedSinceRead: row.integer(17) != 0,
            opening: row.textIfAny(19))
    }

    /// What a list says of the article that was found at a row.
    static func summary(of article: Int64, _ db: Database) throws -> ArticleSummary {
        let found = try db.firstRow(
            "SELECT \(columns) FROM article WHERE row = ?", { $0.integer(article) }, { try Self.summary($0, db) })
        guard let found else {
            throw ReplicaError.damaged("the full-text index names an article that is not there")
        }
        return found
    }

    /// The shortest beginning, at least seven digits, that tells an identity from its neighbours in the index.
    static func shortID(_ digest: Digest128, _ db: Database) throws -> String {
        var length = 7
        for sql in [
            "SELECT id FROM article WHERE id < ? ORDER BY id DESC LIMIT 1",
            "SELECT id FROM article WHERE id > ? ORDER BY id LIMIT 1",
        ] {
            guard let other = try db.firstRow(sql, { $0.digest(digest) }, { $0.digest(0) }) ?? nil else { continue }
            length = max(length, min(digest.sharedDigits(with: other) + 1, 32))
        }
        return String(digest.description.prefix(length))
    }
}

extension Digest128 {
    /// How many hexadecimal digits both begin with.
    fileprivate func sharedDigits(with other: Digest128) -> Int {
        let (high, low) = (high ^ other.high, low ^ other.low)
        return (high == 0 ? 64 + low.leadingZeroBitCount : high.leadingZeroBitCount) / 4
    }
}
