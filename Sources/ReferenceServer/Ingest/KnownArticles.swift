import GRDB
import SQLiteChanges
import SyncCore

/// Finds out which articles of the catalog a reading speaks of.
///
/// An article is known by its identity. One whose identity is unknown, as when the publisher changes how guids are made,
/// is the same as the one article that shares an alias with it, unless that stands in the same reading by itself.
struct KnownArticles {
    let db: Database
    /// The publication's number.
    let publication: Int64

    /// An article of the catalog.
    struct Match: Sendable, Hashable {
        /// Its number.
        var number: UInt64
        /// Its identity.
        var id: ArticleID
        /// Whether only an alias led to it.
        var isAliased = false
    }

    /// Longest alias that is kept, in bytes.
    private static let aliasBytes = 2_048

    /// For each article the one that it is; `nil` for those that are new.
    func matches(of drafts: [FeedArticle]) throws -> [Match?] {
        var matches = try drafts.map { try match($0.article.id) }
        var taken = Set(matches.compactMap { $0?.number })
        // What was found to be the same before stays the same.
        for (index, draft) in drafts.enumerated() where matches[index] == nil {
            if let number = try number(named: Self.remembered(draft.article.id)), taken.insert(number).inserted {
                matches[index] = try match(number)
            }
        }
        var claims: [UInt64: [Int]] = [:]
        for (index, draft) in drafts.enumerated() where matches[index] == nil {
            if let number = try number(named: draft.aliases), !taken.contains(number) {
                claims[number, default: []].append(index)
            }
        }
        // Two that claim to be one are told apart: neither is it.
        for (number, indexes) in claims where indexes.count == 1 { matches[indexes[0]] = try match(number) }
        return matches
    }

    /// The identity of the one article with an alias.
    func article(named alias: String) throws -> ArticleID? {
        try number(named: [alias]).flatMap { try match($0)?.id }
    }

    /// Keeps what leads to an article.
    func note(_ draft: FeedArticle, as number: UInt64, isAliased: Bool) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO article_alias (publication, alias, number) VALUES (?, ?, ?)")
        let names = draft.aliases + (isAliased ? Self.remembered(draft.article.id) : [])
        for name in names where name.utf8.count <= Self.aliasBytes {
            try statement.execute(arguments: [publication, name, Int64(bitPattern: number)])
        }
    }

    /// The alias of an identity that was found to be another article's.
    private static func remembered(_ id: ArticleID) -> [String] { ["id:" + id.description] }

    /// The one article that the aliases name; `nil` if they name none, or several.
    private func number(named aliases: [String]) throws -> UInt64? {
        let statement = try db.cachedStatement(
            sql: "SELECT number FROM article_alias WHERE publication = ? AND alias = ? ORDER BY number LIMIT 2")
        var numbers: Set<Int64> = []
        for alias in aliases where alias.utf8.count <= Self.aliasBytes {
            numbers.formUnion(try Int64.fetchAll(statement, arguments: [publication, alias]))
        }
        guard numbers.count == 1 else { return nil }
        return numbers.first.map { UInt64(bitPattern: $0) }
    }

    private func match(_ id: ArticleID) throws -> Match? {
        let statement = try db.cachedStatement(sql: "SELECT number FROM article WHERE id = ? AND publication = ?")
        let arguments: StatementArguments = [id.digest.bytes.databaseBlob, publication]
        return try Row.fetchOne(statement, arguments: arguments).map { Match(number: $0.unsigned(at: 0), id: id) }
    }

    private func match(_ number: UInt64) throws -> Match? {
        let statement = try db.cachedStatement(sql: "SELECT id FROM article WHERE publication = ? AND number = ?")
        let arguments: StatementArguments = [publication, Int64(bitPattern: number)]
        return try Row.fetchOne(statement, arguments: arguments).map {
            Match(number: number, id: ArticleID(digest: try $0.digest(at: 0)), isAliased: true)
        }
    }
}
