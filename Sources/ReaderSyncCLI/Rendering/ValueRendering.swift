import SQLiteReplica
import SyncCore
import TerminalText

/// Values and what they belong to, in words and as JSON.
enum ValueRendering {
    /// A value in a few words; notes as they are, in quotation marks.
    static func text(_ value: Value, of field: Field) -> String {
        switch (value, field) {
        case (.read(let isRead, let origin), _):
            (isRead ? "read" : "unread") + (origin == .explicit ? "" : " (\(origin.text))")
        case (.flag(let isSet), .saved): isSet ? "saved" : "not saved"
        case (.flag(let isSet), .tag(let name)): isSet ? "tagged \(name.text)" : "not tagged \(name.text)"
        case (.flag(let isSet), .subscribed): isSet ? "subscribed" : "unsubscribed"
        case (.flag(let isSet), .ageConfirmed): isSet ? "16 or over" : "not confirmed"
        case (.flag(let isSet), _): isSet ? "yes" : "no"
        case (.progress(let points), _): percent(points)
        case (.note(let text, _), _): text.isEmpty ? "no note" : "“\(text)”"
        case (.frequency(let cadence), _): cadence.name.text
        case (.consent(let isGiven, let terms), _):
            (isGiven ? "given" : "withdrawn")
                + (terms.wordingVersion.isEmpty ? "" : " (wording \(terms.wordingVersion))")
        case (.other(let value), _): JSONText.text(value)
        }
    }

    /// Basis points as per cent.
    static func percent(_ points: Int) -> String {
        let rest = points % 100
        return "\(points / 100)" + (rest == 0 ? "" : ".\(rest < 10 ? "0" : "")\(rest)") + "%"
    }

    static func json(_ value: Value?) -> JSONValue {
        guard let value else { return .null }
        switch value {
        case .read(let isRead, let origin):
            return .object(["read": .bool(isRead), "by": .string(origin.text)])
        case .flag(let isSet): return .bool(isSet)
        case .progress(let points): return .count(points)
        case .note(let text, _): return .string(text)
        case .frequency(let cadence): return .string(cadence.name.text)
        case .consent(let isGiven, let terms):
            return .object(["given": .bool(isGiven), "terms": json(terms)])
        case .other(let value): return value
        }
    }

    static func json(_ terms: ConsentTerms?) -> JSONValue {
        guard let terms else { return .null }
        return .object([
            "wordingVersion": .string(terms.wordingVersion), "wordingHash": .string(terms.wordingHash),
            "policyVersion": .string(terms.policyVersion), "termsVersion": .string(terms.termsVersion),
            "surface": .string(terms.surface),
        ])
    }

    static func json(_ key: RegisterKey) -> [String: JSONValue] {
        let (kind, name): (String, String?) =
            switch key.entity {
            case .article(let id): ("article", id.description)
            case .newsletter(let name): ("newsletter", name.text)
            case .consent(let purpose): ("consent", purpose.text)
            case .reader: ("reader", nil)
            case .other(let kind, let name): (kind.text, name.text)
            }
        return ["kind": .string(kind), "name": .optional(name), "field": .string(key.field.text)]
    }

    static func json(_ time: WallTime?) -> JSONValue { time.map { .string(TimeText.timestamp($0)) } ?? .null }

    /// The rule of a merge, as a sentence.
    static func text(_ rule: MergeRule) -> String {
        switch rule {
        case .deliberateThenLater: "the more deliberate mark counts, then the later"
        case .savedWins: "saved wins"
        case .furthestWins: "the furthest place counts"
        case .addWins: "a tag that was put on stays"
        case .linesThenLater: "notes are merged by lines; where both wrote, the later is shown"
        case .unsubscribedWins: "unsubscribing wins"
        case .rarerHolds: "the rarer mailing holds until you decide"
        case .withdrawnWins: "withdrawing wins"
        case .confirmedWins: "confirmed once is confirmed"
        case .laterWins: "the later change counts"
        }
    }
}

/// Calls things, and the devices that spoke of them, by the names that a person knows.
struct EntityNaming: Sendable {
    private let title: @Sendable (ArticleID) -> String?
    /// What the reader's devices are called.
    let devices: DeviceNames

    /// Names articles by the titles that the replica holds.
    init(_ replica: Replica) {
        title = { id in (try? replica.article(id.description))?.summary.title }
        devices = (try? replica.deviceNames()) ?? DeviceNames()
    }

    /// A field of something, as part of a sentence.
    func text(_ key: RegisterKey) -> String {
        switch (key.entity, key.field) {
        case (.consent, .consent): text(key.entity)
        case (.newsletter, .subscribed): "subscription to \(text(key.entity))"
        case (.reader, .ageConfirmed): "your confirmation of age"
        default: "\(key.field.text) of \(text(key.entity))"
        }
    }

    func text(_ entity: Entity) -> String {
        switch entity {
        case .article(let id):
            String(id.description.prefix(7))
                + (title(id).map { " \(TextWidth.truncated(SafeText.line($0), to: 60))" } ?? "")
        case .newsletter(let name): "newsletter \(name.text)"
        case .consent(let purpose): "consent \(purpose.text)"
        case .reader: "you"
        case .other(let kind, let name): "\(kind.text) \(name.text)"
        }
    }
}
