import GRDB
import SQLiteChanges
import SyncCore
import SyncPorts

/// Applies entries of one publication's history within one transaction. Each fact about an article is kept with the
/// index of the entry that said it, so the order in which pages come does not matter.
struct CatalogTransaction {
    let db: Database
    let publication: Int64
    /// Article rows up to this one are in the full-text index.
    let indexed: Int64
    /// What was done so far.
    var summary = CatalogSummary()
    private var feedRows: [EntityName: Int64] = [:]
    private var hasAhead: Bool
    /// Whether the reader has said anything yet: a new device need not look for each article.
    private let hasState: Bool

    /// What is known of an article before an entry is applied.
    struct Held {
        var row: Int64
        var revision: Int
        var entry: Int64
        var feedsEntry: Int64
        var removedEntry: Int64
        var isRemoved: Bool
        var listed: Int64
        var contentHash: Digest128?

        static let columns =
            "row, revision, entry, feeds_entry, removed_entry, removed, listed, content_hash"

        init(_ row: Row) {
            self.row = row[0]
            revision = row[1]
            entry = row[2]
            feedsEntry = row[3]
            removedEntry = row[4]
            isRemoved = (row[5] as Int) != 0
            listed = row[6]
            contentHash = row.digest(at: 7)
        }
    }

