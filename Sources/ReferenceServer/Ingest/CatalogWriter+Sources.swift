import FeedFormats
import GRDB
import SQLiteChanges
import SyncCore

extension CatalogWriter {
    /// The publication's number; a new publication begins a new history.
    func publication(_ document: FeedDocument) throws -> Int64 {
        let id = document.names.publication.text
        let parsed = document.parsed
        let number = try Int64.fetchOne(
            db, sql: "SELECT number FROM publication WHERE id = ?", arguments: [id])
        if let number {
            // What was left out before may be said now; a title once given stays.
            try db.execute(
                sql: """
                    UPDATE publication SET site_url = coalesce(site_url, ?), language = coalesce(language, ?),
                        icon_url = coalesce(icon_url, ?) WHERE number = ?
                    """,
                arguments: [parsed.siteURL, parsed.language, parsed.iconURL, number])
            return number
        }
        try db.execute(
            sql: """
                INSERT INTO publication
                    (id, title, site_url, language, icon_url, generation, count, hash, articles)
                VALUES (?, ?, ?, ?, ?, ?, 0, ?, 0)
                """,
            arguments: [
                id, parsed.title.isEmpty ? id : parsed.title, parsed.siteURL, parsed.language, parsed.iconURL,
                generation, Digest128.zero.bytes.databaseBlob,
            ])
        return db.lastInsertedRowID
    }

    /// The feed's id. One that another publication uses already gets the publication's before it.
    func feed(_ document: FeedDocument, _ request: IngestRequest, _ publication: Int64) throws -> EntityName {
        var feed = document.names.feed
        if try owner(of: feed).map({ $0 != publication }) ?? false {
            guard request.feed == nil,
                let longer = EntityName((document.names.publication.text + "." + feed.text).suffix(64)),
                try owner(of: longer).map({ $0 == publication }) ?? true
            else {
                throw ServerError(
                    .exists, "another publication has a feed '\(feed)'", remedy: "choose another --feed ID")
            }
            feed = longer
        }
        let title = try title(document, request, feed, publication)
        let url = request.isURL ? request.source : nil
        try db.execute(
            sql: """
                INSERT INTO feed (id, publication, title, url) VALUES (?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET title = coalesce(?, title), url = coalesce(excluded.url, url)
                """,
            arguments: [feed.text, publication, title, url, request.title])
        return feed
    }

    private func owner(of feed: EntityName) throws -> Int64? {
        try Int64.fetchOne(db, sql: "SELECT publication FROM feed WHERE id = ?", arguments: [feed.text])
    }

    /// The document's title; if another feed of the publication has it already, the id in words.
    private func title(
        _ document: FeedDocument, _ request: IngestRequest, _ feed: EntityName, _ publication: Int64
    ) throws -> String {
        if let title = request.title { return title }
        let title = document.parsed.title
        let isTaken =
            try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM feed WHERE publication = ? AND title = ? AND id <> ?)",
                arguments: [publication, title, feed.text]) ?? false
        guard title.isEmpty || isTaken else { return title }
        let words = feed.text.split { $0 == "-" || $0 == "_" }.joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// Keeps what makes the next request cheaper.
    func remember(_ document: FeedDocument, _ request: IngestRequest) throws {
        guard request.isURL else { return }
        try db.execute(
            sql: """
                INSERT INTO feed_source (url, etag, last_modified, last_checked) VALUES (?, ?, ?, ?)
                ON CONFLICT (url) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified,
                    last_checked = excluded.last_checked
                """,
            arguments: [
                request.source, document.fetched.etag, document.fetched.lastModified, now.milliseconds,
            ])
    }
}
