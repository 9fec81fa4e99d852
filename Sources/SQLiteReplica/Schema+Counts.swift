/// Migration 8: what the overviews would otherwise count on each look.
extension Schema {
    static let counts = """
        -- The feeds of an article. Articles come in the order of their rows, so this grows at its end.
        CREATE INDEX article_feed_article ON article_feed (article);

        -- How many articles the lists of feeds show, see ListCounts.
        CREATE TABLE feed_count (
            feed INTEGER PRIMARY KEY,            -- feed.row; 0: all articles, whether a feed has them or not
            held INTEGER NOT NULL,
            unread INTEGER NOT NULL
        ) STRICT;
        INSERT INTO feed_count (feed, held, unread) \(ListCounts.countedByFeed);

        -- The same of sections.
        CREATE TABLE section_count (
            section TEXT PRIMARY KEY,
            held INTEGER NOT NULL,
            unread INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        INSERT INTO section_count (section, held, unread) \(ListCounts.countedBySection);

        -- A section that has few articles, or none, is not looked for among all.
        CREATE INDEX article_section ON article (section, listed) WHERE removed = 0 AND is_promotion = 0;
        """
}
