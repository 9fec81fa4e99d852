import GRDB
import SQLiteChanges
import SyncCore

extension Replica {
    /// The feeds of the library, those that the replica reads itself, and those that listed articles mention or came
    /// from, with their counts; by publication and id.
    ///
    /// - Complexity: O(n) in the feeds; the articles are counted already.
    public func feeds() throws(ReplicaError) -> [FeedOverview] {
        try read { db in
            let publications = try Self.publications(db)
            var direct: [EntityName: FeedSubscription] = [:]
            for subscription in try DirectFeedRows.all(db) { direct[subscription.feed] = subscription }
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT feed.name, publication.name, feed.title, feed.url, coalesce(held, 0), coalesce(unread, 0),
                        \(DirectFeedRows.isFormerFeed)
                    FROM feed LEFT JOIN publication ON publication.row = feed.publication
                    LEFT JOIN feed_count ON feed_count.feed = feed.row
                    WHERE feed.listed = 1 OR held > 0 OR feed.row IN (SELECT feed FROM direct_feed)
                    ORDER BY publication.name, feed.name
                    """
            ).compactMap { row in
                guard let id = EntityName(row[0] as String),
                    let publication = EntityName(row[1] as String? ?? "")
                else { return nil }
                let feed = Feed(id: id, publication: publication, title: row[2], url: row[3])
                return FeedOverview(
                    feed: feed, publication: publications[publication], articles: row[4], unread: row[5],
                    direct: direct[id], isFormer: row[6])
            }
        }
    }

    private static func publications(_ db: Database) throws -> [EntityName: Publication] {
        var publications: [EntityName: Publication] = [:]
        let rows = try Row.fetchAll(
            once: db,
            sql: """
                SELECT name, coalesce(number, 0), title, site_url, language, icon_url FROM publication
                WHERE listed = 1 AND number IS NOT NULL
                    OR title <> '' AND row IN (
                        SELECT publication FROM direct_feed
                        UNION SELECT publication FROM feed WHERE row IN (SELECT feed FROM direct_entry))
                ORDER BY name
                """)
        for row in rows {
            guard let id = EntityName(row[0] as String) else { continue }
            publications[id] = Publication(
                id: id, number: row[1], title: row[2], siteURL: row[3], language: row[4], iconURL: row[5])
        }
        return publications
    }

    /// The newsletters on offer, and those that are no longer but that the reader subscribed to or has something open
    /// about; by id.
    public func newsletters() throws(ReplicaError) -> [NewsletterOverview] {
        try read { db in
            let known = try Self.knownNewsletters(db)
            let names = Set(known.keys).union(try ChangeRows.newsletters(db))
            return try names.sorted().compactMap { id in
                let wanted = try RegisterView(.newsletter(id), .subscribed, db)
                let often = try RegisterView(.newsletter(id), .frequency, db)
                var overview =
                    known[id]
                    ?? NewsletterOverview(
                        newsletter: Newsletter(id: id, title: id.text, summary: "", cadences: []), isOffered: false)
                overview.isSubscribed = wanted.value == .flag(true)
                if case .frequency(let cadence) = often.value { overview.frequency = cadence }
                overview.isPending = wanted.isPending || often.isPending
                overview.hasConflict = wanted.isOpen || often.isOpen
                let isOpen = overview.isSubscribed || overview.isPending || overview.hasConflict
                return overview.isOffered || isOpen ? overview : nil
            }
        }
    }

    private static func knownNewsletters(_ db: Database) throws -> [EntityName: NewsletterOverview] {
        var known: [EntityName: NewsletterOverview] = [:]
        let rows = try Row.fetchAll(
            once: db,
            sql: """
                SELECT name, title, summary, cadences, offered, state FROM newsletter
                LEFT JOIN delivery ON newsletter = name
                """)
        for row in rows {
            guard let id = EntityName(row[0] as String) else { continue }
            let cadences = (row[3] as String).split(separator: " ").compactMap { Cadence(String($0)) }
            known[id] = NewsletterOverview(
                newsletter: Newsletter(id: id, title: row[1], summary: row[2], cadences: cadences),
                isOffered: row[4], delivery: (row[5] as String?).flatMap { Account.Delivery(rawValue: $0) })
        }
        return known
    }

    /// The consents that the library asks for, and those that the reader ever decided on; by purpose.
    public func consents() throws(ReplicaError) -> [ConsentOverview] {
        try read { db in
            let wordings = try Self.wordings(db)
            var purposes = Set(wordings.keys)
            purposes.formUnion(try ChangeRows.consents(db))
            return try purposes.sorted().map { purpose in
                let wording = wordings[purpose]
                let view = try RegisterView(.consent(purpose), .consent, db)
                var overview = ConsentOverview(
                    purpose: purpose, wording: wording, isOutdated: false, isPending: view.isPending,
                    hasConflict: view.isOpen)
                if case .consent(let isGiven, let terms) = view.value {
                    (overview.isGiven, overview.terms, overview.decidedAt) = (isGiven, terms, view.setAt)
                    overview.isOutdated =
                        wording.map {
                            $0.version != terms.wordingVersion || $0.hash != terms.wordingHash
                        } ?? false
                }
                return overview
            }
        }
    }

    private static func wordings(_ db: Database) throws -> [EntityName: ConsentWording] {
        var wordings: [EntityName: ConsentWording] = [:]
        let rows = try Row.fetchAll(
            once: db,
            sql: """
                SELECT purpose, version, text, hash, policy_version, terms_version, polarity FROM wording
                ORDER BY purpose
                """)
        for row in rows {
            guard let purpose = EntityName(row[0] as String) else { continue }
            var wording = ConsentWording(
                purpose: purpose, version: row[1], text: row[2], policyVersion: row[4], termsVersion: row[5],
                polarity: ConsentWording.Polarity(rawValue: row[6]) ?? .optIn)
            wording.hash = row[3]
            wordings[purpose] = wording
        }
        return wordings
    }

    /// Whether the reader declared to be 16 or over.
    public func ageConfirmed() throws(ReplicaError) -> Bool {
        try read { db in try RegisterView(.reader, .ageConfirmed, db).value == .flag(true) }
    }
}

/// What a register shows, and what is going on with it.
private struct RegisterView {
    var value: Value?
    var setAt: WallTime?
    var isPending = false
    var isOpen = false

    init(_ entity: Entity, _ field: Field, _ db: Database) throws {
        guard let key = RegisterKey(entity, field) else { return }
        let live = try ChangeRows.live(key, db)
        let outcome = live.outcome
        value = outcome?.value
        setAt = outcome?.winner.change.stamp.wallTime
        isPending = !live.pending.isEmpty
        isOpen = outcome?.kind == .open
    }
}

extension ChangeRows {
    /// All newsletters that the reader ever decided on.
    static func newsletters(_ db: Database) throws -> [EntityName] {
        try keys(from: [2], before: [3], db).compactMap {
            if case .newsletter(let name) = $0.entity { name } else { nil }
        }
    }

    /// The purposes of all consents that were ever decided on.
    fileprivate static func consents(_ db: Database) throws -> [EntityName] {
        try keys(from: [3], before: [4], db).compactMap {
            if case .consent(let purpose) = $0.entity { purpose } else { nil }
        }
    }

    /// The keys of registers whose entities are in a range of ``EntityColumn``'s order; one with several versions more
    /// than once.
    private static func keys(from: [UInt8], before: [UInt8], _ db: Database) throws -> [RegisterKey] {
        try db.rows(
            """
            SELECT \(columns) FROM change INDEXED BY change_live
            WHERE state <= 1 AND entity >= ? AND entity < ? ORDER BY entity, field, place
            """,
            { binder in
                binder.blob(from)
                binder.blob(before)
            }, { try change(in: $0).key })
    }
}
