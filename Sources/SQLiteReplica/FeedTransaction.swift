import GRDB
import SQLiteChanges
import SyncCore
import SyncPorts

/// Applies one reading of a direct feed within one transaction.
struct FeedTransaction {
    let db: Database
    /// The feed's row.
    private let feed: Int64
    private let aliases: AliasRows
    private let fullText: FullTextIndex
    private let now: WallTime
    /// The identities that the reading names its articles by.
    private let names: Set<ArticleID>
    /// Whether the reader has said anything yet: otherwise there is no need to look for each article.
    private let hasState: Bool
    private let absent: AbsentBodies
    /// Which articles' texts are kept.
    private let kept: KeptArticles
    private var counts = ListCounts()
    /// The identities that were applied so far.
    private var taken: Set<ArticleID> = []
    /// Their rows.
    private var placed: Set<Int64> = []
    /// What was done so far.
    private(set) var summary = CatalogSummary()

    /// What the replica knows of an article of the reading.
    private struct Known {
        var held: HeldArticle
        /// What this feed said the last time; `nil` if it never had the article.
        var said: Digest128?
        /// Whether the feed has the article, as far as the replica knows.
        var isCurrent: Bool
    }

    /// Begins with one reading.
    init(_ db: Database, feed: Int64, publication: Int64, _ reading: FeedReading, at now: WallTime) throws {
        self.db = db
        self.feed = feed
        self.now = now
        aliases = try AliasRows(db, publication: publication)
        fullText = try FullTextIndex(db)
        names = Set(reading.articles.map(\.article.id))
        hasState = try Bool.fetchOne(once: db, sql: "SELECT EXISTS (SELECT 1 FROM change)") ?? true
        absent = try AbsentBodies(db)
        kept = try Replica.keptBodies(db)
    }

    /// Applies what the feed says of an article. One that the reading has already is left out.
    mutating func take(_ item: FeedArticle) throws {
        guard taken.insert(item.article.id).inserted else { return }
        guard let known = try known(item) else { return try insert(item) }
        placed.insert(known.held.row)
        let hash = item.article.contentHash
        // The usual case: nothing is new.
        if known.isCurrent, known.said == hash, !known.held.isRemoved {
            return try restoreBody(item.article, known.held)
        }
        try counts.leave(known.held.row, db)
        var listed = known.held.listed
        if let revision = try revision(item, over: known) {
            try rewrite(known.held, with: item.article, revision: revision)
            listed = ArticleRows.listed(item.article, undated: listed)
        }
        try note(hash, of: known.held.row)
        try FeedMembership.add(known.held.row, to: feed, listed: listed, db)
        try counts.enter(known.held.row, db)
        if known.said != hash { try aliases.add(item, to: known.held.row) }
    }

    /// Ends the transaction's book-keeping.
    mutating func finish() throws { try counts.save(db) }

    /// Marks as fallen out what the feed had and the reading has not.
    func dropRest() throws {
        let current = try db.rows(
            "SELECT article FROM direct_entry WHERE feed = ? AND fallen_out IS NULL ORDER BY article",
            { $0.integer(feed) }, { $0.integer(0) })
        for article in current where !placed.contains(article) {
            try db.run("UPDATE direct_entry SET fallen_out = ? WHERE feed = ? AND article = ?") { binder in
                binder.integer(now.milliseconds)
                binder.integer(feed)
                binder.integer(article)
            }
        }
    }

    /// Puts a text back that was dropped, if it is wanted now.
    private func restoreBody(_ article: Article, _ held: HeldArticle) throws {
        guard article.contentHash == held.contentHash, try absent.holds(held.row) else { return }
        let isKept = try db.firstRow(
            "SELECT \(kept.condition) FROM article WHERE row = ?", { $0.integer(held.row) }, { $0.integer(0) != 0 })
        if isKept == true { try AbsentBodies.restore(held.row, from: article, db) }
    }

    // MARK: Finding

    /// The article as it is held: under the identity that the feed gives it, else under another one.
    private func known(_ item: FeedArticle) throws -> Known? {
        if let known = try known("article.id = ?", { $0.digest(item.article.id.digest) }) { return known }
        // What the reading names itself, or has found already, is another article.
        let row = try aliases.article(named: item) { row, id in
            !names.contains(id) && !placed.contains(row)
        }
        return try row.flatMap { row in try known("article.row = ?") { $0.integer(row) } }
    }

