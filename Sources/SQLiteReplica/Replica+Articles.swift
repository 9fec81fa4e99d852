import GRDB
import SQLiteChanges
public import SyncCore

extension Replica {
    /// A piece of the list of articles, newest first. Withdrawn ones are left out, and promotions unless they are
    /// asked for.
    ///
    /// - Parameters:
    ///   - limit: most articles, 1 and up.
    ///   - after: where the piece before ended.
    public func articles(
        _ filter: ArticleFilter, limit: Int, after: PageToken? = nil
    ) throws(ReplicaError) -> ArticlePage {
        try read { db in
            var query = ArticleQuery(filter)
            if let after { query.goOn(after: after) }
            let limit = max(1, limit)
            let sql = query.sql(SummaryRows.columns, limit: min(limit, Int(Int32.max)) + 1)
            var articles: [ArticleSummary] = []
            var (last, next): (PageToken?, PageToken?) = (nil, nil)
            try db.eachRow(sql, { query.bind(to: &$0) }) { row in
                guard articles.count < limit else {
                    next = last
                    return false
                }
                articles.append(try SummaryRows.summary(row, db))
                last = PageToken(listed: row.integer(1), row: row.integer(0))
                return true
            }
            return ArticlePage(articles: articles, next: next)
        }
    }

    /// The identities of the articles that a filter lets through, newest first: for marks of many at once, which
    /// name what the reader was shown and never a wildcard.
    public func articleIDs(_ filter: ArticleFilter, limit: Int = .max) throws(ReplicaError) -> [ArticleID] {
        try read { db in
            let query = ArticleQuery(filter)
            let sql = query.sql("article.id", limit: max(0, min(limit, Int(Int32.max))))
            return try db.rows(sql, { query.bind(to: &$0) }, { $0.digest(0) }).compactMap { digest in
                digest.map { ArticleID(digest: $0) }
            }
        }
    }
}

/// The statement that finds the articles a filter lets through.
struct ArticleQuery {
    private var source = "article"
    private var conditions = ["article.removed = 0"]
    /// The place in lists and the tie-break: the columns of whichever index gives the order.
    private var (order, row) = ("article.listed", "article.row")
    private enum Argument {
        case text(String)
        case integer(Int64)
    }

    private var arguments: [Argument] = []

    /// Makes the statement's parts.
    ///
    /// - Parameter isDriven: whether another table says which articles to look at, so that a feed is a condition and
    ///   not what is listed.
    init(_ filter: ArticleFilter, isDriven: Bool = false) {
        if let feed = filter.feed, isDriven {
            let inFeed = """
                EXISTS (SELECT 1 FROM article_feed WHERE article_feed.feed = (SELECT row FROM feed WHERE name = ?)
                AND article_feed.listed = article.listed AND article_feed.article = article.row)
                """
            add(inFeed, .text(feed.text))
        } else if let feed = filter.feed {
            source = "article_feed JOIN article ON article.row = article_feed.article"
            (order, row) = ("article_feed.listed", "article_feed.article")
            add("article_feed.feed = (SELECT row FROM feed WHERE name = ?)", .text(feed.text))
        }
        if let publication = filter.publication {
            add("article.publication = (SELECT row FROM publication WHERE name = ?)", .text(publication.text))
        }
        if let section = filter.section { add("article.section = ?", .text(section)) }
        if let unread = filter.unread { conditions.append("article.is_read = \(unread ? 0 : 1)") }
        if let saved = filter.saved { conditions.append("article.is_saved = \(saved ? 1 : 0)") }
        if let tag = filter.tag {
            add("article.id IN (SELECT article FROM article_tag WHERE tag = ?)", .text(tag.text))
        }
        if let since = filter.since {
            add("\(order) >= ?", .integer(since.milliseconds))
            conditions.append("article.published IS NOT NULL")
        }
        // With removed, what the partial indexes are made of.
        conditions.append("article.is_promotion = \(filter.promotions ? 1 : 0)")
        if let folder = filter.folder {
            // Asked once: a folder that is not there is not looked for among all articles.
            add("EXISTS (SELECT 1 FROM direct_feed_tag WHERE tag = ?)", .text(folder.text))
            // CROSS JOIN keeps the order: the few feeds of an article, and for each whether it is in the folder.
            let inFolder = """
                EXISTS (SELECT 1 FROM direct_entry CROSS JOIN direct_feed_tag
                WHERE direct_entry.article = article.row AND direct_feed_tag.feed = direct_entry.feed
                AND direct_feed_tag.tag = ?)
                """
            add(inFolder, .text(folder.text))
        }
        if filter.correctedSinceRead { conditions.append("article.row IN (\(SummaryRows.rowsCorrectedSinceRead))") }
    }

    private mutating func add(_ condition: String, _ argument: Argument) {
        conditions.append(condition)
        arguments.append(argument)
    }

    /// Leaves out everything up to a place in the list.
    mutating func goOn(after token: PageToken) {
        conditions.append("(\(order), \(row)) < (?, ?)")
        arguments += [.integer(token.listed), .integer(token.row)]
    }

    /// Binds what the statement's parts ask for.
    func bind(to binder: inout StatementBinder) {
        for argument in arguments {
            switch argument {
            case .text(let text): binder.text(text)
            case .integer(let number): binder.integer(number)
            }
        }
    }

    /// All conditions, for the WHERE clause of another statement on `article`.
    var condition: String { conditions.joined(separator: " AND ") }

    /// The statement.
    func sql(_ columns: String, limit: Int) -> String {
        """
        SELECT \(columns) FROM \(source) WHERE \(condition) ORDER BY \(order) DESC, \(row) DESC LIMIT \(limit)
        """
    }
}
