import SyncCore
import SyncProtocol
import SyncSession

/// Takes a push into a reader's log: loads what decides, lets a session decide, writes the result.
struct PushIntake {
    let log: any ReaderLogWriter
    let catalog: any CatalogView
    let now: WallTime

    /// Takes all changes of a push, or none.
    ///
    /// - Returns: the session, which says what was not taken, and what had been taken long before.
    mutating func take(_ push: ReadPush) throws -> PushSession {
        let author = push.request.replica
        let loaded = try log.records(of: author, numbers: push.elements.map(\.number))
        let items = try items(of: push, records: loaded.records)
        var session = PushSession(
            PushContext(
                highWater: loaded.highWater, records: loaded.records, cursor: push.request.cursor.sequence,
                now: now,
                wordings: try wordings(items), ageConfirmed: try ageConfirmed(items),
                cadences: try cadences(items)))
        do {
            for item in items { try session.take(item) }
        } catch .forked(let number) {
            throw Problem(.replicaForked, "another change has the number \(number) of this replica")
        } catch .gap(let number, let expected) {
            throw Problem(.numberGap, "number \(number) came where \(expected) was expected")
        }
        for spent in session.spent { try log.spend(spent, of: author) }
        var writer = LogAppender(log: log, head: try log.head())
        for admitted in session.admitted {
            try writer.append(admitted.change, received: now, digest: admitted.digest)
        }
        try writer.finish()
        return session
    }

    private func items(of push: ReadPush, records: [UInt64: NumberRecord]) throws -> [PushedItem] {
        let names = push.elements.compactMap { element -> ArticleNumber? in
            guard case .change(let change) = element,
                case .article(.number(let publication, let article)) = change.entity
            else { return nil }
            return ArticleNumber(publication: publication, article: article)
        }
        let articles = try catalog.articles(named: Set(names))
        return try push.elements.map { element in
            switch element {
            case .unreadable(let number, let reason, let digest):
                return PushedItem(
                    number: number, content: .unreadable(.malformed, reason), messageDigest: digest)
            case .change(let wire):
                let change = wire.change(by: push.request.replica) {
                    articles[ArticleNumber(publication: $0, article: $1)]
                }
                var digest: Digest128?
                if change == nil || records[wire.number]?.refusal != nil {
                    digest = Digest128(hashing: try WireCodec.encode(wire))
                }
                let content =
                    change.map { PushedItem.Content.change($0) }
                    ?? .unreadable(
                        Self.isUnresolved(wire, articles) ? .unknownEntity : .malformed,
                        "the server does not know what the change is about")
                return PushedItem(number: wire.number, content: content, messageDigest: digest)
            }
        }
    }

    private static func isUnresolved(_ wire: WireChange, _ articles: [ArticleNumber: ArticleID]) -> Bool {
        guard case .article(.number(let publication, let article)) = wire.entity else { return false }
        return articles[ArticleNumber(publication: publication, article: article)] == nil
    }

    private func wordings(_ items: [PushedItem]) throws -> [EntityName: ConsentWording] {
        let hasConsents = items.contains { $0.change?.key.field == .consent }
        guard hasConsents || items.contains(where: { $0.change?.key.entity.isConsent == true }) else {
            return [:]
        }
        let inForce = try catalog.library().wordings
        return Dictionary(inForce.map { ($0.purpose, $0) }) { $1 }
    }

    private func cadences(_ items: [PushedItem]) throws -> [EntityName: [Cadence]] {
        guard items.contains(where: { $0.change?.key.entity.isNewsletter == true }) else { return [:] }
        return Dictionary(try catalog.library().newsletters.map { ($0.id, $0.cadences) }) { $1 }
    }

    private func ageConfirmed(_ items: [PushedItem]) throws -> Bool {
        guard items.contains(where: { $0.change?.key.field == .subscribed }),
            let key = RegisterKey(.reader, .ageConfirmed)
        else { return false }
        return try log.register(key).outcome?.value == .flag(true)
    }
}

extension PushedItem {
    fileprivate var change: Change? {
        if case .change(let change) = content { change } else { nil }
    }
}

extension Entity {
    fileprivate var isConsent: Bool {
        if case .consent = self { true } else { false }
    }

    fileprivate var isNewsletter: Bool {
        if case .newsletter = self { true } else { false }
    }
}
