import GRDB
import SQLiteChanges
import SyncCore
import SyncPorts

/// Applies entries of one publication's history within one transaction. Each fact about an article is kept with the
/// index of the entry that said it, so the order in which pages come does not matter.
struct CatalogTransaction {
    let db: Database
    let publication: Int64
    private let fullText: FullTextIndex
    /// What was done so far.
    var summary = CatalogSummary()
    private var feedRows: [EntityName: Int64] = [:]
    private var hasAhead: Bool
    /// Whether the reader has said anything yet: a new device need not look for each article.
    private let hasState: Bool
    /// Finds articles of direct feeds by other names; `nil` if there are none of this publication.
    private let aliases: AliasRows?
    /// The articles that the entries name.
    private let named: Set<ArticleID>
    private var counts = ListCounts()

    /// Begins with one publication, and the entries that are to be taken.
    init(_ db: Database, publication: Int64, entries: [CatalogEntry?]) throws {
        self.db = db
        self.publication = publication
        named = Set(
            entries.compactMap { entry in
                if case .article(let article) = entry { article.id } else { nil }
            })
        fullText = try FullTextIndex(db)
        hasAhead =
            try Bool.fetchOne(
                once: db, sql: "SELECT EXISTS (SELECT 1 FROM catalog_ahead WHERE publication = ?)",
                arguments: [publication]) ?? true
        hasState = try Bool.fetchOne(once: db, sql: "SELECT EXISTS (SELECT 1 FROM change)") ?? true
        let hasAliases =
            try Bool.fetchOne(
                once: db, sql: "SELECT EXISTS (SELECT 1 FROM article_alias WHERE publication = ?)",
                arguments: [publication]) ?? true
        aliases = hasAliases ? try AliasRows(db, publication: publication, expectsNumbered: true) : nil
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
        if let aliases { try adopt(article, aliases) }
        // Nearly always an article is new, so it is tried without looking first.
        if try insert(article, at: index) { return }
        let known = try db.firstRow(
            "SELECT \(HeldArticle.columns) FROM article WHERE id = ?", { $0.digest(article.id.digest) },
            { HeldArticle($0) })
        guard let known else {
            throw ReplicaError.damaged("an article of the replica is held without an identity")
        }
        try counts.leave(known.row, db)
        let isRewritten = try place(article, over: known, at: index)
        let listed = isRewritten ? ArticleRows.listed(article, undated: known.listed) : known.listed
        if index > known.feedsEntry {
            try setFeeds(article.feeds, of: known, listed: listed, at: index)
        } else {
            try FeedMembership.move(known.row, from: known.listed, to: listed, db)
        }
        try counts.enter(known.row, db)
        if known.entry < 0 { try catchUp(article.number) }
    }

    /// Ends the transaction's book-keeping.
    mutating func finish() throws { try counts.save(db) }

