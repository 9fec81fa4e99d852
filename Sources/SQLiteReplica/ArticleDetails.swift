import SyncCore
import SyncProtocol

/// What is said of an article that no list needs and no condition asks about: one JSON object in a column.
struct ArticleDetails {
    var authors: [Author]
    var image: LeadImage?
    var enclosures: [Enclosure]
    var related: [RelatedArticle]
    /// Whether the day alone of the publication means anything; absent: no.
    var dayPrecise: Bool
    var extra: [String: JSONValue]

    /// The column's text.
    static func text(of article: Article) -> String {
        var writer = JSONWriter()
        ArticleDetails(
            authors: article.authors, image: article.image, enclosures: article.enclosures,
            related: article.related, dayPrecise: article.isDayPrecise, extra: article.extra
        ).write(to: &writer)
        return writer.text
    }

    /// The picture that the column names.
    static func leadImage(in text: String) throws(WireError) -> LeadImage? {
        try WireCodec.decode(ArticleDetails.self, from: text).image
    }

    /// Puts what the column says into an article.
    static func fill(_ article: inout Article, from text: String) throws(WireError) {
        let details = try WireCodec.decode(ArticleDetails.self, from: text)
        article.authors = details.authors
        article.image = details.image
        article.enclosures = details.enclosures
        article.related = details.related
        article.isDayPrecise = details.dayPrecise
        article.extra = details.extra
    }
}

extension ArticleDetails: WireMessage {
    init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        authors = try members.readIfPresent("authors") ?? []
        image = try members.readIfPresent("image")
        enclosures = try members.readIfPresent("enclosures") ?? []
        related = try members.readIfPresent("related") ?? []
        dayPrecise = try members.readIfPresent("dayPrecise") ?? false
        extra = try members.readIfPresent("extra") ?? [:]
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("authors", authors)
            if dayPrecise { writer.member("dayPrecise", true) }
            if !enclosures.isEmpty { writer.member("enclosures", enclosures) }
            if !extra.isEmpty { writer.member("extra", extra) }
            writer.member("image", image)
            if !related.isEmpty { writer.member("related", related) }
        }
    }
}