    /// Begins with one publication.
    init(_ db: Database, publication: Int64) throws {
        self.db = db
        self.publication = publication
        indexed = try Int64.fetchOne(db, sql: "SELECT indexed FROM replica WHERE only = 1") ?? 0
        hasAhead =
            try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM catalog_ahead WHERE publication = ?)",
                arguments: [publication]) ?? true
        hasState = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM change)") ?? true
    }

    /// Applies the entry at an index of the history.
    mutating func take(_ entry: CatalogEntry?, at index: Int64) throws {
        switch entry {
        case nil: summary.unreadable += 1
        case .article(let article): try take(article, at: index)
        case .feeds(let number, let feeds): try takeFeeds(feeds, of: Int64(bitPattern: number), at: index)
        case .removed(let number): try takeRemoval(of: Int64(bitPattern: number), at: index)
        }
    }

    private mutating func take(_ article: Article, at index: Int64) throws {
        // Nearly always an article is new, so it is tried without looking first.
        if try insert(article, at: index) { return }
        let id = article.id.digest.bytes.databaseBlob
        let known = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT \(Held.columns) FROM article WHERE id = ?"), arguments: [id]
        ).map { Held($0) }
        guard let known else {
            throw ReplicaError.damaged("an article of the replica is held without an identity")
        }
        var listed = known.listed
        let isNewer =
            article.revision > known.revision
            || (article.revision == known.revision && index > known.entry
                && article.contentHash != known.contentHash)
        if known.isRemoved, index > known.removedEntry {
            try ArticleRows.update(known, with: article, publication: publication, at: index, db)
            try reindex(known.row)
            summary.added += 1
            listed = ArticleRows.listed(article)
        } else if known.isRemoved {
            // The publisher took it back later on; its text is not kept.
        } else if isNewer {
            try unindex(known.row)
            try ArticleRows.keepRevision(known, db)
            try ArticleRows.update(known, with: article, publication: publication, at: index, db)
            try reindex(known.row)
            summary.corrected += 1
            listed = ArticleRows.listed(article)
        } else if article.revision < known.revision {
            try ArticleRows.addRevision(article, to: known.row, db)
            if known.entry < 0 { try setNumber(article.number, of: known.row, at: index) }
        } else if index > known.entry {
            try setNumber(article.number, of: known.row, at: index)
        }
        if index > known.feedsEntry {
            try setFeeds(article.feeds, of: known, listed: listed, at: index)
        } else if listed != known.listed {
            try db.execute(
                sql: """
                    UPDATE article_feed SET listed = ?
                    WHERE feed IN (SELECT row FROM feed) AND listed = ? AND article = ?
                    """,
                arguments: [listed, known.listed, known.row])
        }
        if known.entry < 0 { try catchUp(article.number) }
    }

    private func setNumber(_ number: UInt64, of row: Int64, at index: Int64) throws {
        try db.cachedStatement(sql: "UPDATE article SET entry = ?, number = ? WHERE row = ?")
            .execute(arguments: [index, Int64(bitPattern: number), row])
    }

    /// Applies what a new history said of an article before it came to say which one it is.
    private mutating func catchUp(_ number: UInt64) throws {
        guard hasAhead, let ahead = try ahead(number) else { return }
        try forgetAhead(number)
        let number = Int64(bitPattern: number)
        if ahead.feedsEntry >= 0 { try takeFeeds(ahead.feeds, of: number, at: ahead.feedsEntry) }
        if ahead.removedEntry >= 0 { try takeRemoval(of: number, at: ahead.removedEntry) }
    }

    private func forgetAhead(_ number: UInt64) throws {
        try db.execute(
            sql: "DELETE FROM catalog_ahead WHERE publication = ? AND number = ?",
            arguments: [publication, Int64(bitPattern: number)])
    }

    private mutating func insert(_ article: Article, at index: Int64) throws -> Bool {
        var (feeds, feedsEntry, removedEntry) = (article.feeds, index, Int64(-1))
        let ahead = hasAhead ? try self.ahead(article.number) : nil
        if let ahead {
            if ahead.feedsEntry > index { (feeds, feedsEntry) = (ahead.feeds, ahead.feedsEntry) }
            removedEntry = ahead.removedEntry
        }
        let place = ArticleRows.Place(
            publication: publication, entry: index, feedsEntry: feedsEntry, removedEntry: removedEntry)
        let row = try ArticleRows.insert(article, place, db)
        guard let row else { return false }
        if ahead != nil { try forgetAhead(article.number) }
        try addFeeds(feeds, of: row, listed: ArticleRows.listed(article))
        if hasState {
            // What the reader said of it before it came.
            for key in try ChangeRows.keys(of: .article(article.id), db) {
                try ArticleState.write(key, ChangeRows.live(key, db).outcome, db)
            }
        }
        summary.added += 1
        return true
    }

    private func ahead(_ number: UInt64) throws -> (
        removedEntry: Int64, feedsEntry: Int64, feeds: [EntityName]
    )? {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT removed_entry, feeds_entry, feeds FROM catalog_ahead WHERE publication = ? AND number = ?
                    """),
            arguments: [publication, Int64(bitPattern: number)])
        guard let row else { return nil }
        return (row[0], row[1], (row[2] as String).split(separator: " ").compactMap { EntityName($0) })
    }

    private func held(number: Int64) throws -> Held? {
        try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT \(Held.columns) FROM article WHERE publication = ? AND number = ? AND entry >= 0
                    ORDER BY row DESC LIMIT 1
                    """),
            arguments: [publication, number]
        ).map { Held($0) }
    }

    private mutating func takeFeeds(_ feeds: [EntityName], of number: Int64, at index: Int64) throws {
        if let known = try held(number: number) {
            guard index > known.feedsEntry else { return }
            return try setFeeds(feeds, of: known, listed: known.listed, at: index)
        }
        hasAhead = true
        try db.execute(
            sql: """
                INSERT INTO catalog_ahead (publication, number, removed_entry, feeds_entry, feeds)
                VALUES (?, ?, -1, ?, ?)
                ON CONFLICT (publication, number) DO UPDATE
                SET feeds_entry = excluded.feeds_entry, feeds = excluded.feeds
                WHERE excluded.feeds_entry > feeds_entry
                """,
            arguments: [publication, number, index, feeds.map(\.text).joined(separator: " ")])
    }

    private mutating func takeRemoval(of number: Int64, at index: Int64) throws {
        if let known = try held(number: number) {
            guard index > known.entry, index > known.removedEntry else { return }
            if !known.isRemoved {
                try unindex(known.row)
                summary.removed += 1
            }
            return try ArticleRows.remove(known.row, at: index, db)
        }
        hasAhead = true
        try db.execute(
            sql: """
                INSERT INTO catalog_ahead (publication, number, removed_entry, feeds_entry, feeds)
                VALUES (?, ?, ?, -1, '')
                ON CONFLICT (publication, number) DO UPDATE
                SET removed_entry = max(removed_entry, excluded.removed_entry)
                """,
            arguments: [publication, number, index])
    }

    private mutating func setFeeds(_ feeds: [EntityName], of known: Held, listed: Int64, at index: Int64)
        throws
    {
        try db.cachedStatement(sql: "UPDATE article SET feeds_entry = ? WHERE row = ?")
            .execute(arguments: [index, known.row])
        try db.cachedStatement(
            sql:
                "DELETE FROM article_feed WHERE feed IN (SELECT row FROM feed) AND listed = ? AND article = ?"
        ).execute(arguments: [known.listed, known.row])
        try addFeeds(feeds, of: known.row, listed: listed)
    }

    private mutating func addFeeds(_ feeds: [EntityName], of row: Int64, listed: Int64) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO article_feed (feed, listed, article) VALUES (?, ?, ?)")
        for feed in feeds {
            let feedRow = try feedRows[feed] ?? LibraryRows.feed(feed, of: publication, db)
            feedRows[feed] = feedRow
            try statement.run { binder in
                binder.integer(feedRow)
                binder.integer(listed)
                binder.integer(row)
            }
        }
    }

    // MARK: Full-text index

    /// Takes an article out of the index, while its row still says what the index holds.
    private func unindex(_ row: Int64) throws {
        guard row <= indexed else { return }
        try db.cachedStatement(
            sql: """
                INSERT INTO article_index (article_index, rowid, headline, standfirst, byline, body)
                SELECT 'delete', article, headline, standfirst, byline, body FROM article_text WHERE article = ?
                """
        ).execute(arguments: [row])
    }

    private func reindex(_ row: Int64) throws {
        guard row <= indexed else { return }
        try db.cachedStatement(
            sql: """
                INSERT INTO article_index (rowid, headline, standfirst, byline, body)
                SELECT article, headline, standfirst, byline, body FROM article_text WHERE article = ?
                """
        ).execute(arguments: [row])
    }
}
