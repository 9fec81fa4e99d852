import GRDB
import SQLiteChanges
import SyncCore

/// How an ``ArticleSummary`` is read.
enum SummaryRows {
    /// Whether an article was corrected after it was read: by the publisher's date, or since a direct feed of this
    /// replica said otherwise, for feeds seldom date what they correct.
    static let correctedSinceRead = """
        (article.is_read = 1
            AND max(coalesce(article.updated, 0), coalesce(article.corrected_at, 0)) > coalesce(article.read_at, 0))
        """

    /// The columns; the first two are the row and the place in lists.
    static let columns = """
        article.row, article.listed, article.id,
        (SELECT name FROM publication WHERE publication.row = article.publication),
        article.kicker, article.headline, article.standfirst, article.byline, article.section, article.url,
        article.published, article.updated, article.access, article.language, article.is_read, article.is_saved,
        article.progress, \(correctedSinceRead), article.is_day_precise
        """

    /// How many there are.
    static let count = 19

    /// Reads a row of ``columns``, and what is kept elsewhere.
    static func summary(_ row: Row, _ db: Database) throws -> ArticleSummary {
        guard let digest = row.digest(at: 2), let publication = EntityName(row[3] as String? ?? "") else {
            throw ReplicaError.damaged("article \(row[0] as Int64) of the replica cannot be read back")
        }
        let id = digest.bytes.databaseBlob
        let tags = try String.fetchAll(
            db.cachedStatement(sql: "SELECT tag FROM article_tag WHERE article = ? ORDER BY tag"),
            arguments: [id])
        let hasNote = try Bool.fetchOne(
            db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM article_note WHERE article = ?)"),
            arguments: [id])
        return ArticleSummary(
            id: ArticleID(digest: digest), shortID: try shortID(digest, db), publication: publication,
            kicker: row[4], headline: row[5], standfirst: row[6], byline: row[7], section: row[8],
            url: row[9],
            published: row.instant(at: 10), isDayPrecise: (row[18] as Int) != 0, updated: row.instant(at: 11),
            access: ArticleAccess(column: row[12]),
            language: row[13], isRead: (row[14] as Int) != 0, isSaved: (row[15] as Int) != 0,
            progress: row[16],
            tags: tags.compactMap { TagName($0) }, hasNote: hasNote ?? false,
            correctedSinceRead: (row[17] as Int) != 0)
    }

    /// The shortest beginning, at least seven digits, that tells an identity from its neighbours in the index.
    static func shortID(_ digest: Digest128, _ db: Database) throws -> String {
        let own = digest.description
        var length = 7
        for sql in [
            "SELECT id FROM article WHERE id < ? ORDER BY id DESC LIMIT 1",
            "SELECT id FROM article WHERE id > ? ORDER BY id LIMIT 1",
        ] {
            let row = try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [digest.bytes.databaseBlob])
            guard let other = row?.digest(at: 0)?.description else { continue }
            let shared = zip(own.utf8, other.utf8).prefix { $0 == $1 }.count
            length = max(length, min(shared + 1, own.utf8.count))
        }
        return String(own.prefix(length))
    }
}
