import SQLiteChanges
import SyncCore

/// What is known of an article before anything new is said of it.
struct HeldArticle {
    var row: Int64
    var revision: Int
    /// Revisions that direct feeds counted beyond the newest of the history.
    var ownRevisions: Int
    var entry: Int64
    var feedsEntry: Int64
    var removedEntry: Int64
    var isRemoved: Bool
    /// Its place in lists.
    var listed: Int64
    var contentHash: Digest128?
    var number: UInt64
    /// See ``SyncCore/Article/touched``.
    var touched: Int64

    static let columns = """
        article.row, article.revision, article.own_revisions, article.entry, article.feeds_entry,
        article.removed_entry, article.removed, article.listed, article.content_hash, article.number,
        coalesce(article.updated, article.published)
        """

    /// How many columns there are.
    static let count = 11

    /// Reads a row that begins with ``columns``.
    init(_ row: borrowing Columns) {
        self.row = row.integer(0)
        revision = Int(row.integer(1))
        ownRevisions = Int(row.integer(2))
        entry = row.integer(3)
        feedsEntry = row.integer(4)
        removedEntry = row.integer(5)
        isRemoved = row.integer(6) != 0
        listed = row.integer(7)
        contentHash = row.digest(8)
        number = row.bits(9)
        touched = row.integerIfAny(10) ?? .min
    }

    /// The newest revision that the history counted; 0 if it is not known there.
    var historyRevision: Int { revision - ownRevisions }

    /// Where the article stands now, as what an update begins with.
    func place(in publication: Int64) -> ArticleRows.Place {
        ArticleRows.Place(
            publication: publication, number: number, revision: revision, ownRevisions: ownRevisions,
            entry: entry, feedsEntry: feedsEntry, removedEntry: removedEntry, undated: listed)
    }
}

extension Article {
    /// When the publisher last touched it, in milliseconds since 1970; before everything if it does not say.
    var touched: Int64 { (updated ?? published)?.milliseconds ?? .min }
}
