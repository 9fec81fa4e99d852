import GRDB
import SQLiteChanges
public import SyncCore
import SyncPorts

extension Replica {
    /// The runs of each publication's history that the replica holds, by publication.
    public func catalogState() throws(ReplicaError) -> [CatalogState] {
        try read { db in
            try db.rows(
                "SELECT row, name, generation FROM publication WHERE generation IS NOT NULL ORDER BY name"
            ) { row in
                guard let name = EntityName(row.text(1)) else { return nil }
                return CatalogState(
                    publication: name, generation: row.text(2),
                    ranges: try CatalogRanges.held(of: row.integer(0), db))
            }.compactMap(\.self)
        }
    }

    /// Applies a page of history and the range it covers in one transaction. An older revision never replaces a
    /// newer one, in whatever order pages come. With `resets`, or if the page is of another generation, whatever was
    /// held of the old history is forgotten first; articles stay.
    public func apply(_ page: CatalogPage, resets: Bool) throws(ReplicaError) -> CatalogSummary {
        guard let range = page.range else {
            throw ReplicaError(.invalidValue, "a page of the catalog has not one hash more than entries")
        }
        return try writeRepeatable { db in
            let row = try LibraryRows.publication(page.publication, db)
            let held = try String.fetchOne(
                once: db, sql: "SELECT generation FROM publication WHERE row = ?", arguments: [row])
            if resets || held != page.generation { try Self.forgetHistory(of: row, page.generation, db) }
            var catalog = try CatalogTransaction(db, publication: row, entries: page.entries)
            for (offset, entry) in page.entries.enumerated() {
                try catalog.take(entry, at: Int64(page.from) + Int64(offset))
            }
            try catalog.finish()
            try CatalogRanges.add(range, to: row, db)
            return catalog.summary
        }
    }

    private static func forgetHistory(of publication: Int64, _ generation: String, _ db: Database) throws {
        try db.run(
            sql: "UPDATE publication SET generation = ? WHERE row = ?", arguments: [generation, publication])
        for sql in [
            "DELETE FROM catalog_range WHERE publication = ?",
            "DELETE FROM catalog_ahead WHERE publication = ?",
            "UPDATE article SET entry = -1, feeds_entry = -1, removed_entry = -1 WHERE publication = ?",
        ] {
            try db.run(sql) { $0.integer(publication) }
        }
    }
}

/// The rows of the table `catalog_range`.
enum CatalogRanges {
    /// The runs of a publication, ascending.
    static func held(of publication: Int64, _ db: Database) throws -> [CatalogRange] {
        try db.rows(
            """
            SELECT from_index, to_index, from_hash, to_hash FROM catalog_range WHERE publication = ?
            ORDER BY from_index
            """, { $0.integer(publication) }
        ) { row in
            guard let fromHash = row.digest(2), let toHash = row.digest(3) else { return nil }
            return CatalogRange(from: row.bits(0), to: row.bits(1), fromHash: fromHash, toHash: toHash)
        }.compactMap(\.self)
    }

    /// Adds a run and joins it with those it touches. One that it does not fit onto is forgotten, to be pulled anew.
    static func add(_ range: CatalogRange, to publication: Int64, _ db: Database) throws {
        var joined = range
        for other in try held(of: publication, db) where other.to >= range.from && other.from <= range.to {
            try db.run(
                sql: "DELETE FROM catalog_range WHERE publication = ? AND from_index = ?",
                arguments: [publication, Int64(bitPattern: other.from)])
            let fits =
                !(other.to == range.from && other.toHash != range.fromHash)
                && !(other.from == range.to && other.fromHash != range.toHash)
            guard fits else { continue }
            if other.from < joined.from { (joined.from, joined.fromHash) = (other.from, other.fromHash) }
            if other.to > joined.to { (joined.to, joined.toHash) = (other.to, other.toHash) }
        }
        try db.run(
            sql: """
                INSERT INTO catalog_range (publication, from_index, to_index, from_hash, to_hash)
                VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [
                publication, Int64(bitPattern: joined.from), Int64(bitPattern: joined.to),
                joined.fromHash.bytes.databaseBlob, joined.toHash.bytes.databaseBlob,
            ])
    }
}
