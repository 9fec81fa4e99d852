import GRDB
import SQLiteChanges

/// The tables of a replica. Migrations are numbered and only go forward; `user_version` is the number of the last.
/// No statement asks SQLite for the time or for chance: values are bound.
enum Schema {
    /// "RSyc": tells a replica from any other SQLite file.
    static let applicationID = 0x5253_7963
    /// The number of the last migration.
    static let version = steps.count

    /// What each migration does, the first of which makes a file of version 1.
    private static let steps: [[String]] = [
        [state, differences, catalog, articles, articleState, index, "PRAGMA application_id = \(applicationID)"],
        [promotions, directFeeds],
        [
            // 0: no longer on offer; kept for its title, while the reader's own say on it is held.
            "ALTER TABLE newsletter ADD COLUMN offered INTEGER NOT NULL DEFAULT 1",
            // Numbers of articles that no history here names: a server that is put back gives them to others, and nothing
            // here can tell. Who does not hold an article calls it by its identity.
            "DROP TABLE article_number",
        ],
        // With `moved`: the replica of Change.nameWhereTaken, if that is the change's name there; NULL: its own name.
        ["ALTER TABLE change ADD COLUMN renamed INTEGER"],
        [indexKeys], [batches], [assets, absentBodies], [counts], [batchParts], [reopening], [devices],
    ]

