import GRDB
public import SyncCore

extension SQLiteServerStore {
    /// Offers newsletters and puts wordings in force, all or none. A wording that is in force already, word for
    /// word, stays as it is.
    ///
    /// - Throws: ``ServerError``: `invalid` for a newsletter without cadences or title; `exists` if the version of
    ///   a wording was published with other words.
    public func publish(
        newsletters: [Newsletter], wordings: [ConsentWording], at now: WallTime
    ) throws(ServerError) {
        for newsletter in newsletters where newsletter.cadences.isEmpty || newsletter.title.isEmpty {
            throw ServerError(
                .invalid, "the newsletter '\(newsletter.id)' has no title or no cadence",
                remedy: "give a title, and each cadence it can be had at")
        }
        try access("change the library") {
            try writingHere { db in
                let library = SQLiteLibrary(db: db)
                for newsletter in newsletters { try library.put(newsletter) }
                for wording in wordings { try Self.publish(wording, in: library, at: now) }
            }
        }
    }

    private static func publish(_ wording: ConsentWording, in library: SQLiteLibrary, at now: WallTime) throws {
        let text = [wording.version, wording.policyVersion, wording.termsVersion]
        guard !wording.text.isEmpty, text.allSatisfy({ (1...ConsentTerms.maximumBytes).contains($0.utf8.count) })
        else {
            throw ServerError(
                .invalid, "a wording has a text, and versions of 1 to \(ConsentTerms.maximumBytes) bytes")
        }
        if try library.library().wordings.contains(wording) { return }
        let isUsed =
            try Bool.fetchOne(
                library.db, sql: "SELECT EXISTS (SELECT 1 FROM wording WHERE purpose = ? AND version = ?)",
                arguments: [wording.purpose.text, wording.version]) ?? false
        guard !isUsed else {
            throw ServerError(
                .exists, "version '\(wording.version)' of '\(wording.purpose)' was published with other words",
                remedy: "records name it: give the new words a new version")
        }
        try library.publish(wording, at: now)
    }

    /// The library as replicas see it.
    public func library() throws(ServerError) -> Library {
        try access("read the library") { try readingHere { try SQLiteLibrary(db: $0).library() } }
    }

    /// Sets what became of a reader's subscription.
    ///
    /// - Throws: ``ServerError``: `notFound` if there is no such reader or newsletter, or the reader has not
    ///   subscribed to it.
    public func setDelivery(
        _ status: Account.Delivery, of newsletter: EntityName, for reader: String
    ) throws(ServerError) {
        try access("set the delivery") {
            try writingHere { db in
                guard let row = try Self.reader(named: reader, in: db) else { throw Self.noReader(reader) }
                let log = SQLiteLog(db: db, reader: row)
                guard try SQLiteLibrary(db: db).library().newsletters.contains(where: { $0.id == newsletter })
                else { throw ServerError(.notFound, "there is no newsletter '\(newsletter)'") }
                guard let key = RegisterKey(.newsletter(newsletter), .subscribed),
                    try log.register(key).outcome?.value == .flag(true)
                else {
                    throw ServerError(
                        .notFound, "'\(reader)' has not subscribed to '\(newsletter)'",
                        remedy: "only the reader can")
                }
                try log.setDelivery(status, of: newsletter)
            }
        }
    }
}
