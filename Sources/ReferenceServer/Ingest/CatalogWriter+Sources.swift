import GRDB
import SQLiteChanges
import SyncCore

extension CatalogWriter {
    /// Where a document's articles go: its publication and feed, which are made if they are new.
    func place(of document: FeedDocument) throws -> Place {
        let (publication, isNew) = try publication(document.reading.publication)
        let feed = try feed(document, publication)
        if isNew || feed.hasChanged { try SQLiteLibrary(db: db).stamp() }
        return Place(
            publication: publication, feed: feed.id, known: KnownArticles(db: db, publication: publication))
    }

    /// The publication's number, and whether the library says something else of it now; a new publication begins a new
    /// history.
    private func publication(_ said: Publication) throws -> (number: Int64, hasChanged: Bool) {
        let number = try Int64.fetchOne(
            once: db, sql: "SELECT number FROM publication WHERE id = ?", arguments: [said.id.text])
        if let number {
            // What was left out before may be said now; a title once given stays.
            try db.run(
                sql: """
                    UPDATE publication SET site_url = coalesce(site_url, ?1), language = coalesce(language, ?2),
                        icon_url = coalesce(icon_url, ?3)
                    WHERE number = ?4 AND (site_url IS NULL AND ?1 IS NOT NULL OR language IS NULL AND ?2 IS NOT NULL
                        OR icon_url IS NULL AND ?3 IS NOT NULL)
                    """,
                arguments: [said.siteURL, said.language, said.iconURL, number])
            return (number, db.changesCount > 0)
        }
        try db.run(
            sql: """
                INSERT INTO publication
                    (id, title, site_url, language, icon_url, generation, count, hash, articles)
                VALUES (?, ?, ?, ?, ?, ?, 0, ?, 0)
                """,
            arguments: [
                said.id.text, said.title.isEmpty ? said.id.text : said.title, said.siteURL, said.language,
                said.iconURL, generation, Digest128.zero.bytes.databaseBlob,
            ])
        return (db.lastInsertedRowID, true)
    }

    /// The feed's id. One that another publication uses already gets the publication's before it.
    private func feed(
        _ document: FeedDocument, _ publication: Int64
    ) throws -> (id: EntityName, hasChanged: Bool) {
        var feed = document.reading.feed.id
        if try owner(of: feed).map({ $0 != publication }) ?? false {
            guard document.request.feed == nil,
                let longer = EntityName((document.reading.publication.id.text + "." + feed.text).suffix(64)),
                try owner(of: longer).map({ $0 == publication }) ?? true
            else {
                throw ServerError(
                    .exists, "another publication has a feed '\(feed)'", remedy: "choose another --feed ID")
            }
            feed = longer
        }
        let asked = document.request.title ?? document.source?.title
        let title = try asked ?? title(document.reading.feed.title, feed, publication)
        try db.run(
            sql: """
                INSERT INTO feed (id, publication, title, url) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (id) DO UPDATE SET title = coalesce(?5, title), url = coalesce(excluded.url, url)
                WHERE title <> coalesce(?5, title) OR url IS NOT coalesce(excluded.url, url)
                """,
            arguments: [feed.text, publication, title, document.source?.fetch.url, asked])
        return (feed, db.changesCount > 0)
    }

    private func owner(of feed: EntityName) throws -> Int64? {
        try Int64.fetchOne(once: db, sql: "SELECT publication FROM feed WHERE id = ?", arguments: [feed.text])
    }

    /// The document's title; if another feed of the publication has it already, the id in words.
    private func title(_ said: String, _ feed: EntityName, _ publication: Int64) throws -> String {
        let isTaken =
            try Bool.fetchOne(
                once: db, sql: "SELECT EXISTS (SELECT 1 FROM feed WHERE publication = ? AND title = ? AND id <> ?)",
                arguments: [publication, said, feed.text]) ?? false
        guard said.isEmpty || isTaken else { return said }
        let words = feed.text.split { $0 == "-" || $0 == "_" }.joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// Keeps what makes the next fetch cheap and polite. From now on the source has its names.
    func keep(_ document: FeedDocument, in place: Place) throws {
        guard var source = document.source else { return }
        source.publication = document.reading.publication.id
        source.feed = place.feed
        source.title = document.request.title ?? source.title
        try SQLiteSources(db: db).put(source, insteadOf: document.knownURL)
    }
}
