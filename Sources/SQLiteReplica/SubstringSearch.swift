import GRDB
import SQLiteChanges

/// Finds articles that have something anywhere within their headlines, standfirsts, bylines or texts, which no index helps
/// with: they are looked through, the newest first, until there are enough. The index finds those that have the other words.
///
/// Texts that are not kept here (`AbsentBodies`) cannot be looked through.
///
/// - Complexity: O(n) in the bytes of the articles down to the last one that is shown; of all articles that a filter and
///   the other words let through, where there are fewer hits: 0.9 s for 100,000 articles of 5,000
///   bytes (2 cores, file in memory).
struct SubstringSearch {
    /// Characters of a snippet, and those before what was found.
    private static let (snippetLength, snippetLead) = (72, 16)

    private let words: SearchQuery
    private let query: ArticleQuery

    init(_ words: SearchQuery, _ filter: ArticleFilter) {
        self.words = words
        query = ArticleQuery(filter, isDriven: words.match != nil)
    }

    /// The newest hits, up to `limit`, and up to when `goesOn` says no.
    func result(_ db: Database, limit: Int, while goesOn: () -> Bool) throws -> SearchResult {
        var (rows, hasMore): ([Int64], Bool) = ([], false)
        try db.eachRow(
            sql,
            { binder in
                for substring in words.substrings { binder.text(substring) }
                if let match = words.match { binder.text(match) }
                query.bind(to: &binder)
            },
            { row in
                guard goesOn() else {
                    hasMore = true
                    return false
                }
                guard row.integer(1) != 0 else { return true }
                hasMore = rows.count == limit
                if !hasMore { rows.append(row.integer(0)) }
                return !hasMore
            })
        return SearchResult(hits: try rows.map { try hit($0, db) }, hasMore: hasMore)
    }

    /// Every article that comes into question, and whether it has what is looked for: so each can be the last.
    private var sql: String {
        let conditions = words.substrings.enumerated().map { index, substring in
            let fields = ["article.headline", "article.standfirst", "article.byline"].map {
                Self.place(of: index, substring, in: $0) + " > 0"
            }
            let body =
                "(SELECT \(Self.place(of: index, substring, in: "text")) FROM article_body WHERE article = article.row)"
            return "coalesce(\(fields.joined(separator: " OR ")) OR \(body) > 0, 0)"
        }
        let columns = "article.row, " + conditions.joined(separator: " AND ")
        guard words.match != nil else { return query.sql(columns, limit: Int(Int32.max)) }
        return """
            SELECT \(columns) FROM article_index CROSS JOIN article
            WHERE article_index MATCH ? AND article.index_key = article_index.rowid AND \(query.condition)
            ORDER BY article_index.rowid DESC
            """
    }

    /// The place of the substring with that number in a field, from 1; 0 if it is not there.
    private static func place(of index: Int, _ substring: String, in field: String) -> String {
        let hasLetters = substring.utf8.contains { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        return "instr(\(hasLetters ? "lower(\(field))" : field), ?\(index + 1))"
    }

    private func hit(_ row: Int64, _ db: Database) throws -> SearchHit {
        let substring = words.substrings.first ?? ""
        let place = Self.place(of: 0, substring, in: "text")
        let snippet = try db.firstRow(
            """
            SELECT substr(text, max(place - \(Self.snippetLead), 1), \(Self.snippetLength)), place > \(Self.snippetLead) + 1,
                length(text) > max(place - \(Self.snippetLead), 1) + \(Self.snippetLength - 1)
            FROM (
                SELECT 0 AS field, text, \(place) AS place FROM article_body WHERE article = ?2
                UNION ALL SELECT 1, text, \(place) FROM (SELECT standfirst AS text FROM article WHERE row = ?2)
                UNION ALL SELECT 2, text, \(place) FROM (SELECT headline AS text FROM article WHERE row = ?2)
                UNION ALL SELECT 3, text, \(place) FROM (SELECT byline AS text FROM article WHERE row = ?2)
            ) WHERE place > 0 ORDER BY field LIMIT 1
            """,
            { binder in
                binder.text(substring)
                binder.integer(row)
            },
            { columns in
                (columns.integer(1) != 0 ? "…" : "") + Self.marked(columns.text(0), words.substrings)
                    + (columns.integer(2) != 0 ? "…" : "")
            })
        return SearchHit(article: try SummaryRows.summary(of: row, db), snippet: snippet ?? "")
    }

    /// A text with the substrings in it between U+0002 and U+0003.
    private static func marked(_ text: String, _ substrings: [String]) -> String {
        let scalars = Array(text.unicodeScalars)
        let wanted = substrings.map { Array($0.unicodeScalars) }
        let small = Array(folded(text).unicodeScalars)
        var (result, index) = (String.UnicodeScalarView(), 0)
        while index < scalars.count {
            let found = wanted.first { small[index...].starts(with: $0) }
            let length = max(1, found?.count ?? 1)
            let piece = scalars[index..<index + length]
            result += found == nil ? Array(piece) : ["\u{2}"] + piece + ["\u{3}"]
            index += length
        }
        return String(result)
    }

    /// A text with its Latin letters small, one scalar for each, as SQLite's `lower` has it.
    static func folded(_ text: some StringProtocol) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isCapital = ("A"..."Z").contains(scalar)
            result.append(isCapital ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar)
        }
        return String(result)
    }
}
