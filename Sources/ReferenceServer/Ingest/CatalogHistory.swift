import GRDB
import SQLiteChanges
import SyncCore
import SyncProtocol

import struct FoundationEssentials.Data

/// The growing end of a publication's history. ``finish()`` writes the head; until then lines are not visible.
struct CatalogHistory {
    let db: Database
    /// The publication's number.
    let publication: Int64
    let id: EntityName
    private var count: UInt64
    private var hash: Digest128
    private var articles: UInt64
    /// Bytes of the lines that stand in the open tile already.
    private var openBytes: Int

    /// What each line that may still come is left in the open tile, in bytes.
    private static let reserve = 32 << 10

    init(db: Database, publication: Int64, id: EntityName) throws {
        self.db = db
        self.publication = publication
        self.id = id
        let row = try Row.fetchOne(
            once: db, sql: "SELECT count, hash, articles FROM publication WHERE number = ?", arguments: [publication])
        guard let row else { throw ServerError(.notFound, "there is no publication '\(id)'") }
        count = row.unsigned(at: 0)
        hash = try row.digest(at: 1)
        articles = row.unsigned(at: 2)
        openBytes =
            try Int.fetchOne(
                once: db,
                sql: """
                    SELECT coalesce(sum(length(line)), 0) FROM catalog_line WHERE publication = ? AND line_index >= ?
                    """,
                arguments: [publication, Int64(bitPattern: count / CatalogPage.tileSize * CatalogPage.tileSize)])
            ?? 0
    }

    /// Adds a new article.
    ///
    /// - Returns: its number.
    /// - Throws: ``WireError`` if its line is too long; then nothing was added.
    mutating func add(
        _ draft: Article, touched: Int64, feed: EntityName, _ now: WallTime
    ) throws -> UInt64 {
        var article = draft
        article.number = articles + 1
        article.revision = 1
        article.feeds = [feed]
        let line = try checked(.article(article))
        articles += 1
        let insert = try db.cachedStatement(
            sql: """
                INSERT INTO article (publication, number, id, revision, content_hash, touched)
                VALUES (?, ?, ?, 1, ?, ?)
                """)
        try insert.execute(
            arguments: [
                publication, Int64(bitPattern: article.number), article.id.digest.bytes.databaseBlob,
                article.contentHash.bytes.databaseBlob, touched,
            ])
        try noteRevision(of: article, now)
        try append(line)
        return article.number
    }

    /// Adds a correction of a known article. One that was withdrawn is no longer.
    mutating func correct(_ draft: Article, touched: Int64, _ now: WallTime) throws {
        var article = draft
        article.feeds = try feeds(of: article.number)
        let line = try checked(.article(article))
        let update = try db.cachedStatement(
            sql: """
                UPDATE article SET revision = ?, content_hash = ?, touched = ?, withdrawn = NULL
                WHERE publication = ? AND number = ?
                """)
        try update.execute(
            arguments: [
                article.revision, article.contentHash.bytes.databaseBlob, touched, publication,
                Int64(bitPattern: article.number),
            ])
        try noteRevision(of: article, now)
        try append(line)
    }

    /// An article as a revision of it says.
    func article(_ number: UInt64, revision: Int) throws -> Article? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT line FROM catalog_line WHERE publication = ? AND line_index =
                    (SELECT line FROM article_revision WHERE publication = ? AND number = ? AND revision = ?)
                """)
        let arguments: StatementArguments = [publication, publication, Int64(bitPattern: number), revision]
        guard let line = try Data.fetchOne(statement, arguments: arguments),
            case .article(let wire) = try WireCodec.decode(WireCatalogEntry.self, from: line)
        else { return nil }
        return wire.article
    }

    /// Says anew in which feeds an article appears.
    mutating func join(_ number: UInt64) throws {
        try append(checked(.feeds(number: number, feeds(of: number))))
    }

    /// Takes an article back.
    mutating func withdraw(_ number: UInt64, _ now: WallTime) throws {
        try append(checked(.removed(number: number)))
        try db.run(
            sql: "UPDATE article SET withdrawn = ? WHERE publication = ? AND number = ?",
            arguments: [now.milliseconds, publication, Int64(bitPattern: number)])
    }

    /// Writes the head.
    func finish() throws {
        try db.run(
            sql: "UPDATE publication SET count = ?, hash = ?, articles = ? WHERE number = ?",
            arguments: [
                Int64(bitPattern: count), hash.bytes.databaseBlob, Int64(bitPattern: articles), publication,
            ])
    }

    private func feeds(of number: UInt64) throws -> [EntityName] {
        let statement = try db.cachedStatement(
            sql: "SELECT feed FROM article_feed WHERE publication = ? AND number = ? ORDER BY feed")
        return try String.fetchAll(statement, arguments: [publication, Int64(bitPattern: number)])
            .compactMap { EntityName($0) }
    }

    /// The line of an entry, if it and all that may follow in its tile fit in one answer.
    private func checked(_ entry: CatalogEntry) throws -> Data {
        let line = try CatalogLines.line(entry)
        guard line.count <= Limits.lineBytes else {
            throw WireError("it has \(line.count) bytes; an article has at most \(Limits.lineBytes)")
        }
        let (size, used) = (Int(CatalogPage.tileSize), Int(count % CatalogPage.tileSize))
        let others = used == 0 ? 0 : openBytes
        guard others + line.count + (size - used - 1) * Self.reserve <= ReferenceServer.historyBytes else {
            throw WireError("it has \(line.count) bytes, and the articles before it are as large")
        }
        return line
    }

    private func noteRevision(of article: Article, _ now: WallTime) throws {
        let insert = try db.cachedStatement(
            sql: """
                INSERT INTO article_revision (publication, number, revision, line, content_hash, ingested)
                VALUES (?, ?, ?, ?, ?, ?)
                """)
        try insert.execute(
            arguments: [
                publication, Int64(bitPattern: article.number), article.revision, Int64(bitPattern: count),
                article.contentHash.bytes.databaseBlob, now.milliseconds,
            ])
    }

    private mutating func append(_ line: Data) throws {
        hash = CatalogLines.hash(after: hash, line: line)
        let insert = try db.cachedStatement(
            sql: "INSERT INTO catalog_line (publication, line_index, line, hash) VALUES (?, ?, ?, ?)")
        try insert.execute(
            arguments: [publication, Int64(bitPattern: count), line, hash.bytes.databaseBlob])
        openBytes = (count % CatalogPage.tileSize == 0 ? 0 : openBytes) + line.count
        count += 1
    }
}
