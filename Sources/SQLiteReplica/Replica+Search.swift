import GRDB
import SQLiteChanges
import SyncCore

extension Replica {
    /// Most of the articles with all words that are compared with each other: the newest. Words that more have say little of
    /// what is looked for, and to rank them all takes as long as there are many.
    static let rankedMatches = 1_000

    /// Finds articles by their words, the best first, of the newest ``rankedMatches`` that have them. Any text is a query: words must all occur, "words in
    /// quotation marks" must follow each other, and a word that ends in `*` stands for all that begin so.
    ///
    /// The index is made complete first, which takes a while after a first sync. Where nothing can be written it stays as
    /// it is: see ``unindexedCount()``.
    public func search(
        _ text: String, _ filter: ArticleFilter = ArticleFilter(), limit: Int
    ) throws(ReplicaError) -> SearchResult {
        guard let match = SearchQuery(text).match else { return SearchResult(hits: [], hasMore: false) }
        try completeIndex()
        return try read { db in
            let query = ArticleQuery(filter, isDriven: true)
            let limit = max(1, min(limit, 10_000))
            let found = try db.rows(
                """
                SELECT row FROM (
                    SELECT article.row, bm25(article_index, 10, 4, 4, 1) AS rank, article_index.rowid AS place
                    FROM article_index CROSS JOIN article
                    WHERE article_index MATCH ? AND article.index_key = article_index.rowid AND \(query.condition)
                    ORDER BY article_index.rowid DESC LIMIT \(max(Self.rankedMatches, limit + 1))
                ) ORDER BY rank, place DESC LIMIT \(limit + 1)
                """,
                { binder in
                    binder.text(match)
                    query.bind(to: &binder)
                }, { $0.integer(0) })
            let hits = try found.prefix(limit).map { row in try Self.hit(row, match, db) }
            return SearchResult(hits: hits, hasMore: found.count > limit)
        }
    }

    private static func hit(_ article: Int64, _ match: String, _ db: Database) throws -> SearchHit {
        let summary = try db.firstRow(
            "SELECT \(SummaryRows.columns) FROM article WHERE row = ?", { $0.integer(article) },
            { try SummaryRows.summary($0, db) })
        guard let summary else {
            throw ReplicaError.damaged("the full-text index names an article that is not there")
        }
        let snippet = try db.firstRow(
            """
            SELECT snippet(article_index, -1, char(2), char(3), '…', 24) FROM article_index
            WHERE article_index MATCH ? AND rowid = (SELECT index_key FROM article WHERE row = ?)
            """,
            { binder in
                binder.text(match)
                binder.integer(article)
            }, { $0.text(0) })
        return SearchHit(article: summary, snippet: snippet ?? "")
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

/// Turns what a reader types into a query that FTS5 cannot fail to parse: every word is quoted.
struct SearchQuery {
    /// Most words that count.
    static let maximumWords = 32
    /// Most bytes of a text that count.
    static let maximumBytes = 1_024

    /// The query; `nil` if there is nothing to look for.
    let match: String?

    /// Reads a text.
    init(_ text: String) {
        var phrases: [String] = []
        var (phrase, isQuoted) = ("", false)
        func end(_ phrase: inout String) {
            let isPrefix = !isQuoted && phrase.hasSuffix("*")
            if isPrefix { phrase.removeLast() }
            // Without a letter or digit there is no token, and an empty phrase would match nothing.
            if phrase.unicodeScalars.contains(where: {
                $0.properties.isAlphabetic || $0.properties.numericType != nil
            }) {
                phrases.append("\"\(phrase)\"" + (isPrefix ? "*" : ""))
            }
            phrase = ""
        }
        for scalar in String(decoding: text.utf8.prefix(Self.maximumBytes), as: UTF8.self).unicodeScalars {
            if ["\"", "\u{201C}", "\u{201D}", "\u{201E}"].contains(scalar) {
                end(&phrase)
                isQuoted.toggle()
            } else if scalar.value == 0 || (scalar.properties.isWhitespace && !isQuoted) {
                end(&phrase)
            } else {
                phrase.unicodeScalars.append(scalar)
            }
        }
        end(&phrase)
        match = phrases.isEmpty ? nil : phrases.prefix(Self.maximumWords).joined(separator: " ")
    }
}
