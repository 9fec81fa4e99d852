import GRDB
import SQLiteChanges
public import SyncCore
public import SyncPorts

// What is held of pictures, and what has to go.
extension Replica {
    /// A picture that is held.
    public struct HeldAsset: Sendable, Hashable {
        /// The name of its file.
        public var hash: AssetHash
        /// Its media type, told by its bytes.
        public var type: String
        /// Its size in bytes.
        public var bytes: Int64
    }

    /// The picture at an address, if it is held.
    public func asset(at url: String) throws(ReplicaError) -> HeldAsset? {
        try read { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT hash, type, size FROM asset JOIN asset_file USING (hash) WHERE url = ? AND state = 2",
                arguments: [url])
            return row.flatMap { row in
                AssetHash(bytes: row.bytes(at: 0)).map { HeldAsset(hash: $0, type: row[1], bytes: row[2]) }
            }
        }
    }

    /// See ``SyncPorts/AssetStore``.
    ///
    /// - Complexity: O(n) in the pictures that are known of.
    public func dropAssets(
        keeping kept: KeptArticles, budget: Int64?, at now: WallTime
    ) throws(ReplicaError) -> [AssetHash] {
        try writeRepeatable { db in
            try Self.forgetUnwanted(kept, db)
            if let budget { try Self.evict(to: budget, until: now.advanced(by: Self.evictedFor), db) }
            return try Row.fetchAll(
                db,
                sql: """
                    DELETE FROM asset_file WHERE NOT EXISTS (SELECT 1 FROM asset WHERE asset.hash = asset_file.hash)
                    RETURNING hash
                    """
            ).compactMap { AssetHash(bytes: $0.bytes(at: 0)) }
        }
    }

    /// How long a picture that had to go for want of room is not fetched again, in milliseconds: a day.
    private static let evictedFor: Int64 = 24 * 3_600_000

    /// See ``SyncPorts/AssetStore``.
    public func partURLs() throws(ReplicaError) -> [String] {
        try read { db in try String.fetchAll(db, sql: "SELECT url FROM asset WHERE state = 1 ORDER BY url") }
    }

    private static func forgetUnwanted(_ kept: KeptArticles, _ db: Database) throws {
        let unwanted = try Int64.fetchAll(
            db,
            sql: """
                SELECT row FROM asset WHERE NOT EXISTS (
                    SELECT 1 FROM article_asset CROSS JOIN article ON article.row = article_asset.article
                    WHERE article_asset.asset = asset.row AND \(kept.condition))
                ORDER BY row
                """)
        for row in unwanted {
            // So that they are found again once the article is one of those that count.
            try db.run(
                "UPDATE article SET pictures_of = 0 WHERE row IN (SELECT article FROM article_asset WHERE asset = ?)"
            ) { $0.integer(row) }
            try db.run("DELETE FROM article_asset WHERE asset = ?") { $0.integer(row) }
            try db.run("DELETE FROM asset WHERE row = ?") { $0.integer(row) }
        }
    }

    /// Lets go of what is worth least, until there is room. A file that a picture of more worth shows as well stays.
    private static func evict(to budget: Int64, until due: WallTime, _ db: Database) throws {
        var held = try heldBytes(db)
        guard held > budget else { return }
        let files = try Row.fetchAll(
            db,
            sql: """
                SELECT asset_file.hash, size, max(is_saved), max(is_read = 0), max(listed)
                FROM asset_file CROSS JOIN asset ON asset.hash = asset_file.hash
                CROSS JOIN article_asset ON article_asset.asset = asset.row
                CROSS JOIN article ON article.row = article_asset.article
                GROUP BY asset_file.hash HAVING max(is_saved) = 0 ORDER BY 3, 4, 5, asset_file.hash
                """)
        for file in files {
            guard held > budget else { return }
            try db.execute(
                sql: "UPDATE asset SET state = 0, hash = NULL, due = ? WHERE hash = ?",
                arguments: [due.milliseconds, file.bytes(at: 0).databaseBlob])
            held -= file[1] as Int64
        }
    }

    private static func heldBytes(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(
            db,
            sql: """
                SELECT bytes + (SELECT coalesce(sum(part_bytes), 0) FROM asset WHERE state = 1)
                FROM asset_room WHERE only = 1
                """) ?? 0
    }

    /// See ``SyncPorts/AssetStore``.
    ///
    /// - Complexity: O(n) in the pictures that are held.
    public func leastUse() throws(ReplicaError) -> AssetUse? {
        try read { db in
            try Row.fetchOne(
                db,
                sql: """
                    SELECT max(is_saved), max(is_read = 0), max(listed)
                    FROM asset CROSS JOIN article_asset ON article_asset.asset = asset.row
                    CROSS JOIN article ON article.row = article_asset.article
                    WHERE state = 2 GROUP BY asset.row ORDER BY 1, 2, 3, asset.row LIMIT 1
                    """
            ).map { AssetUse(isSaved: $0[0], isUnread: $0[1], listed: $0[2]) }
        }
    }

    /// See ``SyncPorts/AssetStore``.
    ///
    /// - Complexity: O(n) in the pictures that are not held.
    public func assetTotals() throws(ReplicaError) -> AssetTotals {
        try read { db in try Self.assetTotals(db) }
    }

    static func assetTotals(_ db: Database) throws -> AssetTotals {
        var totals = AssetTotals()
        // All of them are counted without looking at them, and usually few are not held.
        totals.wanted = try Int.fetchOne(db, sql: "SELECT count(*) FROM asset") ?? 0
        totals.held = totals.wanted
        let rows = try Row.fetchAll(
            db, sql: "SELECT state, count(*) FROM asset WHERE state IN (0, 1, 3) GROUP BY state ORDER BY state")
        for row in rows {
            totals.held -= row[1] as Int
            if row[0] == 3 { totals.failed = row[1] }
        }
        totals.bytes = try heldBytes(db)
        return totals
    }

    /// See ``SyncPorts/AssetStore``.
    public func heldAssets(without missing: [AssetHash]) throws(ReplicaError) -> Set<AssetHash> {
        if !missing.isEmpty {
            try writeRepeatable { db in
                for hash in missing {
                    let blob = hash.bytes.databaseBlob
                    try db.execute(
                        sql: "UPDATE asset SET state = 0, hash = NULL, due = 0 WHERE hash = ?", arguments: [blob])
                    try db.execute(sql: "DELETE FROM asset_file WHERE hash = ?", arguments: [blob])
                }
            }
        }
        return try read { db in
            Set(
                try Row.fetchAll(db, sql: "SELECT hash FROM asset_file ORDER BY hash").compactMap {
                    AssetHash(bytes: $0.bytes(at: 0))
                })
        }
    }
}
