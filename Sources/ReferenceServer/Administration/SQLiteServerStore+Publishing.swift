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
            try writingHere { db in
                let names = try RunNames(documents, in: db)
                let writer = CatalogWriter(db: db, now: now, generation: generation, names: names)
                return try documents.map { try writer.write($0) }
            }
        }
    }

    /// No longer offers a newsletter. Whoever subscribed stays so on record and can still unsubscribe; accounts no longer
    /// say what became of it. Offered again under the same id, it is as it was for them.
    ///
    /// - Throws: ``ServerError``: `notFound` if it is not on offer.
    public func endNewsletter(_ newsletter: EntityName) throws(ServerError) {
        try access("end the newsletter") {
            try writingHere { db in
                guard try SQLiteLibrary(db: db).remove(newsletter) else {
                    throw ServerError(
                        .notFound, "there is no newsletter '\(newsletter)'",
                        remedy: "`newsletter list` shows those on offer")
                }
            }
        }
    }
}
