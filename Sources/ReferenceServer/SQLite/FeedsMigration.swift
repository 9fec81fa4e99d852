import GRDB
import SQLiteChanges
import SyncCore

/// Version 2 of the schema: sources are fetched by a schedule, and articles have aliases.
struct FeedsMigration {
    let db: Database

    func run() throws {
        for statement in Self.sources + Self.aliases { try db.execute(sql: statement) }
        try nameKnownArticles()
        // What found an article by its page finds it by its aliases now.
        try db.execute(sql: "DROP INDEX article_page")
        try db.execute(sql: "ALTER TABLE article DROP COLUMN page")
    }

    private static let sources = [
        "ALTER TABLE feed_source RENAME TO feed_source_1",
        """
        -- Where feeds are fetched from, and what is remembered of fetching each (FetchRecord). A source that was never
        -- read has no row in feed yet.
        CREATE TABLE feed_source (
            url TEXT PRIMARY KEY,
            publication TEXT,                    -- the publication's id; NULL: to be derived from the document
            feed TEXT,                           -- the feed's id; NULL: to be derived from the document
            title TEXT,                          -- the feed's title as a person gave it; NULL: what the document says
            etag TEXT,                           -- validators of the last body that was read, as the server sent them
            last_modified TEXT,
            body_digest BLOB,                    -- of the last body that was read, 16 bytes
            checked INTEGER,                     -- when it was last asked for: ms since 1970; NULL: never
            changed INTEGER,                     -- when it last had something new: ms since 1970; NULL: never
            due INTEGER NOT NULL,                -- when to ask next: ms since 1970
            paused_until INTEGER,                -- until when its server wants to be left alone: ms since 1970
            interval INTEGER NOT NULL,           -- between two fetches, as it adapted: ms; 0: not known yet
            failures INTEGER NOT NULL,           -- in a row
            problem TEXT,                        -- why the last fetch failed; NULL: it did not
            move_url TEXT,                       -- a permanent redirect that is not believed yet
            move_count INTEGER,                  -- fetches in a row that saw it
            gone INTEGER NOT NULL                -- 1: the server said that it is gone for good
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX feed_source_due ON feed_source (gone, due)",
        // Version 1 asked only when told to, so all are due.
        """
        INSERT INTO feed_source (url, publication, feed, etag, last_modified, checked, due, interval, failures, gone)
        SELECT url, (SELECT publication.id FROM feed JOIN publication ON publication.number = feed.publication
                WHERE feed.url = feed_source_1.url ORDER BY feed.id LIMIT 1),
            (SELECT id FROM feed WHERE feed.url = feed_source_1.url ORDER BY id LIMIT 1),
            etag, last_modified, last_checked, last_checked, 0, 0, 0
        FROM feed_source_1
        """,
        "DROP TABLE feed_source_1",
    ]

    private static let aliases = [
        """
        -- Other names of articles: their pages and guids in the form of ArticleAlias; and `id:` with 32 hex digits, the
        -- identity that an article would have by a guid that one of these names showed to be its own.
        CREATE TABLE article_alias (
            publication INTEGER NOT NULL,
            alias TEXT NOT NULL,
            number INTEGER NOT NULL,
            PRIMARY KEY (publication, alias, number),
            FOREIGN KEY (publication, number) REFERENCES article(publication, number)
        ) STRICT, WITHOUT ROWID
        """
    ]

    /// Gives the articles of version 1 their aliases: by the page that it kept, and by the guid in the history's line.
    private func nameKnownArticles() throws {
        let insert = try db.makeStatement(
            sql: "INSERT OR IGNORE INTO article_alias (publication, alias, number) VALUES (?, ?, ?)")
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT article.publication, article.number, page,
                    CASE WHEN json_valid(CAST(catalog_line.line AS TEXT))
                        THEN json_extract(CAST(catalog_line.line AS TEXT), '$.article.guid') END
                FROM article
                JOIN article_revision ON article_revision.publication = article.publication
                    AND article_revision.number = article.number AND article_revision.revision = article.revision
                JOIN catalog_line ON catalog_line.publication = article.publication
                    AND line_index = article_revision.line
                """)
        while let row = try rows.next() {
            let (publication, number): (Int64, Int64) = (row[0], row[1])
            let names = [row[2] as String?, row[3] as String?].compactMap { $0.flatMap { ArticleAlias.key(of: $0) } }
            for name in names { try insert.execute(arguments: [publication, name, number]) }
        }
    }
}
