import GRDB
import SQLiteChanges

/// How many articles the lists of feeds and sections show, and how many of those are unread: the tables `feed_count` and
/// `section_count`. They move along with whatever changes an article, so that nobody has to count: what an article adds is read from its
/// rows before and after a change, and the sums are written once, at the end of the transaction.
struct ListCounts {
    /// Stands for all articles, whether a feed has them or not.
    static let all: Int64 = 0

    /// Articles that lists show, and unread ones among them.
    struct Count {
        var held: Int64 = 0
        var unread: Int64 = 0
    }

    private var feeds: [Int64: Count] = [:]
    private var sections: [String: Count] = [:]

    /// Counts an article as it now is: it came, or is back after ``leave(_:_:)``.
    mutating func enter(_ article: Int64, _ db: Database) throws { try add(1, article, db) }

    /// Takes an article out of the counts, before what lists show of it changes.
    mutating func leave(_ article: Int64, _ db: Database) throws { try add(-1, article, db) }

    private mutating func add(_ sign: Int64, _ article: Int64, _ db: Database) throws {
        var isFirst = true
        try db.eachRow(
            """
            SELECT article_feed.feed, section, is_read FROM article
            LEFT JOIN article_feed ON article_feed.article = article.row
            WHERE article.row = ? AND removed = 0 AND is_promotion = 0
            """, { $0.integer(article) }
        ) { row in
            move(row, isFirst: isFirst, Count(held: sign, unread: row.integer(2) == 0 ? sign : 0))
            isFirst = false
            return true
        }
    }

    /// Counts a mark that is about to be written.
    ///
    /// - Returns: the article's row; `nil` if it is not held.
    mutating func turn(_ id: [UInt8], isRead: Bool, _ db: Database) throws -> Int64? {
        var article: Int64?
        try db.eachRow(
            """
            SELECT article_feed.feed, section, is_read, removed = 0 AND is_promotion = 0, article.row FROM article
            LEFT JOIN article_feed ON article_feed.article = article.row WHERE article.id = ?
            """, { $0.blob(id) }
        ) { row in
            let isFirst = article == nil
            article = row.integer(4)
            guard (row.integer(2) != 0) != isRead, row.integer(3) != 0 else { return false }
            move(row, isFirst: isFirst, Count(held: 0, unread: isRead ? -1 : 1))
            return true
        }
        return article
    }

    /// - Parameter row: a feed of the article, then its section.
    private mutating func move(_ row: borrowing Columns, isFirst: Bool, _ by: Count) {
        if isFirst {
            feeds[Self.all, default: Count()] += by
            if let section = row.textIfAny(1) { sections[section, default: Count()] += by }
        }
        if !row.isNull(0) { feeds[row.integer(0), default: Count()] += by }
    }

    /// Writes the sums.
    mutating func save(_ db: Database) throws {
        for (feed, count) in feeds.sorted(by: { $0.key < $1.key }) {
            try Self.save(count, "feed_count", "feed", db) { $0.integer(feed) }
        }
        for (section, count) in sections.sorted(by: { $0.key < $1.key }) {
            try Self.save(count, "section_count", "section", db) { $0.text(section) }
        }
        self = ListCounts()
    }

    private static func save(
        _ count: Count, _ table: String, _ key: String, _ db: Database, _ bind: (inout StatementBinder) -> Void
    ) throws {
        guard count.held != 0 || count.unread != 0 else { return }
        try db.run(
            """
            INSERT INTO \(table) (\(key), held, unread) VALUES (?, ?, ?)
            ON CONFLICT (\(key)) DO UPDATE SET held = held + excluded.held, unread = unread + excluded.unread
            """
        ) { binder in
            bind(&binder)
            binder.integer(count.held)
            binder.integer(count.unread)
        }
    }

    /// Counts all articles as unread; for ``ArticleState/clear(_:)``.
    static func clearRead(_ db: Database) throws {
        try db.run("UPDATE feed_count SET unread = held WHERE unread <> held")
        try db.run("UPDATE section_count SET unread = held WHERE unread <> held")
    }
}

extension ListCounts.Count {
    fileprivate static func += (left: inout Self, right: Self) {
        left.held += right.held
        left.unread += right.unread
    }
}

extension ListCounts {
    /// What `feed_count` would say if everything were counted: feed, articles, unread ones.
    static let countedByFeed = """
        SELECT 0 AS feed, count(*) AS held, coalesce(sum(is_read = 0), 0) AS unread FROM article
        WHERE removed = 0 AND is_promotion = 0
        UNION ALL SELECT feed, count(*), sum(is_read = 0)
        FROM article_feed JOIN article ON article.row = article_feed.article
        WHERE removed = 0 AND is_promotion = 0 GROUP BY feed
        """

    /// What `section_count` would say.
    static let countedBySection = """
        SELECT section, count(*) AS held, sum(is_read = 0) AS unread FROM article
        WHERE removed = 0 AND is_promotion = 0 AND section IS NOT NULL GROUP BY section
        """

    /// Counts everything anew.
    ///
    /// - Complexity: O(n) in the articles.
    static func recount(_ db: Database) throws {
        for (key, counted) in [("feed", countedByFeed), ("section", countedBySection)] {
            try db.run("DELETE FROM \(key)_count")
            try db.run("INSERT INTO \(key)_count (\(key), held, unread) \(counted)")
        }
    }

    /// What is wrong with the tables, a sentence each.
    ///
    /// - Complexity: O(n) in the articles.
    static func problems(_ db: Database) throws -> [String] {
        try [("feed", countedByFeed), ("section", countedBySection)].compactMap { key, counted in
            let wrong = try Int.fetchOne(
                once: db,
                sql: """
                    SELECT count(*) FROM (
                        SELECT \(key) FROM (
                            SELECT \(key), held, unread FROM (\(counted)) WHERE held <> 0
                            UNION ALL SELECT \(key), held, unread FROM \(key)_count WHERE held <> 0 OR unread <> 0
                        ) GROUP BY \(key), held, unread HAVING count(*) <> 2
                    )
                    """)
            guard let wrong, wrong > 0 else { return nil }
            return "the counts of articles of \(key)s are wrong in \(wrong) rows"
        }
    }
}
