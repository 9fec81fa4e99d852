import SyncCore

/// A newsletter, as `newsletter list --json` prints it.
struct NewsletterJSON: Encodable {
    var id: String
    var title: String
    var summary: String
    var cadences: [String]

    init(_ newsletter: Newsletter) {
        (id, title, summary) = (newsletter.id.text, newsletter.title, newsletter.summary)
        cadences = newsletter.cadences.map(\.name.text)
    }
}

/// A wording, as `consent list --json` prints it.
struct WordingJSON: Encodable {
    var purpose: String
    var version: String
    var text: String
    var hash: String
    var policyVersion: String
    var termsVersion: String
    var polarity: String

    init(_ wording: ConsentWording) {
        (purpose, version, text, hash) = (wording.purpose.text, wording.version, wording.text, wording.hash)
        (policyVersion, termsVersion) = (wording.policyVersion, wording.termsVersion)
        polarity = wording.polarity.rawValue
    }
}
