/// Migration 10: conflicts whose resolution was taken back.
extension Schema {
    static let reopening = """
        -- The place of the change that the field shows since a resolution was taken back: the reader is asked again until another
        -- change comes. NULL: it was not taken back, or the field differs again.
        ALTER TABLE conflict ADD COLUMN reopened_by INTEGER REFERENCES change (place);
        CREATE INDEX conflict_reopened ON conflict (row) WHERE reopened_by IS NOT NULL AND closed_at IS NULL;
        """
}
