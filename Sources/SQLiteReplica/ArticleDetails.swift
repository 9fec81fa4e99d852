import SyncCore

import struct FoundationEssentials.Data
import class FoundationEssentials.JSONDecoder

/// What is said of an article that no list needs and no condition asks about: one JSON object in a column.
struct ArticleDetails: Decodable {
    struct Related: Decodable {
        var url: String
        var id: String?
    }

    var authors: [Author]?
    var image: LeadImage?
    var enclosures: [Enclosure]?
    var related: [Related]?
    /// Whether the day alone of the publication means anything; absent: no.
    var dayPrecise: Bool?
    var extra: [String: JSONValue]?

    /// The column's text.
    static func text(of article: Article) -> String {
        var json = JSONWriter()
        json.raw("{")
        json.member("authors", first: true)
        json.array(article.authors) { $0.members([("name", $1.name), ("url", $1.url), ("bio", $1.bio)]) }
        if let image = article.image {
            json.member("image")
            json.members([
                ("url", image.url), ("caption", image.caption), ("credit", image.credit), ("alt", image.alt),
            ])
        }
        if !article.enclosures.isEmpty {
            json.member("enclosures")
            json.array(article.enclosures) { $0.enclosure($1) }
        }
        if !article.related.isEmpty {
            json.member("related")
            json.array(article.related) { $0.members([("url", $1.url), ("id", $1.id?.description)]) }
        }
        if article.isDayPrecise {
            json.member("dayPrecise")
            json.bool(true)
        }
        if !article.extra.isEmpty {
            json.member("extra")
            json.object(article.extra)
        }
        json.raw("}")
        return json.text
    }

    /// Puts what the column says into an article.
    static func fill(_ article: inout Article, from text: String) throws {
        let details = try JSONDecoder().decode(ArticleDetails.self, from: Data(text.utf8))
        article.authors = details.authors ?? []
        article.image = details.image
        article.enclosures = details.enclosures ?? []
        article.related = (details.related ?? []).map { related in
            RelatedArticle(url: related.url, id: related.id.flatMap { ArticleID($0) })
        }
        article.isDayPrecise = details.dayPrecise ?? false
        article.extra = details.extra ?? [:]
    }
}

extension JSONWriter {
    /// Writes an object of strings, without those that are absent.
    fileprivate mutating func members(_ members: [(name: StaticString, value: String?)]) {
        raw("{")
        var isFirst = true
        for (name, value) in members {
            guard let value else { continue }
            member(name, first: isFirst)
            string(value)
            isFirst = false
        }
        raw("}")
    }

    fileprivate mutating func enclosure(_ enclosure: Enclosure) {
        raw("{")
        member("url", first: true)
        string(enclosure.url)
        if let type = enclosure.type {
            member("type")
            string(type)
        }
        if let length = enclosure.length {
            member("length")
            number(length)
        }
        raw("}")
    }
}
