import GRDB
import SQLiteChanges
import SyncCore

extension SQLiteServerStore {
    /// The sources that are fetched, by address.
    public func feedSources() throws(ServerError) -> [FeedSourceStatus] {
        try access("list the sources") {
            try readingHere { db in
                let titles = try Row.fetchAll(once: db, sql: "SELECT id, title FROM feed")
                    .reduce(into: [String: String]()) { $0[$1[0]] = $1[1] }
                return try SQLiteSources(db: db).all().map { source in
                    FeedSourceStatus(source, title: source.feed.flatMap { titles[$0.text] })
                }
            }
        }
    }

    /// Adds sources without asking for them: they are due at once. Those that are known stay as they are.
    ///
    /// - Returns: how many are new.
    /// - Throws: ``ServerError`` with the code `invalid` if one is no address, or has a name that cannot be; then none is
    ///   added.
    public func addFeedSources(_ requests: [IngestRequest]) throws(ServerError) -> Int {
        var sources: [FeedSource] = []
        for request in requests {
            guard request.isURL else {
                throw ServerError(.invalid, "'\(request.source)' is no http or https address")
            }
            for id in [request.publication, request.feed] {
                if let id, EntityName(id) == nil { throw ServerError(.invalid, "'\(id)' is no id") }
            }
            sources.append(
                FeedSource(
                    publication: request.publication.flatMap { EntityName($0) },
                    feed: request.feed.flatMap { EntityName($0) }, title: request.title,
                    fetch: FetchRecord(url: request.source)))
        }
        let added = sources
        return try access("add the sources") {
            try writingHere { db in
                let table = SQLiteSources(db: db)
                var count = 0
                for source in added where try table.source(at: source.fetch.url) == nil {
                    try table.put(source, insteadOf: nil)
                    count += 1
                }
                return count
            }
        }
    }

    /// Takes a source out, so that it is fetched no more. What it brought stays in the catalog.
    ///
    /// - Parameter name: its address, or the feed's id.
    /// - Throws: ``ServerError`` with the code `notFound`.
    public func forgetFeedSource(_ name: String) throws(ServerError) {
        try access("take the source out") {
            try writingHere { db in
                try db.run(sql: "DELETE FROM feed_source WHERE url = ?1 OR feed = ?1", arguments: [name])
                guard db.changesCount > 0 else {
                    throw ServerError(
                        .notFound, "no feed is fetched from '\(name)', or has that id", remedy: "list them with `feeds`"
                    )
                }
            }
        }
    }
}
