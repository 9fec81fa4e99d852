/// Migration 2: feeds that the replica reads itself, without a server between, and articles that lists leave out.
extension Schema {
    static let promotions = """
        ALTER TABLE article ADD COLUMN
            is_promotion INTEGER NOT NULL DEFAULT 0; -- 1: the publisher's advertisement for itself, not listed
        ALTER TABLE article ADD COLUMN
            own_revisions INTEGER NOT NULL DEFAULT 0; -- revisions that direct feeds counted beyond the history's last
        ALTER TABLE article ADD COLUMN
            corrected_at INTEGER;                -- when a direct feed last said otherwise: ms since 1970, local clock
        ALTER TABLE article ADD COLUMN
            is_day_precise INTEGER NOT NULL DEFAULT 0; -- 1: the time of day in `published` means nothing
        UPDATE article SET is_day_precise = 1
            WHERE details LIKE '%"dayPrecise":true%' AND json_extract(details, '$.dayPrecise') = 1;
        DROP INDEX article_newest;
        DROP INDEX article_unread;
        DROP INDEX article_saved;
        CREATE INDEX article_newest ON article (listed) WHERE removed = 0 AND is_promotion = 0;
        CREATE INDEX article_unread ON article (listed) WHERE removed = 0 AND is_promotion = 0 AND is_read = 0;
        CREATE INDEX article_saved ON article (listed) WHERE removed = 0 AND is_promotion = 0 AND is_saved = 1;
        CREATE INDEX article_promotion ON article (listed) WHERE removed = 0 AND is_promotion = 1;
        """

    static let directFeeds = """
        -- The feeds that the replica reads itself. What a list shows of a feed is in `feed`; a feed that the server's
        -- library also has keeps the server's words there, and its own here.
        CREATE TABLE direct_feed (
            feed INTEGER PRIMARY KEY REFERENCES feed (row),
            publication INTEGER NOT NULL REFERENCES publication (row),
            title TEXT NOT NULL,                 -- as the publisher has it; the address until it was read once
            own_title TEXT,                      -- as the reader has it
            site_url TEXT,
            url TEXT NOT NULL UNIQUE,            -- this and all that follows: see FetchRecord
            etag TEXT,
            last_modified TEXT,
            body_digest BLOB,                    -- 16 bytes
            checked INTEGER,                     -- milliseconds since 1970, local clock
            changed INTEGER,                     -- milliseconds since 1970, local clock
            due INTEGER NOT NULL,                -- milliseconds since 1970, local clock
            paused_until INTEGER,                -- milliseconds since 1970, local clock
            interval INTEGER NOT NULL,           -- milliseconds; 0: not known yet
            failures INTEGER NOT NULL,           -- in a row
            problem TEXT,                        -- why the last fetch failed; NULL if it did not
            move_url TEXT,                       -- where a permanent redirect leads; NULL: none was seen
            move_count INTEGER NOT NULL,         -- how often it was seen in a row; 0: none was seen
            is_gone INTEGER NOT NULL             -- 1: not fetched until a person asks
        ) STRICT;

        -- The reader's folders for these feeds.
        CREATE TABLE direct_feed_tag (
            feed INTEGER NOT NULL REFERENCES direct_feed (feed),
            tag TEXT NOT NULL,
            PRIMARY KEY (feed, tag)
        ) STRICT, WITHOUT ROWID;

        -- Which articles a direct feed has, or had, and what it said of them. While there is a row here the article
        -- is in that feed's list, whatever a server says. Rows outlive their direct_feed, until retention.
        CREATE TABLE direct_entry (
            feed INTEGER NOT NULL REFERENCES feed (row),
            article INTEGER NOT NULL REFERENCES article (row),
            content_hash BLOB NOT NULL,          -- 16 bytes; what the feed said the last time
            fallen_out INTEGER,                  -- milliseconds since 1970, local clock; NULL while the feed has it
            PRIMARY KEY (feed, article)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX direct_entry_article ON direct_entry (article);
        CREATE INDEX direct_entry_current ON direct_entry (feed) WHERE fallen_out IS NULL;
        CREATE INDEX direct_entry_fallen ON direct_entry (fallen_out) WHERE fallen_out IS NOT NULL;

        -- Other names of the articles of direct feeds: their pages (see ArticleAlias), and the identities under which
        -- a feed brought them when they were held under another one already (32 hexadecimal digits, and so never the
        -- form of a page). Articles of a server are found by article.url_key, and have no rows here.
        CREATE TABLE article_alias (
            publication INTEGER NOT NULL REFERENCES publication (row),
            alias TEXT NOT NULL,
            article INTEGER NOT NULL REFERENCES article (row),
            PRIMARY KEY (publication, alias, article)
        ) STRICT, WITHOUT ROWID;
        """
}
