import GRDB
import SQLiteChanges
public import SyncCore

extension Replica {
    /// The revision of an article that the reader knows; `nil` if it is unread, or if nothing tells which one it was.
    public func readRevision(of id: ArticleID) throws(ReplicaError) -> Int? {
        try read { db in
            let found = try db.firstRow(
                "SELECT \(SummaryRows.readRevision) FROM article WHERE id = ?", { $0.digest(id.digest) },
                { $0.integerIfAny(0).map { Int($0) } })
            return found ?? nil
        }
    }

    /// Notes that the reader, who had read an article before, has seen its newest revision here. Nothing is sent: other
    /// devices know what was opened there.
    public func noteSeen(_ id: ArticleID) throws(ReplicaError) {
        try write { db in
            try db.run("UPDATE article SET read_revision = revision WHERE id = ? AND is_read = 1") {
                $0.digest(id.digest)
            }
        }
    }

    /// What those of some articles are called that are held, with the beginnings of their identities by which they are named.
    public func titles(of ids: [ArticleID]) throws(ReplicaError) -> [ArticleID: (shortID: String, title: String)] {
        try read { db in
            var found: [ArticleID: (shortID: String, title: String)] = [:]
            for id in ids {
                let title = try db.firstRow(
                    "SELECT headline, \(SummaryRows.opening) FROM article WHERE id = ? AND removed = 0",
                    { $0.digest(id.digest) }, { Article.title(headline: $0.text(0), opening: $0.textIfAny(1)) })
                if let title { found[id] = (try SummaryRows.shortID(id.digest, db), title) }
            }
            return found
        }
    }
}
