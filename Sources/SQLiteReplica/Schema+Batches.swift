/// Migration 6: which changes a command made, so that it can be taken back; and which revision of an article was read.
extension Schema {
    static let batches = """
        -- One row for each command by which the reader changed something on this replica.
        CREATE TABLE batch (
            row INTEGER PRIMARY KEY,             -- in the order of the commands; what a person calls them
            command TEXT NOT NULL,               -- its words, such as 'newsletters subscribe'
            at INTEGER NOT NULL,                 -- milliseconds since 1970, local clock
            first_change INTEGER REFERENCES change (place), -- NULL: nothing had to change
            last_change INTEGER REFERENCES change (place),  -- its changes are all from the first to this one
            undoes INTEGER REFERENCES batch (row)           -- the command that it took back; NULL: none
        ) STRICT;
        CREATE INDEX batch_by_change ON batch (first_change) WHERE first_change IS NOT NULL;
        CREATE INDEX batch_undoing ON batch (undoes) WHERE undoes IS NOT NULL;

        -- Of a change that was made here: the place of the one whose value was shown before; NULL: none was.
        ALTER TABLE change ADD COLUMN shown_before INTEGER;

        -- Merged notes that were shown before a change was made here, and that no change has as its text.
        CREATE TABLE merged_before (
            change INTEGER PRIMARY KEY REFERENCES change (place),
            text TEXT NOT NULL
        ) STRICT;

        -- The revision that the reader read on this replica; NULL: unread, or only the dates tell.
        ALTER TABLE article ADD COLUMN read_revision INTEGER;
        -- The articles that were corrected since they were read: see ``SummaryRows``.
        CREATE INDEX article_corrected ON article (listed) WHERE is_read = 1 AND read_revision < revision;
        CREATE INDEX article_corrected_by_date ON article (listed) WHERE is_read = 1 AND read_revision IS NULL
            AND max(coalesce(updated, 0), coalesce(corrected_at, 0)) > coalesce(read_at, 0);
        """

    /// Migration 9: commands that took several transactions.
    static let batchParts = """
        -- What a command did in one transaction more is a row of its own: it names the row of the first, which alone has the
        -- number that a person sees. NULL: that is this one. `undoes` is by rows: each part is taken back by a part.
        ALTER TABLE batch ADD COLUMN part_of INTEGER REFERENCES batch (row);
        CREATE INDEX batch_parts ON batch (part_of) WHERE part_of IS NOT NULL;
        """
}
