import FeedEngine
import FeedFormats
import FeedSession
import SyncCore
import TerminalText

/// A feed as we understand it, for those who wonder why it looks odd.
enum FeedCheckRendering {
    /// One document: `feed`, `entries`, `warnings`. `Protocol/cli/feeds-check.json` describes it.
    static func json(_ parsed: ParsedFeed, _ reading: FeedReading, source: String) -> JSONValue {
        let articles = articles(reading)
        return .object([
            "source": .string(source), "feed": json(parsed, reading),
            "entries": .array(parsed.entries.enumerated().map { json($1, articles[$0]) }),
            "warnings": .array(
                parsed.warnings.map { warning in
                    .object([
                        "code": .string(warning.code.rawValue), "message": .string(warning.message),
                        "entry": warning.entry.map { .count($0) } ?? .null,
                    ])
                }),
            "damaged": .bool(parsed.isDamaged), "cut": .bool(parsed.isCut),
        ])
    }

    private static func json(_ parsed: ParsedFeed, _ reading: FeedReading) -> JSONValue {
        let hints = parsed.hints
        var members: [String: JSONValue] = [
            "title": .string(parsed.title), "link": .optional(parsed.siteURL), "feedUrl": .optional(parsed.feedURL),
            "description": .optional(parsed.description), "language": .optional(parsed.language),
            "icon": .optional(parsed.iconURL), "format": .string(parsed.format.rawValue),
            "version": .string(parsed.version), "encoding": .string(parsed.encoding),
            "publication": .string(reading.publication.id.text),
            "lifetimeSeconds": hints.lifetime.map { .count($0 / 1_000) } ?? .null,
            "skipHours": .array(hints.skippedHours.sorted().map { .count($0) }),
            "skipDays": .array(hints.skippedDays.sorted().map { .count($0) }),
            "movedTo": .optional(hints.newURL), "finished": .bool(hints.isFinished),
        ]
        members["authors"] = .array(parsed.authors.map { json($0) })
        members["categories"] = .array(parsed.categories.map { .string($0) })
        members["published"] = time(parsed.published)
        members["updated"] = time(parsed.updated)
        return .object(members)
    }

    /// What the reading made of each entry, by position; nothing of those it left out.
    private static func articles(_ reading: FeedReading) -> [Int: Article] {
        var result: [Int: Article] = [:]
        for article in reading.articles {
            if let position = article.position { result[position] = article.article }
        }
        return result
    }

    private static func json(_ entry: ParsedEntry, _ article: Article?) -> JSONValue {
        var members = said(entry)
        members["id"] = .optional(entry.guid ?? article?.guid ?? entry.link)
        members["articleId"] = .optional(article?.id.description)
        members["kicker"] = .optional(article?.kicker ?? entry.kicker)
        members["promotion"] = .bool(article?.isPromotion ?? false)
        return .object(members)
    }

