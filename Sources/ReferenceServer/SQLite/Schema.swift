import GRDB
import SQLiteChanges

/// The tables, as numbered steps that are never changed once released.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            for statement in readers + log + consents + catalog + library { try db.execute(sql: statement) }
        }
        migrator.registerMigration("2") { try FeedsMigration(db: $0).run() }
        migrator.registerMigration("3") { db in
            for statement in histories { try db.execute(sql: statement) }
        }
        migrator.registerMigration("4") { db in
            for statement in pastStates { try db.execute(sql: statement) }
        }
        migrator.registerMigration("5") { try $0.execute(sql: deviceReplicas) }
        return migrator
    }

    /// Version 5: which device is meant by a replica's identity. Fills as devices come.
    private static let deviceReplicas = """
        -- The device that last spoke for a replica which has a replica_mark.
        CREATE TABLE device_replica (
            reader INTEGER NOT NULL REFERENCES reader(id),
            replica INTEGER NOT NULL,            -- 64 bits, as a signed number
            device INTEGER NOT NULL REFERENCES device(id),
            PRIMARY KEY (reader, replica)
        ) STRICT, WITHOUT ROWID
        """

    /// Version 4: the registers as they were at a cursor, so that all pages of a snapshot are of one state.
    private static let pastStates = [
        """
        -- Versions that no longer count, until the log is compacted past what overtook them. The state at a cursor are
        -- the versions up to it, and those of these up to it that were overtaken beyond it. In the order in which they
        -- were overtaken, since a page asks for those that were since its cursor: few, whatever lies before.
        CREATE TABLE overtaken_version (
            reader INTEGER NOT NULL REFERENCES reader(id),
            overtaken INTEGER NOT NULL,          -- the entry that took its place
            sequence INTEGER NOT NULL,           -- this and what follows is what stood in version
            received INTEGER NOT NULL,
            note_base TEXT NOT NULL,
            \(ChangeColumns.definition)
            , PRIMARY KEY (reader, overtaken, sequence)
        ) STRICT, WITHOUT ROWID
        """,
        // States from this sequence on can be told: what was overtaken before this version of the schema is gone.
        "ALTER TABLE head ADD COLUMN state_floor INTEGER NOT NULL DEFAULT 0",
        "UPDATE head SET state_floor = sequence",
    ]

    /// Version 3: when the publisher took an article back; and what is needed to tell, after compaction, whether a
    /// replica that comes with an old cursor or old entries was part of this log, or of one that a backup lost.
    private static let histories = [
        // ms since 1970; NULL: it is not withdrawn.
        "ALTER TABLE article ADD COLUMN withdrawn INTEGER",
        // The first 64 bits of Change.nameWhereTaken: what the entry says, whatever it had seen. NULL: not known.
        "ALTER TABLE log ADD COLUMN says INTEGER",
        "ALTER TABLE spent_number ADD COLUMN says INTEGER",
        // Where a compacted entry stood, and the chained hash up to it, 16 bytes; NULL: not known, or refused.
        "ALTER TABLE spent_number ADD COLUMN sequence INTEGER",
        "ALTER TABLE spent_number ADD COLUMN prefix BLOB",
        "CREATE INDEX spent_sequence ON spent_number (reader, sequence) WHERE sequence IS NOT NULL",
    ]

    private static let readers = [
        """
        -- The server itself: one row.
        CREATE TABLE server (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            epoch INTEGER NOT NULL,              -- random generation: 64 bits, as a signed number
            library_version TEXT NOT NULL        -- digest of the library's content
        ) STRICT
        """,
        """
        -- A reader, and how far the reader's log goes.
        CREATE TABLE reader (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            created INTEGER NOT NULL             -- ms since 1970
        ) STRICT
        """,
        """
        CREATE TABLE head (
            reader INTEGER PRIMARY KEY REFERENCES reader(id),
            sequence INTEGER NOT NULL,           -- newest entry; 0: none
            prefix BLOB NOT NULL,                -- chained hash up to it, 16 bytes
            floor INTEGER NOT NULL,              -- entries up to this one are compacted away
            floor_prefix BLOB NOT NULL           -- chained hash up to it, 16 bytes
        ) STRICT
        """,
        """
        -- A device's token: only its hash is kept.
        CREATE TABLE device (
            id INTEGER PRIMARY KEY,
            reader INTEGER NOT NULL REFERENCES reader(id),
            name TEXT NOT NULL,
            token_hash BLOB NOT NULL UNIQUE,     -- SHA-256 of a random 256-bit token
            created INTEGER NOT NULL,            -- ms since 1970
            last_used INTEGER,                   -- ms since 1970, to the hour
            revoked INTEGER                      -- ms since 1970; NULL: good
        ) STRICT
        """,
    ]

    private static let log = [
        """
        -- The reader's change log. Gapless by sequence above the head's floor.
        CREATE TABLE log (
            reader INTEGER NOT NULL REFERENCES reader(id),
            sequence INTEGER NOT NULL,           -- 1, 2, 3 ...
            received INTEGER NOT NULL,           -- ms since 1970
            prefix BLOB NOT NULL,                -- chained hash up to this entry, 16 bytes
            content_digest BLOB NOT NULL,        -- of the change as its author sent it, 16 bytes
            \(ChangeColumns.definition)
            , PRIMARY KEY (reader, sequence)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE UNIQUE INDEX log_author ON log (reader, replica, number)",
        """
        -- The largest number of each replica that was admitted or refused.
        CREATE TABLE replica_mark (
            reader INTEGER NOT NULL REFERENCES reader(id),
            replica INTEGER NOT NULL,
            high_water INTEGER NOT NULL,
            PRIMARY KEY (reader, replica)
        ) STRICT, WITHOUT ROWID
        """,
        """
        -- Numbers that have no entry in the log: refused, or compacted away (then without a code).
        CREATE TABLE spent_number (
            reader INTEGER NOT NULL REFERENCES reader(id),
            replica INTEGER NOT NULL,
            number INTEGER NOT NULL,
            digest BLOB NOT NULL,                -- of what was sent, 16 bytes
            code TEXT,
            detail TEXT,
            PRIMARY KEY (reader, replica, number)
        ) STRICT, WITHOUT ROWID
        """,
        """
        -- The versions that count in each register; usually one a register.
        CREATE TABLE version (
            reader INTEGER NOT NULL REFERENCES reader(id),
            sequence INTEGER NOT NULL,           -- its entry in the log
            received INTEGER NOT NULL,           -- ms since 1970
            note_base TEXT NOT NULL,             -- what both sides of a note's merge go back to
            \(ChangeColumns.definition)
            , PRIMARY KEY (reader, entity, field, sequence)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    private static let consents = [
        """
        -- Every consent that was given or withdrawn, in the order of arrival. Append-only.
        CREATE TABLE consent_record (
            id INTEGER PRIMARY KEY,
            reader INTEGER NOT NULL REFERENCES reader(id),
            purpose TEXT NOT NULL,
            given INTEGER NOT NULL,              -- 1 given, 0 withdrawn
            wording_version TEXT NOT NULL,
            wording_hash TEXT NOT NULL,
            policy_version TEXT NOT NULL,
            terms_version TEXT NOT NULL,
            surface TEXT NOT NULL,
            replica INTEGER NOT NULL,            -- the device's replica
            number INTEGER NOT NULL,
            made INTEGER NOT NULL,               -- ms since 1970, by the device's clock
            received INTEGER NOT NULL,           -- ms since 1970, by the server's clock
            UNIQUE (reader, replica, number)
        ) STRICT
        """,
        """
        CREATE TRIGGER consent_record_stays BEFORE UPDATE ON consent_record
        BEGIN SELECT RAISE(ABORT, 'the record of consents is never changed'); END
        """,
        """
        CREATE TRIGGER consent_record_remains BEFORE DELETE ON consent_record
        BEGIN SELECT RAISE(ABORT, 'the record of consents is never changed'); END
        """,
        """
        -- What became of a reader's subscriptions. Set by the server alone.
        CREATE TABLE delivery (
            reader INTEGER NOT NULL REFERENCES reader(id),
            newsletter TEXT NOT NULL,
            status TEXT NOT NULL,                -- pendingConfirmation, active, bounced
            PRIMARY KEY (reader, newsletter)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    private static let catalog = [
        """
        -- A publication, and how far its history goes.
        CREATE TABLE publication (
            number INTEGER PRIMARY KEY,          -- names it on the wire
            id TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            site_url TEXT,
            language TEXT,
            icon_url TEXT,
            generation TEXT NOT NULL,            -- random; another one means another history
            count INTEGER NOT NULL,              -- lines
            hash BLOB NOT NULL,                  -- chained hash over all lines, 16 bytes
            articles INTEGER NOT NULL            -- the largest number of an article
        ) STRICT
        """,
        """
        CREATE TABLE feed (
            id TEXT PRIMARY KEY,
            publication INTEGER NOT NULL REFERENCES publication(number),
            title TEXT NOT NULL,
            url TEXT                             -- where it is read from; NULL: a file
        ) STRICT, WITHOUT ROWID
        """,
        """
        -- An article: its names, and what is needed to tell whether the publisher changed it.
        CREATE TABLE article (
            publication INTEGER NOT NULL REFERENCES publication(number),
            number INTEGER NOT NULL,             -- 1, 2, 3 ... within the publication
            id BLOB NOT NULL UNIQUE,             -- 16 bytes
            page TEXT,                           -- its URL in normal form, to find it by
            revision INTEGER NOT NULL,
            content_hash BLOB NOT NULL,          -- of the current revision, 16 bytes
            touched INTEGER NOT NULL,            -- when the publisher last touched it: ms since 1970, or the least
            PRIMARY KEY (publication, number)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX article_page ON article (publication, page)",
        """
        -- The feeds an article appears in, and what each last said of it.
        CREATE TABLE article_feed (
            publication INTEGER NOT NULL,
            number INTEGER NOT NULL,
            feed TEXT NOT NULL REFERENCES feed(id),
            content_hash BLOB NOT NULL,          -- 16 bytes
            PRIMARY KEY (publication, number, feed),
            FOREIGN KEY (publication, number) REFERENCES article(publication, number)
        ) STRICT, WITHOUT ROWID
        """,
        """
        -- Which line of the history holds which revision.
        CREATE TABLE article_revision (
            publication INTEGER NOT NULL,
            number INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            line INTEGER NOT NULL,               -- index into catalog_line
            content_hash BLOB NOT NULL,          -- 16 bytes
            ingested INTEGER NOT NULL,           -- ms since 1970
            PRIMARY KEY (publication, number, revision),
            FOREIGN KEY (publication, number) REFERENCES article(publication, number)
        ) STRICT, WITHOUT ROWID
        """,
        """
        -- A publication's history, one line of JSON an entry; never changed.
        CREATE TABLE catalog_line (
            publication INTEGER NOT NULL REFERENCES publication(number),
            line_index INTEGER NOT NULL,         -- 0, 1, 2 ...
            line BLOB NOT NULL,
            hash BLOB NOT NULL,                  -- chained hash after it, 16 bytes
            PRIMARY KEY (publication, line_index)
        ) STRICT
        """,
        """
        -- Where feeds are fetched from, for conditional requests.
        CREATE TABLE feed_source (
            url TEXT PRIMARY KEY,
            etag TEXT,
            last_modified TEXT,
            last_checked INTEGER NOT NULL        -- ms since 1970
        ) STRICT, WITHOUT ROWID
        """,
    ]

    private static let library = [
        """
        CREATE TABLE newsletter (
            id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            summary TEXT NOT NULL,
            cadences TEXT NOT NULL               -- names, separated by commas; the first is the default
        ) STRICT, WITHOUT ROWID
        """,
        """
        -- All wordings that were ever published; the newest of a purpose is in force.
        CREATE TABLE wording (
            id INTEGER PRIMARY KEY,
            purpose TEXT NOT NULL,
            version TEXT NOT NULL,
            text TEXT NOT NULL,
            hash TEXT NOT NULL,
            policy_version TEXT NOT NULL,
            terms_version TEXT NOT NULL,
            polarity TEXT NOT NULL,              -- optIn, optOut
            published INTEGER NOT NULL,          -- ms since 1970
            UNIQUE (purpose, version)
        ) STRICT
        """,
    ]
}
