import GRDB
import SQLiteChanges
import SyncCore

extension Replica {
    /// Most of the articles with all words that are compared with each other: the newest. Words that more have say little of
    /// what is looked for, and to rank them all takes as long as there are many.
    static let rankedMatches = 1_000

    /// Finds articles by their words, the best first, of the newest ``rankedMatches`` that have them. Any text is a query: words must all occur, "words in
    /// quotation marks" must follow each other, and a word that ends in `*` stands for all that begin so. What is written
    /// without blanks between words is found anywhere, the newest first, see ``SearchQuery/substrings``.
    ///
    /// The index is made complete first, which takes a while after a first sync. Where nothing can be written it stays as
    /// it is: see ``unindexedCount()``.
    ///
    /// - Parameter goesOn: asked between articles that are looked through; with `false` the result is what was found so far.
    public func search(
        _ text: String, _ filter: ArticleFilter = ArticleFilter(), limit: Int, while goesOn: () -> Bool = { true }
    ) throws(ReplicaError) -> SearchResult {
        let words = SearchQuery(text)
        let limit = max(1, min(limit, 10_000))
        if !words.substrings.isEmpty {
            if words.match != nil { try completeIndex() }
            return try read { db in try SubstringSearch(words, filter).result(db, limit: limit, while: goesOn) }
        }
        guard let match = words.match else { return SearchResult(hits: [], hasMore: false) }
        try completeIndex()
        return try read { db in
            let query = ArticleQuery(filter, isDriven: true)
            let found = try db.rows(
                """
                SELECT row, place FROM (
                    SELECT article.row, bm25(article_index, 10, 4, 4, 1) AS rank, article_index.rowid AS place
                    FROM article_index CROSS JOIN article
                    WHERE article_index MATCH ? AND article.index_key = article_index.rowid AND \(query.condition)
                    ORDER BY article_index.rowid DESC LIMIT \(max(Self.rankedMatches, limit + 1))
                ) ORDER BY rank, place DESC LIMIT \(limit + 1)
                """,
                { binder in
                    binder.text(match)
                    query.bind(to: &binder)
                }, { (row: $0.integer(0), place: $0.integer(1)) })
            let snippets = try Self.snippets(at: found.prefix(limit).map(\.place), match, db)
            let hits = try found.prefix(limit).map { hit in
                SearchHit(
                    article: try SummaryRows.summary(of: hit.row, db), snippet: snippets[hit.place] ?? "")
            }
            return SearchResult(hits: hits, hasMore: found.count > limit)
        }
    }

    /// Where the words are in some articles, in one pass over all that have them: to look for each alone would read the
    /// words' lists anew each time. Texts are read of those articles alone, since nothing else of a row is asked for.
    ///
    /// - Parameter places: rowids of the index.
    private static func snippets(at places: [Int64], _ match: String, _ db: Database) throws -> [Int64: String] {
        guard let first = places.min(), let last = places.max() else { return [:] }
        // With the plus it is a filter: as a constraint it would be a look for each.
        let found = try db.rows(
            """
            SELECT rowid, snippet(article_index, -1, char(2), char(3), '…', 24) FROM article_index
            WHERE article_index MATCH ? AND rowid BETWEEN ? AND ?
            AND +rowid IN (\(places.map { String($0) }.joined(separator: ", "))) ORDER BY rowid
            """,
            { binder in
                binder.text(match)
                binder.integer(first)
                binder.integer(last)
            }, { ($0.integer(0), $0.text(1)) })
        return Dictionary(found) { $1 }
    }

    /// Adds articles to the full-text index, in the order in which they came, and notes how far it goes in the same
    /// transaction: it can be interrupted at any moment, and goes on from there.
    ///
    /// - Parameter limit: most articles.
    /// - Returns: how many were added; 0 once the index is complete.
    public func indexPending(limit: Int) throws(ReplicaError) -> Int {
        guard try read({ db in try Self.unindexed(db) }) else { return 0 }
        return try writeRepeatable { db in
            let from = try Int64.fetchOne(db, sql: "SELECT indexed FROM replica WHERE only = 1") ?? 0
            let piece = try Row.fetchOne(
                db,
                sql: """
                    SELECT count(*), max(row) FROM (SELECT row FROM article WHERE row > ? ORDER BY row LIMIT ?)
                    """,
                arguments: [from, max(1, limit)])
            guard let piece, let to: Int64 = piece[1] else { return 0 }
            try db.execute(
                sql: """
                    INSERT INTO article_index (rowid, headline, standfirst, byline, body)
                    SELECT article.index_key, article.headline, article.standfirst, article.byline, article_body.text
                    FROM article JOIN article_body ON article_body.article = article.row
                    WHERE article.row > ? AND article.row <= ? AND article.removed = 0 ORDER BY article.index_key
                    """,
                arguments: [from, to])
            try db.execute(sql: "UPDATE replica SET indexed = ? WHERE only = 1", arguments: [to])
            return piece[0]
        }
    }

    /// How many articles the full-text index does not hold yet.
    ///
    /// - Complexity: O(n) in them.
    public func unindexedCount() throws(ReplicaError) -> Int {
        try read { db in
            try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM article WHERE row > (SELECT indexed FROM replica WHERE only = 1)
                    """) ?? 0
        }
    }

    private static func unindexed(_ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db,
            sql: """
                SELECT coalesce((SELECT max(row) FROM article), 0) > (SELECT indexed FROM replica WHERE only = 1)
                """) ?? false
    }

    private func completeIndex() throws(ReplicaError) {
        guard try read({ db in try Self.unindexed(db) }) else { return }
        do throws(ReplicaError) {
            let writer = access == .writing ? self : try Replica(opening: path, for: .writing)
            while try writer.indexPending(limit: 2_000) > 0 {}
            if access == .reading { try writer.close() }
        } catch {
            guard error.isForWantOfWriting else { throw error }
        }
    }
}