    private static func said(_ entry: ParsedEntry) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "guid": .optional(entry.guid), "guidIsPermalink": .bool(entry.guidIsPermalink),
            "link": .optional(entry.link), "title": .string(entry.headline), "section": .optional(entry.section),
            "publishedToDay": .bool(entry.publishedHasDayPrecision), "standfirst": .optional(entry.standfirst),
            "content": .optional(entry.bodyHTML), "text": .string(entry.bodyText),
            "comments": .optional(entry.commentsURL), "access": .string(entry.access.rawValue),
            "language": .optional(entry.language),
        ]
        members["authors"] = .array(entry.authors.map { json($0) })
        members["categories"] = .array(entry.categories.map { .string($0) })
        members["published"] = time(entry.published)
        members["updated"] = time(entry.updated)
        members["summary"] = .optional(entry.summaryHTML ?? entry.bodyHTML ?? entry.standfirst)
        members["image"] = entry.leadImage.map { json($0) } ?? .null
        members["enclosures"] = .array(entry.enclosures.map { json($0) })
        members["related"] = .array(entry.relatedLinks.map { .string($0) })
        return members
    }

    private static func json(_ author: ParsedAuthor) -> JSONValue {
        .object([
            "name": .string(author.name), "url": .optional(author.url), "email": .optional(author.mail),
            "bio": .optional(author.bio),
        ])
    }

    private static func json(_ image: ParsedImage) -> JSONValue {
        .object([
            "url": .string(image.url), "caption": .optional(image.caption), "credit": .optional(image.credit),
            "alt": .optional(image.alt),
        ])
    }

    private static func json(_ enclosure: ParsedEnclosure) -> JSONValue {
        .object([
            "url": .string(enclosure.url), "type": .optional(enclosure.type),
            "length": enclosure.length.map { .integer($0) } ?? .null,
        ])
    }

    private static func time(_ milliseconds: Int64?) -> JSONValue {
        ValueRendering.json(milliseconds.map { WallTime(milliseconds: $0) })
    }

    /// The same for people: the feed, its entries a few lines each, what was odd.
    static func lines(_ parsed: ParsedFeed, _ reading: FeedReading, now: WallTime) -> [StyledText] {
        let articles = articles(reading)
        var result = [StyledText(parsed.title.isEmpty ? "(no title)" : parsed.title, .bold)]
        let facts: [(String, String?)] = [
            ("format", "\(name(of: parsed.format)) \(parsed.version)"), ("encoding", parsed.encoding),
            ("link", parsed.siteURL), ("feed", parsed.feedURL), ("language", parsed.language),
            ("description", parsed.description), ("moved to", parsed.hints.newURL),
        ]
        for case (let name, let value?) in facts { result.append(StyledText("  \(name): ", .dim) + StyledText(value)) }
        result.append(StyledText("  \(Plural.of(parsed.entries.count, "entry", "entries"))", .dim))
        for (index, entry) in parsed.entries.enumerated() {
            result.append("")
            let mark =
                articles[index]?.isPromotion == true ? StyledText(" (promotion, hidden)", .warning) : ""
            result.append(
                StyledText(entry.kicker.map { $0 + ": " } ?? "", .dim)
                    + StyledText(entry.headline.isEmpty ? "(no title)" : entry.headline, .bold) + mark)
            result += lines(of: entry)
        }
        guard !parsed.warnings.isEmpty else { return result }
        result += ["", StyledText("What is odd", .bold)]
        result += parsed.warnings.map { warning in
            let place = warning.entry.map { "entry \($0 + 1): " } ?? ""
            return StyledText("  \(warning.code.rawValue): ", .warning) + StyledText(place + warning.message)
        }
        return result
    }

    private static func lines(of entry: ParsedEntry) -> [StyledText] {
        let published = entry.published.map { WallTime(milliseconds: $0) }
        let facts: [(String, String?)] = [
            ("guid", entry.guid), ("link", entry.link),
            ("by", entry.authors.isEmpty ? nil : entry.authors.map(\.name).joined(separator: ", ")),
            (
                "published",
                published.map { entry.publishedHasDayPrecision ? TimeText.utcDate($0) : TimeText.timestamp($0) }
            ),
            ("updated", entry.updated.map { TimeText.timestamp(WallTime(milliseconds: $0)) }),
            ("standfirst", entry.standfirst),
            ("text", entry.bodyText.isEmpty ? nil : "\(entry.bodyText.count) characters"),
            ("image", entry.leadImage?.url),
            ("enclosed", entry.enclosures.isEmpty ? nil : entry.enclosures.map(\.url).joined(separator: " ")),
        ]
        return facts.compactMap { name, value in
            value.map { StyledText("  \(name): ", .dim) + StyledText($0) }
        }
    }

    private static func name(of format: FeedFormat) -> String {
        switch format {
        case .rss: "RSS"
        case .rdf: "RSS (RDF)"
        case .atom: "Atom"
        case .cdf: "CDF"
        case .json: "JSON Feed"
        }
    }
}
