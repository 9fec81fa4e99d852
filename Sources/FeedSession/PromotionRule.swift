import FeedFormats
import SyncCore

/// Says whether an entry is the publisher's advertisement for its own subscription rather than an article. Such an entry
/// is kept and hidden, so that a wrong guess loses nothing.
///
/// A single sign never decides: magazines write about subscriptions, leagues have promotions, and a section may be
/// called "Offers". The address or the category must say it, *and* one other sign beside it:
///
/// - **address**: a path component, or the host's first label, is a word for subscribing (`/subscribe/`, `abo.`).
/// - **category**: a category is a word for advertising (`Promotion`, `Anzeige`).
/// - **headline**: begins with a call to subscribe, or names a subscription together with a price, a discount or a free
///   trial.
/// - **text**: a body of under 600 characters, or the standfirst of an entry without one, does the same. Longer texts do
///   not count: many an article ends with a call to subscribe.
enum PromotionRule {
    static let shortText = 600

    static func matches(_ entry: ParsedEntry) -> Bool {
        let address = entry.link.map(leadsToSubscribing) ?? false
        let category = entry.categories.contains { advertising.contains(fold($0)) }
        guard address || category else { return false }
        if address && category { return true }
        if invites(entry.headline) { return true }
        let text = entry.bodyText.isEmpty ? entry.standfirst ?? "" : entry.bodyText
        return text.utf8.count < shortText * 4 && text.count < shortText && invites(text)
    }

    private static let advertising: Set<String> = [
        "promotion", "promotions", "promo", "advertisement", "advertising", "advertorial", "sponsored", "anzeige",
        "anzeigen", "werbung", "eigenwerbung", "publicite", "publicité", "publireportage", "pubblicità", "publicidad",
        "advertentie",
    ]

    private static let subscribing: Set<String> = [
        "subscribe", "subscription", "subscriptions", "subscribe-now", "abo", "abos", "abonnement", "abonnements",
        "abonnieren", "abonner", "abonnez-vous", "abonneren", "abbonamenti", "abbonamento", "suscripcion",
        "suscripciones", "suscribete", "membership", "offer", "offers", "angebot", "angebote", "probeabo",
        "gift-subscription", "gift-subscriptions",
    ]

    private static func leadsToSubscribing(_ link: String) -> Bool {
        // The normal form has no scheme, query or fragment left to be mistaken for a part.
        let parts = ArticleGUID.normalised(link).prefix { $0 != "?" }.split(separator: "/")
        guard let host = parts.first else { return false }
        let label = host.prefix { $0 != "." }.lowercased()
        return label != host && subscribing.contains(label)
            || parts.dropFirst().contains { part in
                let word = part.lowercased()
                return subscribing.contains(word.hasSuffix(".html") ? String(word.dropLast(5)) : word)
            }
    }

    private static let calls = [
        "subscribe", "abonnieren sie", "jetzt abonnieren", "abonnez-vous", "abbonati", "suscribete", "suscríbete",
        "abonneer", "become a subscriber", "become a member", "get full access", "get unlimited access",
        "get digital access", "unlock unlimited", "join us for", "jetzt testen", "jetzt kostenlos testen",
        "give the gift of",
    ]

    private static let subscriptions = [
        "subscription", "subscribe", "subscriber", "membership", "unlimited access", "digital access", "full access",
        "abo ", "abonnement", "abonnieren", "probeabo", "digitalabo", "abbonamento", "suscripción", "suscripcion",
    ]

    private static let bargains = [
        "%", "€", "$", "£", "chf", "free trial", "gratis", "kostenlos", "gratuit", "special offer", "discount",
        "rabatt",
        "half price", "per month", "a month", "pro monat", "par mois", "months for", "monate für",
    ]

    private static func invites(_ text: String) -> Bool {
        let folded = fold(text) + " "
        if calls.contains(where: { folded.hasPrefix($0) && endsWord(folded, $0) }) { return true }
        return subscriptions.contains { folded.contains($0) } && bargains.contains { folded.contains($0) }
    }

    private static func endsWord(_ text: String, _ prefix: String) -> Bool {
        text.dropFirst(prefix.count).first.map { !$0.isLetter } ?? true
    }

    private static func fold(_ text: String) -> String {
        text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
