import GRDB
import SQLiteChanges
public import SyncCore
public import SyncPorts

extension KeptArticles {
    /// The condition on a row of `article` that it is one of them.
    var condition: String {
        let isListed = "article.removed = 0 AND article.is_promotion = 0"
        switch self {
        case .all: return isListed
        case .unread: return isListed + " AND (article.is_read = 0 OR article.is_saved = 1)"
        case .saved: return isListed + " AND article.is_saved = 1"
        case .none: return "0"
        }
    }
}

extension Replica: AssetStore {
    /// See ``SyncPorts/AssetStore``.
    ///
    /// - Complexity: O(n) in the articles of `kept` that are newer.
    public func picturesToFind(
        for kept: KeptArticles, after: PictureSource?, limit: Int
    ) throws(ReplicaError) -> [PictureSource] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT article.row, revision, listed, url, details, html
                    FROM article CROSS JOIN article_body ON article_body.article = article.row
                    WHERE \(kept.condition) AND pictures_of <> revision AND (listed, article.row) < (?, ?)
                    ORDER BY listed DESC, article.row DESC LIMIT ?
                    """,
                arguments: [after?.listed ?? Int64.max, after?.article ?? Int64.max, max(1, limit)]
            ).map { row in
                PictureSource(
                    article: row[0], revision: row[1], listed: row[2], page: row[3],
                    leadImage: try ArticleDetails.leadImage(in: row[4])?.url, html: row[5])
            }
        }
    }

    /// See ``SyncPorts/AssetStore``.
    public func keep(_ pictures: [ArticlePictures]) throws(ReplicaError) {
        try writeRepeatable { db in
            for article in pictures {
                try db.run("DELETE FROM article_asset WHERE article = ?") { $0.integer(article.article) }
                for url in article.urls {
                    try db.run("INSERT INTO asset (url, state) VALUES (?, 0) ON CONFLICT (url) DO NOTHING") {
                        $0.text(url)
                    }
                    try db.run(
                        """
                        INSERT OR IGNORE INTO article_asset (article, asset) SELECT ?, row FROM asset WHERE url = ?
                        """
                    ) { binder in
                        binder.integer(article.article)
                        binder.text(url)
                    }
                }
                try db.run("UPDATE article SET pictures_of = ? WHERE row = ?") { binder in
                    binder.integer(article.revision)
                    binder.integer(article.article)
                }
            }
        }
    }

    /// See ``SyncPorts/AssetStore``.
    ///
    /// - Complexity: O(n log n) in the pictures that are not held.
    public func assetsToFetch(
        for kept: KeptArticles, at now: WallTime, limit: Int
    ) throws(ReplicaError) -> [WantedAsset] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT asset.row, asset.url, state, etag, last_modified, attempts, max(is_saved), max(is_read = 0),
                        max(listed)
                    FROM asset CROSS JOIN article_asset ON article_asset.asset = asset.row
                    CROSS JOIN article ON article.row = article_asset.article
                    WHERE asset.state IN (0, 1, 3) AND \(kept.condition)
                    AND (asset.due <= ? OR asset.state = 0 AND article.is_saved = 1)
                    GROUP BY asset.row ORDER BY 7 DESC, 8 DESC, 9 DESC, asset.row LIMIT ?
                    """,
                arguments: [now.milliseconds, max(1, limit)]
            ).map { row in
                let part = AssetValidator(etag: row[3], lastModified: row[4])
                return WantedAsset(
                    row: row[0], url: row[1], use: AssetUse(isSaved: row[6], isUnread: row[7], listed: row[8]),
                    part: row[2] == 1 && part != AssetValidator() ? part : nil, attempts: row[5])
            }
        }
    }

    /// See ``SyncPorts/AssetStore``.
    ///
    /// - Complexity: O(n) in the pictures that could not be fetched.
    public func retryAssets(failedFor problem: String) throws(ReplicaError) {
        try writeRepeatable { db in
            try db.run("UPDATE asset SET due = 0, attempts = 0 WHERE state = 3 AND problem = ?") { $0.text(problem) }
        }
    }

    /// See ``SyncPorts/AssetStore``.
    public func keep(_ outcome: AssetOutcome, of asset: Int64) throws(ReplicaError) {
        try writeRepeatable { db in
            switch outcome {
            case .held(let hash, let bytes, let type):
                try db.execute(
                    sql: "INSERT OR IGNORE INTO asset_file (hash, size, type) VALUES (?, ?, ?)",
                    arguments: [hash.bytes.databaseBlob, bytes, type])
                try db.execute(
                    sql: """
                        UPDATE asset SET state = 2, hash = ?, part_bytes = 0, etag = NULL, last_modified = NULL,
                            attempts = 0, due = 0, problem = NULL
                        WHERE row = ?
                        """,
                    arguments: [hash.bytes.databaseBlob, asset])
            case .part(let validator, let bytes, let problem, let attempts, let due):
                try db.execute(
                    sql: """
                        UPDATE asset SET state = 1, hash = NULL, part_bytes = ?, etag = ?, last_modified = ?,
                            attempts = ?, due = ?, problem = ?
                        WHERE row = ?
                        """,
                    arguments: [
                        bytes, validator.etag, validator.lastModified, attempts, due.milliseconds, problem, asset,
                    ])
            case .failed(let problem, let attempts, let due):
                try db.execute(
                    sql: """
                        UPDATE asset SET state = 3, hash = NULL, part_bytes = 0, etag = NULL, last_modified = NULL,
                            attempts = ?, due = ?, problem = ?
                        WHERE row = ?
                        """,
                    arguments: [attempts, due.milliseconds, problem, asset])
            }
        }
    }
}
