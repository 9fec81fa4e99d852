import GRDB
import SQLiteChanges
import SyncCore
import SyncPorts

/// The small tables of the catalog, and the numbers of articles.
enum LibraryRows {
    /// Puts a library in the place of the one held. What articles refer to stays.
    static func replace(_ library: Library, _ db: Database) throws {
        try db.run("UPDATE publication SET listed = 0, number = NULL")
        try db.run("UPDATE feed SET listed = 0")
        try db.run("UPDATE newsletter SET offered = 0")
        try db.run("DELETE FROM wording")
        for publication in library.publications { try replace(publication, db) }
        for feed in library.feeds {
            let publication = try Self.publication(feed.publication, db)
            try db.run(
                sql: "UPDATE feed SET publication = ?, title = ?, url = ?, listed = 1 WHERE row = ?",
                arguments: [publication, feed.title, feed.url, try Self.feed(feed.id, of: publication, db)])
        }
        for newsletter in library.newsletters {
            try db.run(
                sql: """
                    INSERT OR REPLACE INTO newsletter (name, title, summary, cadences, offered) VALUES (?, ?, ?, ?, 1)
                    """,
                arguments: [
                    newsletter.id.text, newsletter.title, newsletter.summary,
                    newsletter.cadences.map(\.name.text).joined(separator: " "),
                ])
        }
        try forgetFormerNewsletters(db)
        for wording in library.wordings {
            try db.run(
                sql: """
                    INSERT OR REPLACE INTO wording (purpose, version, text, hash, policy_version, terms_version,
                        polarity)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    wording.purpose.text, wording.version, wording.text, wording.hash, wording.policyVersion,
                    wording.termsVersion, wording.polarity.rawValue,
                ])
        }
        try db.run(
            sql: "UPDATE replica SET library_version = ? WHERE only = 1", arguments: [library.version])
    }

    /// Forgets newsletters that are no longer on offer, but for those that the reader ever decided on.
    private static func forgetFormerNewsletters(_ db: Database) throws {
        let former = try db.rows("SELECT name FROM newsletter WHERE offered = 0") { $0.text(0) }
        guard !former.isEmpty else { return }
        let decided = Set(try ChangeRows.newsletters(db).map(\.text))
        for name in former where !decided.contains(name) {
            try db.run(sql: "DELETE FROM newsletter WHERE name = ?", arguments: [name])
        }
    }

    private static func replace(_ publication: Publication, _ db: Database) throws {
        let row = try Self.publication(publication.id, db)
        // Two publications with one number: the later one keeps it.
        try db.run(
            sql: "UPDATE publication SET number = NULL WHERE number = ?", arguments: [publication.number])
        try db.run(
            sql: """
                UPDATE publication SET number = ?, title = ?, site_url = ?, language = ?, icon_url = ?, listed = 1
                WHERE row = ?
                """,
            arguments: [
                publication.number, publication.title, publication.siteURL, publication.language,
                publication.iconURL, row,
            ])
    }

    /// Writes what a reading says of a publication, where nothing is known yet. The server's words stay.
    static func complete(_ publication: Publication, row: Int64, _ db: Database) throws {
        try db.run(
            sql: """
                UPDATE publication SET title = iif(title = '', ?, title), site_url = coalesce(site_url, ?),
                    language = coalesce(language, ?), icon_url = coalesce(icon_url, ?)
                WHERE row = ? AND listed = 0
                """,
            arguments: [publication.title, publication.siteURL, publication.language, publication.iconURL, row])
    }

    /// Writes what the replica's own reading says of a feed, unless the server's library has it.
    static func name(_ feed: Feed, row: Int64, of publication: Int64, _ db: Database) throws {
        try db.run(
            sql: """
                UPDATE feed SET publication = ?, title = iif(? = '', title, ?), url = coalesce(?, url)
                WHERE row = ? AND listed = 0
                """,
            arguments: [publication, feed.title, feed.title, feed.url, row])
    }

    /// Puts what the server says of the reader in the place of what it said before.
    static func replace(_ account: Account, _ db: Database) throws {
        try db.run(
            sql: "UPDATE replica SET account_version = ?, account_name = ? WHERE only = 1",
            arguments: [account.version, account.name])
        try db.run(sql: "DELETE FROM delivery")
        for (newsletter, delivery) in account.deliveries.sorted(by: { $0.key < $1.key }) {
            try db.run(
                sql: "INSERT INTO delivery (newsletter, state) VALUES (?, ?)",
                arguments: [newsletter.text, delivery.rawValue])
        }
        try db.run(sql: "DELETE FROM device")
        for (replica, name) in account.devices.sorted(by: { $0.key < $1.key }) {
            try db.run(
                sql: "INSERT INTO device (replica, name) VALUES (?, ?)",
                arguments: [Int64(bitPattern: replica.rawValue), name])
        }
    }

    /// The row of a publication, made if there is none.
    static func publication(_ name: EntityName, _ db: Database) throws -> Int64 {
        let known = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT row FROM publication WHERE name = ?"), arguments: [name.text])
        if let known { return known }
        try db.run(
            sql: "INSERT INTO publication (name, title, listed) VALUES (?, '', 0)", arguments: [name.text])
        return db.lastInsertedRowID
    }

    /// The row of a feed, made if there is none.
    static func feed(_ name: EntityName, of publication: Int64, _ db: Database) throws -> Int64 {
        let known = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT row FROM feed WHERE name = ?"), arguments: [name.text])
        if let known { return known }
        try db.run(
            sql: "INSERT INTO feed (name, publication, title, listed) VALUES (?, ?, '', 0)",
            arguments: [name.text, publication])
        return db.lastInsertedRowID
    }
}