    /// Gives an article that direct feeds brought under another identity the server's.
    private mutating func adopt(_ article: Article, _ aliases: AliasRows) throws {
        let isHeld = try Bool.fetchOne(
            db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM article WHERE id = ?)"),
            arguments: [article.id.digest.bytes.databaseBlob])
        // What the history names itself, further on in the same page, is another article.
        guard isHeld == false, let same = try aliases.article(of: article), !named.contains(same.id) else { return }
        try ArticleRenaming.rename(
            same.row, from: same.id, to: article.id, publication: publication, hasState: hasState, &counts, db)
    }

    /// Writes what an entry says of an article that is held, unless something newer is known.
    ///
    /// - Returns: whether the article's own row now says what the entry says.
    private mutating func place(_ article: Article, over known: HeldArticle, at index: Int64) throws -> Bool {
        var place = known.place(in: publication)
        (place.entry, place.number) = (max(index, known.entry), article.number)
        if known.isRemoved {
            // The publisher took it back later on: its text is not kept.
            guard index > known.removedEntry else { return false }
            (place.revision, place.ownRevisions) = (article.revision, 0)
            try ArticleRows.update(known.row, with: article, place, db)
            try fullText.add(known.row)
            summary.count(new: article)
            return true
        }
        let isLater =
            article.revision > known.historyRevision
            || (article.revision == known.historyRevision && index > known.entry)
        switch try verdict(on: article, isLater: isLater, known) {
        case .older:
            if article.revision < known.historyRevision { try ArticleRows.addRevision(article, to: known.row, db) }
        case .newer:
            let revision = known.ownRevisions > 0 ? max(known.revision + 1, article.revision) : article.revision
            (place.revision, place.ownRevisions) = (revision, revision - article.revision)
            try fullText.remove(known.row)
            try ArticleRows.keepRevision(of: known.row, db)
            try ArticleRows.update(known.row, with: article, place, db)
            try fullText.add(known.row)
            summary.corrected += 1
            return true
        case .said:
            let revision = max(known.revision, article.revision)
            try ArticleRows.setRevision(revision, own: revision - article.revision, of: known.row, db)
        case .outrun:
            let revision = max(known.revision, article.revision + 1)
            try ArticleRows.setRevision(revision, own: revision - article.revision, of: known.row, db)
            try ArticleRows.addRevision(article, to: known.row, db)
        }
        if index > known.entry, isLater || known.entry < 0 { try setNumber(article.number, of: known.row, at: index) }
        return false
    }

    /// What an entry is to the article as it is held.
    private enum Verdict {
        /// Nothing that the history did not say before.
        case older
        /// What the publisher now says.
        case newer
        /// What a direct feed said already.
        case said
        /// A later revision of the history, but older than what a direct feed says.
        case outrun
    }

    private func verdict(on article: Article, isLater: Bool, _ known: HeldArticle) throws -> Verdict {
        guard isLater else { return .older }
        var saysOtherwise = article.contentHash != known.contentHash
        if saysOtherwise, try ArticleRows.saysTheSame(known.row, as: article, db) { saysOtherwise = false }
        guard known.ownRevisions > 0 else {
            return saysOtherwise || article.revision > known.revision ? .newer : .older
        }
        guard saysOtherwise else { return .said }
        // Revisions are counted by each for itself, so the publisher's own word decides.
        return article.touched >= known.touched ? .newer : .outrun
    }

    private func setNumber(_ number: UInt64, of row: Int64, at index: Int64) throws {
        try db.run("UPDATE article SET entry = ?, number = ? WHERE row = ?") { binder in
            binder.integer(index)
            binder.bits(number)
            binder.integer(row)
        }
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
        try db.run(
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
            publication: publication, number: article.number, revision: article.revision, ownRevisions: 0,
            entry: index, feedsEntry: feedsEntry, removedEntry: removedEntry, undated: 0)
        let row = try ArticleRows.insert(article, place, db)
        guard let row else { return false }
        if ahead != nil { try forgetAhead(article.number) }
        try addFeeds(feeds, of: row, listed: ArticleRows.listed(article, undated: 0))
        try counts.enter(row, db)
        if hasState { try ArticleState.writeAll(of: article.id, &counts, db) }
        summary.count(new: article)
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

    private func held(number: Int64) throws -> HeldArticle? {
        try db.firstRow(
            """
            SELECT \(HeldArticle.columns) FROM article WHERE publication = ? AND number = ? AND entry >= 0
            ORDER BY row DESC LIMIT 1
            """,
            { binder in
                binder.integer(publication)
                binder.integer(number)
            }, { HeldArticle($0) })
    }

    private mutating func takeFeeds(_ feeds: [EntityName], of number: Int64, at index: Int64) throws {
        if let known = try held(number: number) {
            guard index > known.feedsEntry else { return }
            try counts.leave(known.row, db)
            try setFeeds(feeds, of: known, listed: known.listed, at: index)
            return try counts.enter(known.row, db)
        }
        hasAhead = true
        try db.run(
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
                try fullText.remove(known.row)
                summary.removed += 1
            }
            try counts.leave(known.row, db)
            return try ArticleRows.remove(known.row, at: index, db)
        }
        hasAhead = true
        try db.run(
            sql: """
                INSERT INTO catalog_ahead (publication, number, removed_entry, feeds_entry, feeds)
                VALUES (?, ?, ?, -1, '')
                ON CONFLICT (publication, number) DO UPDATE
                SET removed_entry = max(removed_entry, excluded.removed_entry)
                """,
            arguments: [publication, number, index])
    }

    private mutating func setFeeds(_ feeds: [EntityName], of known: HeldArticle, listed: Int64, at index: Int64)
        throws
    {
        try db.run("UPDATE article SET feeds_entry = ? WHERE row = ?") { binder in
            binder.integer(index)
            binder.integer(known.row)
        }
        try FeedMembership.removeAllOfServer(known.row, db)
        try FeedMembership.move(known.row, from: known.listed, to: listed, db)
        try addFeeds(feeds, of: known.row, listed: listed)
    }

    private mutating func addFeeds(_ feeds: [EntityName], of row: Int64, listed: Int64) throws {
        for feed in feeds {
            let feedRow = try feedRows[feed] ?? LibraryRows.feed(feed, of: publication, db)
            feedRows[feed] = feedRow
            try FeedMembership.add(row, to: feedRow, listed: listed, db)
        }
    }
}
