import GRDB
import SQLiteChanges
import SyncCore
import SyncProtocol

/// The small part of the catalog in SQLite. Whoever changes it calls ``stamp()`` in the same transaction.
struct SQLiteLibrary {
    let db: Database

    func library() throws -> Library {
        Library(
            version: try SQLiteCatalog(db: db).libraryVersion(), publications: try publications(),
            feeds: try feeds(), newsletters: try newsletters(), wordings: try wordings())
    }

    /// Gives the library the version that its content has.
    func stamp() throws {
        var library = try library()
        library.version = ""
        let bytes = try WireCodec.encode(WireLibrary(library))
        try db.run(
            sql: "UPDATE server SET library_version = ?", arguments: [Digest128(hashing: bytes).description])
    }

    private func publications() throws -> [Publication] {
        let rows = try Row.fetchAll(
            once: db, sql: "SELECT id, number, title, site_url, language, icon_url FROM publication ORDER BY id")
        return rows.compactMap { row in
            guard let id = EntityName(row[0] as String) else { return nil }
            return Publication(
                id: id, number: UInt32(clamping: row[1] as Int64), title: row[2], siteURL: row[3],
                language: row[4],
                iconURL: row[5])
        }
    }

    private func feeds() throws -> [Feed] {
        let rows = try Row.fetchAll(
            once: db,
            sql: """
                SELECT feed.id, publication.id, feed.title, feed.url
                FROM feed JOIN publication ON publication.number = feed.publication ORDER BY feed.id
                """)
        return rows.compactMap { row in
            guard let id = EntityName(row[0] as String), let publication = EntityName(row[1] as String) else {
                return nil
            }
            return Feed(id: id, publication: publication, title: row[2], url: row[3])
        }
    }

    private func newsletters() throws -> [Newsletter] {
        let rows = try Row.fetchAll(
            once: db, sql: "SELECT id, title, summary, cadences FROM newsletter ORDER BY id")
        return rows.compactMap { row in
            guard let id = EntityName(row[0] as String) else { return nil }
            let cadences = (row[3] as String).split(separator: ",").compactMap { Cadence(String($0)) }
            return Newsletter(id: id, title: row[1], summary: row[2], cadences: cadences)
        }
    }

    private func wordings() throws -> [ConsentWording] {
        let rows = try Row.fetchAll(
            once: db,
            sql: """
                SELECT purpose, version, text, policy_version, terms_version, polarity FROM wording
                WHERE id IN (SELECT max(id) FROM wording GROUP BY purpose) ORDER BY purpose
                """)
        return rows.compactMap { row in
            guard let purpose = EntityName(row[0] as String) else { return nil }
            return ConsentWording(
                purpose: purpose, version: row[1], text: row[2], policyVersion: row[3], termsVersion: row[4],
                polarity: ConsentWording.Polarity(rawValue: row[5]) ?? .optIn)
        }
    }

    /// Puts a wording in force.
    func publish(_ wording: ConsentWording, at now: WallTime) throws {
        try db.run(
            sql: """
                INSERT INTO wording (purpose, version, text, hash, policy_version, terms_version, polarity, published)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                wording.purpose.text, wording.version, wording.text, wording.hash, wording.policyVersion,
                wording.termsVersion, wording.polarity.rawValue, now.milliseconds,
            ])
        try stamp()
    }

    /// Offers a newsletter, or changes what is offered.
    func put(_ newsletter: Newsletter) throws {
        try db.run(
            sql: """
                INSERT INTO newsletter (id, title, summary, cadences) VALUES (?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET title = excluded.title, summary = excluded.summary,
                    cadences = excluded.cadences
                """,
            arguments: [
                newsletter.id.text, newsletter.title, newsletter.summary,
                newsletter.cadences.map(\.name.text).joined(separator: ","),
            ])
        try stamp()
    }

    /// Takes a newsletter off the offer.
    ///
    /// - Returns: whether it was on offer.
    func remove(_ newsletter: EntityName) throws -> Bool {
        try db.run(sql: "DELETE FROM newsletter WHERE id = ?", arguments: [newsletter.text])
        guard db.changesCount > 0 else { return false }
        try stamp()
        return true
    }
}
