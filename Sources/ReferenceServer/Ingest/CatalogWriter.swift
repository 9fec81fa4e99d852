import FeedFormats
import GRDB
import SQLiteChanges
import SyncCore
import SyncProtocol

import struct FoundationEssentials.Data

/// Writes what a source says into the catalog, in one transaction: only what changed becomes a line.
struct CatalogWriter {
    let db: Database
    let now: WallTime
    /// Names the history of a publication that is new.
    let generation: String
    /// Articles of this run, by page.
    let pages: [PageKey: ArticleID]

    /// Writes a document.
    func write(_ document: FeedDocument, _ request: IngestRequest) throws -> IngestReport {
        var report = document.report
        let publication = try publication(document)
        let feed = try feed(document, request, publication)
        report.feed = feed.text
        var history = try CatalogHistory(db: db, publication: publication, id: document.names.publication)
        for draft in document.drafts {
            do {
                switch try place(draft, in: feed, &history) {
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
        try remember(document, request)
        try SQLiteLibrary(db: db).stamp()
        return report
    }

    private enum Placement {
        case added, corrected, joined, unchanged
    }

    /// The article as it stands in the catalog.
    private struct Known {
        var number: UInt64
        var revision: Int
        var hash: Digest128
        var touched: Int64
        /// What this feed said of it the last time; `nil` if it never was in this feed.
        var inFeed: Digest128?
    }

    private func place(
        _ draft: EntryDraft, in feed: EntityName, _ history: inout CatalogHistory
    ) throws -> Placement {
        let hash = draft.article.contentHash
        guard let known = try known(draft.article.id, feed) else {
            let number = try history.add(resolved(draft), page: draft.page, touched: draft.touched, feed: feed, now)
            try note(hash, of: number, in: feed, history)
            return .added
        }
        let isNew = known.inFeed == nil
        if isNew { try note(hash, of: known.number, in: feed, history) }
        // Two feeds of one publisher may word an article differently, the kicker above all. What a feed says
        // counts as a correction if that feed said otherwise before, or if the publisher calls it newer.
        let isCorrection =
            hash != known.hash && hash != known.inFeed && (!isNew || draft.touched > known.touched)
        if isCorrection {
            try note(hash, of: known.number, in: feed, history)
            var article = try resolved(draft)
            article.number = known.number
            article.revision = known.revision + 1
            try history.correct(article, page: draft.page, touched: draft.touched, now)
            return .corrected
        }
        guard isNew else { return .unchanged }
        try history.join(known.number)
        return .joined
    }

    private func known(_ article: ArticleID, _ feed: EntityName) throws -> Known? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT article.number, revision, article.content_hash, touched, article_feed.content_hash
                FROM article LEFT JOIN article_feed ON article_feed.publication = article.publication
                    AND article_feed.number = article.number AND article_feed.feed = ?
                WHERE article.id = ?
                """)
        let arguments: StatementArguments = [feed.text, article.digest.bytes.databaseBlob]
        guard let row = try Row.fetchOne(statement, arguments: arguments) else { return nil }
        return Known(
            number: row.unsigned(at: 0), revision: row[1], hash: try row.digest(at: 2), touched: row[3],
            inFeed: Digest128(bytes: row.bytes(at: 4)))
    }

    private func note(
        _ hash: Digest128, of number: UInt64, in feed: EntityName, _ history: CatalogHistory
    ) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO article_feed (publication, number, feed, content_hash) VALUES (?, ?, ?, ?)
                ON CONFLICT (publication, number, feed) DO UPDATE SET content_hash = excluded.content_hash
                """)
        try statement.execute(
            arguments: [history.publication, Int64(bitPattern: number), feed.text, hash.bytes.databaseBlob])
    }

    /// The article with the identities of its related ones, where the catalog or this run has them.
    private func resolved(_ draft: EntryDraft) throws -> Article {
        var article = draft.article
        let statement = try db.cachedStatement(
            sql: """
                SELECT id FROM article WHERE page = ?
                    AND publication = (SELECT number FROM publication WHERE id = ?) ORDER BY number LIMIT 1
                """)
        for index in article.related.indices {
            let page = ArticleGUID.normalised(article.related[index].url)
            if let id = pages[PageKey(publication: article.publication, page: page)] {
                article.related[index].id = id
            } else if let row = try Row.fetchOne(statement, arguments: [page, article.publication.text]) {
                article.related[index].id = ArticleID(digest: try row.digest(at: 0))
            }
        }
        return article
    }
}
