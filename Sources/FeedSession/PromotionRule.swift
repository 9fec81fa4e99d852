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
/// - **headline**: begins with a call to subscribe, or names a subscription in one sentence with what it is offered for
///   ("for €9", "50% off"), a discount or a free trial. A number with a currency or a percent sign alone is news.
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
        "subscription", "subscriptions", "subscribe", "subscriber", "subscribers", "membership", "unlimited access",
        "digital access", "full access", "abo", "abonnement", "abonnieren", "probeabo", "digitalabo", "abbonamento",
        "suscripción", "suscripcion",
    ]

    private static let bargains = [
        "free trial", "gratis", "kostenlos", "gratuit", "gratuitement", "special offer", "discount", "rabatt",
        "half price", "months for", "monate für",
    ]

    /// What stands before the price of an offer; news says that something costs it.
    private static let leadsToPrice: Set<String> = [
        "for", "from", "only", "just", "für", "ab", "nur", "pour", "dès", "per",
    ]
    private static let reductions: Set<String> = [
        "off", "discount", "less", "rabatt", "günstiger", "reduction", "réduction",
    ]
    private static let currencies: Set<String> = [
        "€", "$", "£", "eur", "usd", "gbp", "chf", "euro", "euros", "dollars",
    ]

    private static func invites(_ text: String) -> Bool {
        let folded = fold(text)
        if calls.contains(where: { folded.hasPrefix($0) && isCall(folded.dropFirst($0.count)) }) { return true }
        // Both in one sentence: an article on taxes may mention a subscription further on.
        return sentences(folded).contains { words in
            let sentence = " " + words.joined(separator: " ") + " "
            return subscriptions.contains { sentence.contains(" \($0) ") } && isBargain(words, sentence)
        }
    }

    /// Whether the rest behind a call leaves it one: "Become a member of NATO" is none.
    private static func isCall(_ rest: Substring) -> Bool {
        rest.first.map { !$0.isLetter } ?? true && !rest.hasPrefix(" of ")
    }

    private static func isBargain(_ words: [Substring], _ sentence: String) -> Bool {
        if bargains.contains(where: { sentence.contains(" \($0) ") }) { return true }
        return words.indices.contains { index in
            let word = words[index]
            if word.hasSuffix("%"), word.first?.isNumber == true || word.first == "-" {
                return word.first == "-" || index + 1 < words.count && reductions.contains(String(words[index + 1]))
            }
            guard index > 0, leadsToPrice.contains(String(words[index - 1])) else { return false }
            let next = index + 1 < words.count ? String(words[index + 1]) : ""
            return isPrice(word)
                || word.allSatisfy { $0.isNumber || $0 == "." || $0 == "," } && currencies.contains(next)
                || currencies.contains(String(word)) && next.first?.isNumber == true
        }
    }

    /// An amount with the sign of its currency, on either side.
    private static func isPrice(_ word: Substring) -> Bool {
        word.contains(where: \.isNumber) && word.contains { $0 == "€" || $0 == "$" || $0 == "£" }
    }

    /// The words of each sentence without punctuation around them; a point within an amount ends no sentence.
    private static func sentences(_ folded: String) -> [[Substring]] {
        var sentences: [[Substring]] = [[]]
        for word in folded.split(separator: " ") {
            let isLast = word.last.map { ".!?:;".contains($0) } ?? false
            let bare = word.drop { "\"'(“„«‘".contains($0) }
            let end = bare.lastIndex { !".!?:;,\"')”»’".contains($0) }
            if let end { sentences[sentences.count - 1].append(bare[...end]) }
            if isLast { sentences.append([]) }
        }
        return sentences
    }

    private static func fold(_ text: String) -> String {
        text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
