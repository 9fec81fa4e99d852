/// Migration 7: the pictures of articles, see ``SyncPorts/AssetStore``, whose files are beside the replica; and articles
/// without texts.
extension Schema {
    static let assets = """
        ALTER TABLE article ADD COLUMN
            pictures_of INTEGER NOT NULL DEFAULT 0; -- the revision whose pictures are in article_asset; 0: none yet

        -- The files of pictures that are held, each once, whatever addresses lead to it.
        CREATE TABLE asset_file (
            hash BLOB PRIMARY KEY,               -- SHA-256 of its bytes, 32 bytes
            size INTEGER NOT NULL,               -- bytes
            type TEXT NOT NULL                   -- media type, told by its bytes
        ) STRICT, WITHOUT ROWID;

        -- The pictures that are wanted, by their addresses.
        CREATE TABLE asset (
            row INTEGER PRIMARY KEY,
            url TEXT NOT NULL UNIQUE,
            state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3), -- 0 wanted, 1 held in part, 2 held, 3 failed
            hash BLOB REFERENCES asset_file (hash), -- NULL unless held
            part_bytes INTEGER NOT NULL DEFAULT 0, -- bytes of the part
            etag TEXT,                           -- what the part is of
            last_modified TEXT,                  -- what the part is of
            attempts INTEGER NOT NULL DEFAULT 0, -- failures in a row
            due INTEGER NOT NULL DEFAULT 0,      -- the next attempt, milliseconds since 1970, local clock
            problem TEXT                         -- why the last attempt failed; NULL if it did not
        ) STRICT;
        -- What all files take, kept by the triggers below: adding up goes through all of them. One row.
        CREATE TABLE asset_room (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            bytes INTEGER NOT NULL
        ) STRICT;
        INSERT INTO asset_room (only, bytes) VALUES (1, 0);
        CREATE TRIGGER asset_file_added AFTER INSERT ON asset_file BEGIN
            UPDATE asset_room SET bytes = bytes + new.size;
        END;
        CREATE TRIGGER asset_file_removed AFTER DELETE ON asset_file BEGIN
            UPDATE asset_room SET bytes = bytes - old.size;
        END;
        CREATE INDEX asset_by_state ON asset (state, due);
        CREATE INDEX asset_by_hash ON asset (hash) WHERE hash IS NOT NULL;

        -- Which articles show which pictures.
        CREATE TABLE article_asset (
            article INTEGER NOT NULL REFERENCES article (row),
            asset INTEGER NOT NULL REFERENCES asset (row),
            PRIMARY KEY (article, asset)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX article_asset_asset ON article_asset (asset);
        """

    static let absentBodies = """
        -- Articles whose texts were dropped, though the publisher has them. Their rows of article_body are empty, and the
        -- full-text index holds what it held.
        CREATE TABLE absent_body (article INTEGER PRIMARY KEY REFERENCES article (row)) STRICT;
        -- So that the articles that are listed can be counted as all but these.
        CREATE INDEX article_removed ON article (removed_entry) WHERE removed = 1;
        """
}
