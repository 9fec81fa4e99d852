import GRDB
import SQLiteChanges
public import SyncCore
public import SyncPorts

extension Replica {
    /// The articles behind names, in the order asked; `nil` for those the replica does not hold. A number counts only
    /// in the history that gave it, so numbers are known of articles that this replica's own history names.
    public func articles(
        named names: [(publication: UInt32, number: UInt64)]
    ) throws(ReplicaError) -> [ArticleID?] {
        try read { db in
            try names.map { name in
                try db.firstRow(
                    """
                    SELECT article.id FROM publication JOIN article ON article.publication = publication.row
                    WHERE publication.number = ? AND article.number = ? AND article.entry >= 0
                    ORDER BY article.row DESC LIMIT 1
                    """,
                    { binder in
                        binder.integer(Int64(name.publication))
                        binder.bits(name.number)
                    }, { $0.digest(0).map { ArticleID(digest: $0) } }
                )?.flatMap { $0 }
            }
        }
    }

    /// The names of articles, in the order asked; `nil` for those that have none.
    public func names(of articles: [ArticleID]) throws(ReplicaError) -> [ArticleName?] {
        try read { db in
            try articles.map { id in
                try db.firstRow(
                    """
                    SELECT publication.number, article.number FROM article
                    JOIN publication ON publication.row = article.publication
                    WHERE article.id = ? AND publication.number IS NOT NULL AND article.entry >= 0
                    """, { $0.digest(id.digest) },
                    { ArticleName(publication: UInt32(clamping: $0.integer(0)), number: $0.bits(1), id: id) })
            }
        }
    }
}

extension Replica: ArticleDirectory {}
extension Replica: StateStore {}
extension Replica: CatalogStore {}