    private func known(_ condition: String, _ bind: (inout StatementBinder) -> Void) throws -> Known? {
        try db.firstRow(
            """
            SELECT \(HeldArticle.columns), direct_entry.content_hash, direct_entry.fallen_out
            FROM article LEFT JOIN direct_entry
            ON direct_entry.feed = ? AND direct_entry.article = article.row WHERE \(condition)
            """,
            { binder in
                binder.integer(feed)
                bind(&binder)
            },
            { row in
                let said = row.digest(HeldArticle.count)
                return Known(
                    held: HeldArticle(row), said: said, isCurrent: said != nil && row.isNull(HeldArticle.count + 1))
            })
    }

    // MARK: Writing

    /// The revision that an article has once the feed's words are taken; `nil` if they are not.
    ///
    /// Two feeds of one publisher may word an article differently, the kicker above all. What a feed says counts as a
    /// correction if that feed said otherwise before, or if the publisher calls it newer. If nothing but the form of
    /// addresses differs, the revision stays.
    private func revision(_ item: FeedArticle, over known: Known) throws -> Int? {
        let isOther = item.article.contentHash != known.held.contentHash
        if known.held.isRemoved {
            // What a history took back stays away; what retention dropped comes back.
            guard known.held.removedEntry < 0 else { return nil }
            return known.held.revision + (isOther ? 1 : 0)
        }
        guard isOther else { return nil }
        let isCorrection =
            known.said.map { $0 != item.article.contentHash } ?? (item.touched > known.held.touched)
        guard isCorrection else { return nil }
        let isSame = try ArticleRows.saysTheSame(known.held.row, as: item.article, db)
        return known.held.revision + (isSame ? 0 : 1)
    }

    private mutating func rewrite(_ held: HeldArticle, with article: Article, revision: Int) throws {
        var place = held.place(in: aliases.publication)
        if !held.isRemoved, revision == held.revision {
            // Other addresses for the same words: the index and the older revisions stay as they are.
            return try ArticleRows.update(held.row, with: article, place, db)
        }
        place.ownRevisions += revision - held.revision
        place.revision = revision
        if held.isRemoved {
            summary.count(new: article)
        } else {
            try fullText.remove(held.row)
            try ArticleRows.keepRevision(of: held.row, db)
            summary.corrected += 1
        }
        try ArticleRows.update(held.row, with: article, place, db)
        if !held.isRemoved {
            try db.cachedStatement(sql: "UPDATE article SET corrected_at = ? WHERE row = ?")
                .execute(arguments: [now.milliseconds, held.row])
        }
        try fullText.add(held.row)
        let listed = ArticleRows.listed(article, undated: held.listed)
        try FeedMembership.move(held.row, from: held.listed, to: listed, db)
    }

    private mutating func insert(_ item: FeedArticle) throws {
        // As if a history had not come yet: whatever it says later, or has said ahead, then counts.
        let place = ArticleRows.Place(
            publication: aliases.publication, number: 0, revision: 1, ownRevisions: 1, entry: -1, feedsEntry: -1,
            removedEntry: -1, undated: now.milliseconds)
        guard let row = try ArticleRows.insert(item.article, place, db) else {
            throw ReplicaError.damaged("an article of the replica is held without an identity")
        }
        placed.insert(row)
        try note(item.article.contentHash, of: row)
        let listed = ArticleRows.listed(item.article, undated: place.undated)
        try FeedMembership.add(row, to: feed, listed: listed, db)
        try aliases.add(item, to: row)
        try counts.enter(row, db)
        if hasState { try ArticleState.writeAll(of: item.article.id, &counts, db) }
        summary.count(new: item.article)
    }

    private func note(_ hash: Digest128, of article: Int64) throws {
        try db.run(
            """
            INSERT INTO direct_entry (feed, article, content_hash) VALUES (?, ?, ?)
            ON CONFLICT (feed, article) DO UPDATE SET content_hash = excluded.content_hash, fallen_out = NULL
            """
        ) { binder in
            binder.integer(feed)
            binder.integer(article)
            binder.blob(hash.bytes)
        }
    }
}
