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
            let held = try db.cachedStatement(
                sql: """
                    SELECT article.id FROM publication JOIN article ON article.publication = publication.row
                    WHERE publication.number = ? AND article.number = ? AND article.entry >= 0
                    ORDER BY article.row DESC LIMIT 1
                    """)
            return try names.map { name in
                let arguments: StatementArguments = [name.publication, Int64(bitPattern: name.number)]
                let row = try Row.fetchOne(held, arguments: arguments)
                return row?.digest(at: 0).map { ArticleID(digest: $0) }
            }
        }
    }

    /// The names of articles, in the order asked; `nil` for those that have none.
    public func names(of articles: [ArticleID]) throws(ReplicaError) -> [ArticleName?] {
        try read { db in
            let held = try db.cachedStatement(
                sql: """
                    SELECT publication.number, article.number FROM article
                    JOIN publication ON publication.row = article.publication
                    WHERE article.id = ? AND publication.number IS NOT NULL AND article.entry >= 0
                    """)
            return try articles.map { id in
                let arguments: StatementArguments = [id.digest.bytes.databaseBlob]
                guard let row = try Row.fetchOne(held, arguments: arguments) else { return nil }
                return ArticleName(publication: row[0], number: row.bits(at: 1), id: id)
            }
        }
    }
}

extension Replica: ArticleDirectory {}
extension Replica: StateStore {}
extension Replica: CatalogStore {}
