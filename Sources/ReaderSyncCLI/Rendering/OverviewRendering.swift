import SQLiteReplica
import SyncCore
import TerminalText

/// Newsletters and consents.
enum OverviewRendering {
    static func lines(_ newsletter: NewsletterOverview) -> [StyledText] {
        let offer = newsletter.newsletter
        let state = StyledText(
            newsletter.isSubscribed ? "subscribed" : "not subscribed", newsletter.isSubscribed ? .good : .dim)
        let facts = [
            newsletter.isOffered ? nil : "no longer offered",
            newsletter.isSubscribed ? newsletter.frequency?.name.text : nil,
            newsletter.hasConflict ? "conflict" : nil,
        ]
        let rest = facts.compactMap { $0 }.map { ", " + $0 }.joined()
        let head = StyledText(offer.id.text, .accent) + "  " + StyledText(offer.title, .bold) + "  " + state
        var lines = [head + StyledText(rest)]
        if newsletter.isOffered {
            if !offer.summary.isEmpty { lines.append(StyledText("    \(offer.summary)", .dim)) }
            let cadences = offer.cadences.map(\.name.text).joined(separator: ", ")
            lines.append(StyledText("    on offer: \(cadences)", .dim))
        }
        if let delivery = delivery(newsletter) {
            lines.append(StyledText("    the server says: \(delivery.text)", delivery.style))
        }
        if newsletter.isPending {
            lines.append(StyledText("    only on this device until the next sync", .warning))
        }
        return lines
    }

    private static func delivery(_ newsletter: NewsletterOverview) -> (text: String, style: StyledText.Style)? {
        switch newsletter.delivery {
        case .pendingConfirmation: ("waits for the link in the confirmation mail", .warning)
        case .active: ("active", .good)
        case .bounced: ("mails come back; look at your address there", .bad)
        case nil:
            newsletter.isSubscribed && newsletter.isOffered && !newsletter.isPending
                ? ("requested, nothing more yet", .dim) : nil
        }
    }

    static func json(_ newsletter: NewsletterOverview) -> JSONValue {
        .object([
            "id": .string(newsletter.newsletter.id.text), "title": .string(newsletter.newsletter.title),
            "summary": .string(newsletter.newsletter.summary),
            "cadences": .array(newsletter.newsletter.cadences.map { .string($0.name.text) }),
            "offered": .bool(newsletter.isOffered), "subscribed": .bool(newsletter.isSubscribed),
            "frequency": .optional(newsletter.frequency?.name.text),
            "delivery": .optional(newsletter.delivery?.rawValue), "pending": .bool(newsletter.isPending),
            "conflict": .bool(newsletter.hasConflict),
        ])
    }

    static func lines(_ consent: ConsentOverview) -> [StyledText] {
        let state: StyledText =
            switch consent.isGiven {
            case true?: StyledText("given", .good)
            case false?: "withdrawn"
            case nil: StyledText("never given", .dim)
            }
        let facts = [
            consent.decidedAt.map { TimeText.local($0) },
            consent.terms.map { "wording \($0.wordingVersion)" },
            consent.isOutdated ? "the wording has changed since" : nil,
            consent.isPending ? "not sent yet" : nil, consent.hasConflict ? "conflict" : nil,
        ]
        let rest = facts.compactMap { $0 }.filter { $0 != "wording " }.map { ", " + $0 }.joined()
        return [StyledText(consent.purpose.text, .accent) + "  " + state + StyledText(rest)]
    }

    static func json(_ consent: ConsentOverview) -> JSONValue {
        .object([
            "purpose": .string(consent.purpose.text), "given": consent.isGiven.map { .bool($0) } ?? .null,
            "terms": ValueRendering.json(consent.terms), "decided": ValueRendering.json(consent.decidedAt),
            "wording": consent.wording.map { json($0) } ?? .null, "outdated": .bool(consent.isOutdated),
            "pending": .bool(consent.isPending), "conflict": .bool(consent.hasConflict),
        ])
    }

    static func json(_ wording: ConsentWording) -> JSONValue {
        .object([
            "version": .string(wording.version), "text": .string(wording.text), "hash": .string(wording.hash),
            "policyVersion": .string(wording.policyVersion), "termsVersion": .string(wording.termsVersion),
        ])
    }
}
