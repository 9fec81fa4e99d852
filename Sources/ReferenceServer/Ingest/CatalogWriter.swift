import GRDB
import SQLiteChanges
import SyncCore
import SyncProtocol

/// Writes what a source says into the catalog, in one transaction: only what changed becomes a line. What a feed no
/// longer lists stays.
struct CatalogWriter {
    let db: Database
    let now: WallTime
    /// Names the history of a publication that is new.
    let generation: String
    /// What the articles of this run are called.
    let names: RunNames

    /// Writes a document, and the record of having fetched it.
    func write(_ document: FeedDocument) throws -> IngestReport {
        var report = document.report
        let place = try place(of: document)
        report.feed = place.feed.text
        var history = try CatalogHistory(
            db: db, publication: place.publication, id: document.reading.publication.id)
        let drafts = document.reading.articles
        for (draft, match) in zip(drafts, try place.known.matches(of: drafts)) {
            do {
                switch try write(draft, match, in: place, &history) {
                case .added: report.added += 1
                case .corrected: report.corrected += 1
                case .joined: report.joined += 1
                case .unchanged: break
                }
            } catch let error as WireError {
                report.skipped += 1
                report.warnings.append("'\(draft.article.guid.prefix(80))' left out: \(error)")
            }
        }
        try history.finish()
        try keep(document, in: place)
        return report
    }

    /// Where a document's articles go.
    struct Place {
        /// The publication's number.
        var publication: Int64
        var feed: EntityName
        var known: KnownArticles
    }

    private enum Placement {
        case added, corrected, joined, unchanged
    }

    /// The article as it stands in the catalog.
    private struct Standing {
        var revision: Int
        var hash: Digest128
        var touched: Int64
        /// What this feed said of it the last time; `nil` if it never was in this feed.
        var inFeed: Digest128?
    }

    private func write(
        _ draft: FeedArticle, _ match: KnownArticles.Match?, in place: Place, _ history: inout CatalogHistory
    ) throws -> Placement {
        let hash = draft.article.contentHash
        guard let match, let standing = try standing(of: match.number, in: place) else {
            let number = try history.add(
                resolved(draft, in: place), touched: draft.touched, feed: place.feed, now)
            try note(hash, of: number, in: place)
            try place.known.note(draft, as: number, isAliased: false)
            return .added
        }
        if hash == standing.inFeed { return .unchanged }
        let isNew = standing.inFeed == nil
        // Two feeds of one publisher may word an article differently, the kicker above all. What a feed says
        // counts as a correction if that feed said otherwise before, or if the publisher calls it newer.
        if hash != standing.hash, !isNew || draft.touched > standing.touched {
            var article = try resolved(draft, in: place)
            article.id = match.id
            article.number = match.number
            article.revision = standing.revision + 1
            let before = try history.article(match.number, revision: standing.revision)
            if before.map({ !article.saysTheSame(as: $0) }) ?? true {
                // Its line names the feed, so the feed is noted first; left out, it is noted as it stood.
                try note(hash, of: match.number, in: place)
                do {
                    try history.correct(article, touched: draft.touched, now)
                } catch {
                    try restore(standing.inFeed, of: match.number, in: place)
                    throw error
                }
                try place.known.note(draft, as: match.number, isAliased: match.isAliased)
                return .corrected
            }
        }
        try note(hash, of: match.number, in: place)
        try place.known.note(draft, as: match.number, isAliased: match.isAliased)
        guard isNew else { return .unchanged }
        try history.join(match.number)
        return .joined
    }

    private func standing(of number: UInt64, in place: Place) throws -> Standing? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT revision, article.content_hash, touched, article_feed.content_hash
                FROM article LEFT JOIN article_feed ON article_feed.publication = article.publication
                    AND article_feed.number = article.number AND article_feed.feed = ?
                WHERE article.publication = ? AND article.number = ?
                """)
        let arguments: StatementArguments = [place.feed.text, place.publication, Int64(bitPattern: number)]
        guard let row = try Row.fetchOne(statement, arguments: arguments) else { return nil }
        return Standing(
            revision: row[0], hash: try row.digest(at: 1), touched: row[2],
            inFeed: Digest128(bytes: row.bytes(at: 3)))
    }

    private func note(_ hash: Digest128, of number: UInt64, in place: Place) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO article_feed (publication, number, feed, content_hash) VALUES (?, ?, ?, ?)
                ON CONFLICT (publication, number, feed) DO UPDATE SET content_hash = excluded.content_hash
                """)
        try statement.execute(
            arguments: [place.publication, Int64(bitPattern: number), place.feed.text, hash.bytes.databaseBlob])
    }

    private func restore(_ hash: Digest128?, of number: UInt64, in place: Place) throws {
        if let hash { return try note(hash, of: number, in: place) }
        try db.run(
            sql: "DELETE FROM article_feed WHERE publication = ? AND number = ? AND feed = ?",
            arguments: [place.publication, Int64(bitPattern: number), place.feed.text])
    }

    /// The article with the identities of its related ones, where the catalog or this run has them.
    private func resolved(_ draft: FeedArticle, in place: Place) throws -> Article {
        var article = draft.article
        for index in article.related.indices {
            guard let alias = ArticleAlias.key(of: article.related[index].url) else { continue }
            article.related[index].id =
                try place.known.article(named: alias) ?? names.article(alias, of: article.publication)
        }
        return article
    }
}
