/// Migration 5: the full-text index in the order of the articles' days, so that a search finds the newest first and may stop.
extension Schema {
    static let indexKeys = """
        -- The article's rowid in article_index, see IndexKey. Articles that were there before keep what the index has:
        -- their row, which is less than the key of any day of this century.
        ALTER TABLE article ADD COLUMN index_key INTEGER NOT NULL DEFAULT 0;
        UPDATE article SET index_key = row;
        CREATE UNIQUE INDEX article_by_index_key ON article (index_key);
        DROP VIEW article_text;
        CREATE VIEW article_text (article, headline, standfirst, byline, body) AS
            SELECT article.index_key, article.headline, article.standfirst, article.byline, article_body.text
            FROM article JOIN article_body ON article_body.article = article.row;
        """
}
