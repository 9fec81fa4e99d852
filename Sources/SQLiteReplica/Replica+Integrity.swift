import GRDB
import SQLiteChanges
import SyncCore

extension Replica {
    /// Looks for damage: the file's pages, references between tables, and what this code promises of its rows.
    ///
    /// - Parameter pages: whether to look at the file's pages and references, which only a damaged disk breaks.
    /// - Returns: what is wrong, a sentence each; empty if nothing is.
    /// - Complexity: reads everything.
    public func checkIntegrity(pages: Bool = true) throws(ReplicaError) -> [String] {
        try read { db in
            var problems = pages ? try Self.pageProblems(db) : []
            guard problems.isEmpty else { return problems }
            let standing = try Standing(db)
            problems += try Self.countProblems(standing, db)
            problems += try ListCounts.problems(db)
            problems += try Self.feedProblems(db)
            problems += try Self.foldProblems(db)
            return problems
        }
    }

    /// Counts articles of feeds and sections anew if they were counted wrongly.
    ///
    /// - Returns: what was wrong, a sentence each; empty if nothing was.
    /// - Complexity: O(n) in the articles.
    public func mendCounts() throws(ReplicaError) -> [String] {
        guard try !read({ db in try ListCounts.problems(db) }).isEmpty else { return [] }
        return try write { db in
            let problems = try ListCounts.problems(db)
            if !problems.isEmpty { try ListCounts.recount(db) }
            return problems
        }
    }

    private static func pageProblems(_ db: Database) throws -> [String] {
        var problems = try String.fetchAll(once: db, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
        for row in try Row.fetchAll(once: db, sql: "PRAGMA foreign_key_check") {
            problems.append("a row of \(row[0] as String) refers to one of \(row[2] as String) that is not there")
        }
        return problems
    }

    private static func countProblems(_ standing: Standing, _ db: Database) throws -> [String] {
        let checks: [(sql: String, arguments: StatementArguments, problem: String)] = [
            (
                "SELECT count(*) FROM change WHERE state = 0 AND number >= ? AND replica = ?",
                [Int64(bitPattern: standing.nextNumber), Int64(bitPattern: standing.id.rawValue)],
                "changes carry a number that was never given"
            ),
            (
                "SELECT count(*) FROM change WHERE state = 0 AND replica <> ?",
                [Int64(bitPattern: standing.id.rawValue)], "pending changes are under another identity"
            ),
            (
                "SELECT count(*) FROM change WHERE state = 1 AND sequence IS NULL", [],
                "changes count without being in the log"
            ),
            (
                """
                SELECT count(*) FROM
                (SELECT 1 FROM change WHERE state = 0 AND number = 0 GROUP BY entity, field HAVING count(*) > 1)
                """, [], "fields have more than one change that has not left"
            ),
            (
                "SELECT count(*) FROM change LEFT JOIN set_aside USING (place) WHERE state = 3 AND code IS NULL",
                [],
                "changes are set aside without a reason"
            ),
        ]
        return try checks.compactMap { check in
            let count = try Int.fetchOne(once: db, sql: check.sql, arguments: check.arguments) ?? 0
            return count == 0 ? nil : "\(count) \(check.problem)"
        }
    }

    /// Compares what lists show with what the registers fold to.
    private static func foldProblems(_ db: Database) throws -> [String] {
        var wrong = 0
        var tags = 0
        var notes = 0
        try ChangeRows.forEachRegister(db) { key, live in
            guard case .article(let article) = key.entity else { return }
            let id: StatementArguments = [article.digest.bytes.databaseBlob]
            let shown = live.outcome?.value
            func column(_ sql: String) throws -> Int? {
                try Int.fetchOne(db.cachedStatement(sql: sql), arguments: id)
            }
            switch shown {
            case .read(let isRead, _):
                let held = try column("SELECT is_read FROM article WHERE id = ?")
                if let held, held != (isRead ? 1 : 0) { wrong += 1 }
            case .flag(let isSaved) where key.field == .saved:
                let held = try column("SELECT is_saved FROM article WHERE id = ?")
                if let held, held != (isSaved ? 1 : 0) { wrong += 1 }
            case .progress(let points):
                let held = try column("SELECT progress FROM article WHERE id = ?")
                if let held, held != points { wrong += 1 }
            case .flag(true): tags += 1
            case .note(let text, _): notes += text.isEmpty ? 0 : 1
            default: return
            }
        }
        let heldTags = try Int.fetchOne(once: db, sql: "SELECT count(*) FROM article_tag") ?? 0
        let heldNotes = try Int.fetchOne(once: db, sql: "SELECT count(*) FROM article_note") ?? 0
        var problems: [String] = []
        if wrong > 0 { problems.append("\(wrong) articles do not show what the change log says") }
        if tags != heldTags { problems.append("\(heldTags) tags are shown, \(tags) are in the change log") }
        if notes != heldNotes {
            problems.append("\(heldNotes) notes are shown, \(notes) are in the change log")
        }
        return problems
    }
}
