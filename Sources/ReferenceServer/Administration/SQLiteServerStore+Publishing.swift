import GRDB
import SQLiteChanges
public import SyncCore

extension SQLiteServerStore {
    /// Writes what feeds say into the catalog, as an ingest does after it read them: all of them or none.
    ///
    /// - Parameter generator: names the history of a publication that is new.
    /// - Returns: what became of each, in order.
    public func publish(
        _ readings: [FeedReading], at now: WallTime, using generator: inout some RandomNumberGenerator
    ) throws(ServerError) -> [IngestReport] {
        let documents = readings.map { FeedDocument(reading: $0) }
        let generation = generator.next().hexDigits
        return try access("write the catalog") {
            try database.write { db in
                let names = try RunNames(documents, in: db)
                let writer = CatalogWriter(db: db, now: now, generation: generation, names: names)
                return try documents.map { try writer.write($0) }
            }
        }
    }

    /// Takes articles back: whoever holds them is told, and no longer lists them. What readers did with them stays. An
    /// article that its feed goes on to list as it was stays withdrawn; a correction brings it back.
    ///
    /// - Returns: how many were not withdrawn before.
    /// - Throws: ``ServerError``: `notFound` if there is no such article; then none is withdrawn.
    public func withdraw(_ articles: [ArticleID], at now: WallTime) throws(ServerError) -> Int {
        try access("withdraw the articles") {
            try database.write { db in
                try articles.reduce(0) { try $0 + (Self.withdraw($1, in: db) ? 1 : 0) }
            }
        }
    }

    private static func withdraw(_ article: ArticleID, in db: Database) throws -> Bool {
        let row = try Row.fetchOne(
            once: db,
            sql: """
                SELECT publication.number, publication.id, article.number, article.withdrawn
                FROM article JOIN publication ON publication.number = article.publication WHERE article.id = ?
                """,
            arguments: [article.digest.bytes.databaseBlob])
        guard let row, let publication = EntityName(row[1] as String) else {
            throw ServerError(.notFound, "there is no article \(article)")
        }
        guard row[3] as Int == 0 else { return false }
        var history = try CatalogHistory(db: db, publication: row[0], id: publication)
        try history.withdraw(row.unsigned(at: 2))
        try history.finish()
        return true
    }

    /// No longer offers a newsletter. Whoever subscribed to it can still unsubscribe.
    ///
    /// - Throws: ``ServerError``: `notFound` if it is not on offer.
    public func endNewsletter(_ newsletter: EntityName) throws(ServerError) {
        try access("end the newsletter") {
            try database.write { db in
                guard try SQLiteLibrary(db: db).remove(newsletter) else {
                    throw ServerError(
                        .notFound, "there is no newsletter '\(newsletter)'",
                        remedy: "`newsletter list` shows those on offer")
                }
            }
        }
    }
}