    /// Brings a file to ``version``.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for (number, statements) in zip(1..., steps) {
            migrator.registerMigration(String(number)) { db in
                for sql in statements { try db.execute(sql: sql) }
                try db.execute(sql: "PRAGMA user_version = \(number)")
            }
        }
        return migrator
    }

    private static let state = """
        -- Who this replica is and where it stands towards its remote. One row.
        CREATE TABLE replica (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            id INTEGER NOT NULL,                 -- 64 bits, as a signed number
            next_number INTEGER NOT NULL,        -- of the next change that leaves; never goes back under one id
            clock_last INTEGER NOT NULL,         -- hybrid logical clock: milliseconds since 1970 << 16 | counter
            clock_offset INTEGER NOT NULL,       -- milliseconds from the local clock to the remote's
            epoch INTEGER NOT NULL,              -- the cursor: the remote's generation, 64 bits
            sequence INTEGER NOT NULL,           -- the cursor: the last entry applied
            prefix BLOB NOT NULL,                -- the cursor: 16 bytes
            library_version TEXT,
            account_version TEXT,
            account_name TEXT,
            remote TEXT,                         -- URL
            last_sync INTEGER,                   -- milliseconds since 1970, local clock
            indexed INTEGER NOT NULL             -- article rows up to this one are in article_index
        ) STRICT;

        -- Identities that this replica had before it was found to be a copy.
        CREATE TABLE former_id (id INTEGER PRIMARY KEY) STRICT;

        -- Every change that this replica ever made or pulled, in the order in which it came to know them; a row is
        -- never deleted, and is in exactly one state (DESIGN.md §3, conservation law). The rows in state 0 and 1 are
        -- the registers: the server's fold, and the replica's own changes that are replayed on top.
        CREATE TABLE change (
            place INTEGER PRIMARY KEY,           -- local order
            \(ChangeColumns.definition)
            ,
            state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4), -- see ChangeRecord.State
            departs INTEGER NOT NULL,            -- 0: an opt-out, leaves before all others; 1: any other
            sequence INTEGER,                    -- place in the remote's log; NULL: not in it
            received INTEGER,                    -- milliseconds since 1970, the remote's clock
            moved INTEGER,                       -- place in the log of a restored remote, until its snapshot is taken
            note_base TEXT                       -- see Version.noteBase; NULL: empty
        ) STRICT;
        CREATE INDEX change_live ON change (entity, field) WHERE state <= 1;
        CREATE INDEX change_pending ON change (number, departs) WHERE state = 0;
        CREATE INDEX change_id ON change (replica, number) WHERE number <> 0; -- with > it would be a range
        CREATE INDEX change_sequence ON change (sequence) WHERE sequence IS NOT NULL;

        -- Why changes in state 3 were not taken.
        CREATE TABLE set_aside (
            place INTEGER PRIMARY KEY REFERENCES change (place),
            code TEXT NOT NULL,                  -- see Refusal.Code
            detail TEXT NOT NULL,
            at INTEGER NOT NULL                  -- milliseconds since 1970, local clock
        ) STRICT;

        -- Cursors at which the replica once stood: the newest 32, and older ones ever further apart.
        CREATE TABLE checkpoint (
            sequence INTEGER PRIMARY KEY,
            epoch INTEGER NOT NULL,
            prefix BLOB NOT NULL                 -- 16 bytes
        ) STRICT;

        -- The cursor of a snapshot that is being put together. At most one row.
        CREATE TABLE staging (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            epoch INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            prefix BLOB NOT NULL                 -- 16 bytes
        ) STRICT;

        -- The versions of that snapshot.
        CREATE TABLE staged_version (
            row INTEGER PRIMARY KEY,
            \(ChangeColumns.definition)
            ,
            sequence INTEGER NOT NULL,           -- place in the remote's log
            note_base TEXT                       -- see Version.noteBase; NULL: empty
        ) STRICT;

        -- Names and values that the client keeps for itself.
        CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """

    private static let differences = """
        -- Differences between changes whose authors did not know of each other, past ones included.
        CREATE TABLE conflict (
            row INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,           -- hexadecimal digits of the key's digest, and -2 and so on
            entity BLOB NOT NULL,                -- see EntityColumn
            field TEXT NOT NULL,
            state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3), -- see Conflict.State
            rule TEXT,                           -- see MergeRule
            opened_at INTEGER NOT NULL,          -- milliseconds since 1970, local clock
            opened_sequence INTEGER NOT NULL,    -- the cursor then
            closed_at INTEGER,                   -- milliseconds since 1970, local clock; NULL while it lasts
            closed_sequence INTEGER,             -- the cursor then
            resolved_by INTEGER REFERENCES change (place)
        ) STRICT;
        CREATE UNIQUE INDEX conflict_ongoing ON conflict (entity, field) WHERE closed_at IS NULL;
        CREATE INDEX conflict_open ON conflict (opened_at) WHERE state = 0;

        -- The changes that competed. They stay, so every value that lost can be brought back.
        CREATE TABLE conflict_side (
            conflict INTEGER NOT NULL REFERENCES conflict (row),
            change INTEGER NOT NULL REFERENCES change (place),
            PRIMARY KEY (conflict, change)
        ) STRICT, WITHOUT ROWID;

        -- What happens to differences of a kind of field; kinds without a row are 'auto'.
        CREATE TABLE policy (
            kind TEXT PRIMARY KEY,               -- see RemoteCapabilities.FieldKind
            policy TEXT NOT NULL                 -- see ConflictPolicy
        ) STRICT, WITHOUT ROWID;
        """

    private static let catalog = """
        -- Publications. A row without title was mentioned before the library came.
        CREATE TABLE publication (
            row INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            number INTEGER UNIQUE,               -- how the remote's state messages name it
            title TEXT NOT NULL,
            site_url TEXT,
            language TEXT,                       -- BCP 47
            icon_url TEXT,
            listed INTEGER NOT NULL,             -- 1: in the library
            generation TEXT                      -- which history catalog_range speaks of
        ) STRICT;

        -- Feeds. A row without title was mentioned before the library came.
        CREATE TABLE feed (
            row INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            publication INTEGER REFERENCES publication (row),
            title TEXT NOT NULL,
            url TEXT,
            listed INTEGER NOT NULL              -- 1: in the library
        ) STRICT;

        -- Newsletters on offer.
        CREATE TABLE newsletter (
            name TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            summary TEXT NOT NULL,
            cadences TEXT NOT NULL               -- names, a blank between them
        ) STRICT, WITHOUT ROWID;

        -- The wordings of consents in force.
        CREATE TABLE wording (
            purpose TEXT PRIMARY KEY,
            version TEXT NOT NULL,
            text TEXT NOT NULL,
            hash TEXT NOT NULL,
            policy_version TEXT NOT NULL,
            terms_version TEXT NOT NULL,
            polarity TEXT NOT NULL               -- see ConsentWording.Polarity
        ) STRICT, WITHOUT ROWID;

        -- What the server says became of subscriptions.
        CREATE TABLE delivery (
            newsletter TEXT PRIMARY KEY,
            state TEXT NOT NULL                  -- see Account.Delivery
        ) STRICT, WITHOUT ROWID;

        -- The runs of each publication's history that are held.
        CREATE TABLE catalog_range (
            publication INTEGER NOT NULL REFERENCES publication (row),
            from_index INTEGER NOT NULL,         -- the first entry
            to_index INTEGER NOT NULL,           -- after the last entry
            from_hash BLOB NOT NULL,             -- chained hash, 16 bytes
            to_hash BLOB NOT NULL,
            PRIMARY KEY (publication, from_index)
        ) STRICT, WITHOUT ROWID;

        -- History entries about articles that are not held yet: history comes newest first.
        CREATE TABLE catalog_ahead (
            publication INTEGER NOT NULL REFERENCES publication (row),
            number INTEGER NOT NULL,             -- of the article in its publication
            removed_entry INTEGER NOT NULL,      -- index of the entry that takes it back; -1: none
            feeds_entry INTEGER NOT NULL,        -- index of the entry that lists its feeds; -1: none
            feeds TEXT NOT NULL,                 -- names, a blank between them
            PRIMARY KEY (publication, number)
        ) STRICT, WITHOUT ROWID;

        -- Numbers of articles that are not held.
        CREATE TABLE article_number (
            publication INTEGER NOT NULL,        -- publication.number
            number INTEGER NOT NULL,
            id BLOB NOT NULL,                    -- 16 bytes
            PRIMARY KEY (publication, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX article_number_id ON article_number (id);
        """

    private static let articles = """
        -- Articles at their newest revision, with the reader's state as the registers fold it.
        CREATE TABLE article (
            row INTEGER PRIMARY KEY,             -- in the order of arrival; replica.indexed counts on it
            id BLOB NOT NULL UNIQUE,             -- 16 bytes
            publication INTEGER NOT NULL REFERENCES publication (row),
            number INTEGER NOT NULL,             -- in its publication
            guid TEXT NOT NULL,
            url TEXT,
            url_key INTEGER,                     -- hash of the url's normal form, see URLKey
            kicker TEXT,
            headline TEXT NOT NULL,
            standfirst TEXT,
            byline TEXT NOT NULL,
            section TEXT,
            published INTEGER,                   -- milliseconds since 1970
            updated INTEGER,                     -- milliseconds since 1970
            listed INTEGER NOT NULL,             -- place in lists: published, else updated, else 0
            access INTEGER NOT NULL,             -- 0 free, 1 metered, 2 subscriber
            language TEXT,                       -- BCP 47
            revision INTEGER NOT NULL,
            content_hash BLOB NOT NULL,          -- 16 bytes
            details TEXT NOT NULL,               -- see ArticleDetails, JSON
            entry INTEGER NOT NULL,              -- index in the history of the newest full entry; -1: unknown
            feeds_entry INTEGER NOT NULL,        -- index of the entry that its feeds come from; -1: unknown
            removed_entry INTEGER NOT NULL,      -- index of the entry that takes it back; -1: none
            removed INTEGER NOT NULL,            -- 1: the publisher took it back
            is_read INTEGER NOT NULL DEFAULT 0,
            read_at INTEGER,                     -- milliseconds since 1970, the marking device's corrected clock
            read_by INTEGER,                     -- see MarkOrigin
            is_saved INTEGER NOT NULL DEFAULT 0,
            saved_at INTEGER,                    -- milliseconds since 1970, the saving device's corrected clock
            progress INTEGER NOT NULL DEFAULT 0  -- basis points
        ) STRICT;
        CREATE INDEX article_by_number ON article (publication, number);
        CREATE INDEX article_by_url ON article (url_key) WHERE url_key IS NOT NULL;
        CREATE INDEX article_newest ON article (listed) WHERE removed = 0;
        CREATE INDEX article_unread ON article (listed) WHERE removed = 0 AND is_read = 0;
        CREATE INDEX article_saved ON article (listed) WHERE removed = 0 AND is_saved = 1;

        -- The texts, apart so that lists do not read through them.
        CREATE TABLE article_body (
            article INTEGER PRIMARY KEY REFERENCES article (row),
            html TEXT NOT NULL,                  -- sanitised
            text TEXT NOT NULL
        ) STRICT;

        -- Revisions that are not the newest.
        CREATE TABLE article_revision (
            article INTEGER NOT NULL REFERENCES article (row),
            revision INTEGER NOT NULL,
            updated INTEGER,                     -- milliseconds since 1970
            headline TEXT NOT NULL,
            standfirst TEXT,
            html TEXT NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (article, revision)
        ) STRICT;

        -- Which articles are in which feeds, in the order of lists. There are few feeds: the rows of an article are
        -- found by asking for each feed with the article's place, which costs less than an index on every insert.
        CREATE TABLE article_feed (
            feed INTEGER NOT NULL REFERENCES feed (row),
            listed INTEGER NOT NULL,             -- article.listed
            article INTEGER NOT NULL REFERENCES article (row),
            PRIMARY KEY (feed, listed, article)
        ) STRICT, WITHOUT ROWID;
        """

    private static let articleState = """
        -- Tags as the registers fold them; also of articles that are not held.
        CREATE TABLE article_tag (
            article BLOB NOT NULL,               -- article.id
            tag TEXT NOT NULL,
            PRIMARY KEY (article, tag)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX article_tag_tag ON article_tag (tag);

        -- Notes as the registers fold them; also of articles that are not held.
        CREATE TABLE article_note (
            article BLOB PRIMARY KEY,            -- article.id
            text TEXT NOT NULL                   -- never empty
        ) STRICT, WITHOUT ROWID;
        """

    private static let index = """
        -- What the full-text index is made of.
        CREATE VIEW article_text (article, headline, standfirst, byline, body) AS
            SELECT article.row, article.headline, article.standfirst, article.byline, article_body.text
            FROM article JOIN article_body ON article_body.article = article.row;

        -- The full-text index. No trigger fills it; replica.indexed says how far it goes.
        CREATE VIRTUAL TABLE article_index USING fts5 (
            headline, standfirst, byline, body, content = 'article_text', content_rowid = 'article',
            tokenize = 'unicode61 remove_diacritics 2'
        );
        INSERT INTO article_index (article_index, rank) VALUES ('hashsize', 8388608);
        """
}
