import GRDB
import SQLiteChanges
import SyncCore

extension Replica {
    /// What is wrong with the tables of direct feeds, a sentence each.
    static func feedProblems(_ db: Database) throws -> [String] {
        let checks: [(sql: String, problem: String)] = [
            (
                """
                SELECT count(*) FROM direct_entry JOIN article ON article.row = direct_entry.article
                WHERE NOT EXISTS (
                    SELECT 1 FROM article_feed WHERE article_feed.feed = direct_entry.feed
                    AND article_feed.listed = article.listed AND article_feed.article = article.row)
                """, "articles are missing in the list of their own feed"
            ),
            (
                """
                SELECT count(*) FROM direct_entry WHERE fallen_out IS NULL
                AND feed NOT IN (SELECT feed FROM direct_feed)
                """, "articles count as being in feeds that were taken out"
            ),
            (
                """
                SELECT count(*) FROM article_alias JOIN article ON article.row = article_alias.article
                WHERE article.publication <> article_alias.publication
                """, "other names of articles are under another publication"
            ),
            ("SELECT count(*) FROM direct_entry WHERE length(content_hash) <> 16", "articles have no digest"),
            (
                "SELECT count(*) FROM article WHERE own_revisions < 0 OR own_revisions > revision",
                "articles have fewer revisions than were counted"
            ),
            (
                """
                SELECT count(*) FROM article_revision JOIN article ON article.row = article_revision.article
                WHERE article_revision.revision >= article.revision
                """, "older revisions are newer than their article"
            ),
            ("SELECT count(*) FROM article WHERE is_promotion NOT IN (0, 1)", "articles are of an unknown kind"),
        ]
        var problems = try checks.compactMap { check -> String? in
            let count = try Int.fetchOne(once: db, sql: check.sql) ?? 0
            return count == 0 ? nil : "\(count) \(check.problem)"
        }
        let tags = try String.fetchAll(once: db, sql: "SELECT tag FROM direct_feed_tag")
        let odd = tags.count { TagName($0)?.text != $0 }
        if odd > 0 { problems.append("\(odd) folders of feeds have names that cannot be") }
        let digests = try Int.fetchOne(
            once: db, sql: "SELECT count(*) FROM direct_feed WHERE length(body_digest) <> 16")
        if let digests, digests > 0 { problems.append("\(digests) feeds remember a digest that is none") }
        return problems
    }
}
