import SQLiteReplica
import SyncCore
import TerminalText

/// One article, to be read.
enum DetailRendering {
    static func lines(_ detail: ArticleDetail, _ related: RelatedReferences, width: Int) -> [StyledText] {
        head(detail, width: width) + body(detail, width: width) + foot(detail, related, width: width)
    }

    private static func head(_ detail: ArticleDetail, width: Int) -> [StyledText] {
        let summary = detail.summary
        var result: [StyledText] = []
        if let kicker = summary.kicker { result.append(StyledText(kicker, .accent)) }
        result += wrapped(summary.title, width, .bold)
        if let standfirst = detail.article.standfirstBesideText { result += wrapped(standfirst, width, .plain) }
        let facts = [
            summary.byline.isEmpty ? nil : "By \(summary.byline)", summary.section,
            summary.published.map { detail.article.isDayPrecise ? TimeText.utcDate($0) : TimeText.local($0) },
            summary.updated.flatMap { $0 == summary.published ? nil : "corrected \(TimeText.local($0))" },
            detail.article.revision > 1 ? "revision \(detail.article.revision)" : nil,
            access(summary.access),
            detail.article.isPromotion ? "promotion" : nil,
        ]
        result += wrapped(facts.compactMap { $0 }.joined(separator: " · "), width, .dim)
        result.append(StyledText(state(detail), .dim))
        return result + [""]
    }

    private static func access(_ access: ArticleAccess) -> String? {
        switch access {
        case .free: nil
        case .metered: "metered"
        case .subscriber: "for subscribers"
        }
    }

    private static func state(_ detail: ArticleDetail) -> String {
        let summary = detail.summary
        let read = summary.isRead ? "read" + (detail.readAt.map { " " + TimeText.local($0) } ?? "") : "unread"
        let facts = [
            summary.id.description, read, summary.correctedSinceRead ? "corrected since you read it (--changes)" : nil,
            summary.isSaved ? "saved" : nil,
            summary.progress > 0 ? ValueRendering.percent(summary.progress) : nil,
            summary.tags.isEmpty ? nil : summary.tags.map { "#" + $0.text }.joined(separator: " "),
        ]
        return facts.compactMap { $0 }.joined(separator: " · ")
    }

    private static func body(_ detail: ArticleDetail, width: Int) -> [StyledText] {
        if detail.isDropped {
            return [
                StyledText(
                    "It is older than what is kept here ('retain', 'feeds retain'): its text was dropped.", .warning),
                "",
            ]
        }
        if detail.isBodyAbsent {
            return [
                StyledText("The text of this article is not kept here ('sync --bodies').", .warning),
                StyledText("  → save it and sync, or sync with --bodies all", .dim), "",
            ]
        }
        if detail.isRemoved { return [StyledText("The publisher took this article back.", .warning), ""] }
        var result: [StyledText] = []
        if let image = detail.article.image {
            let caption = [image.caption ?? image.alt, image.credit.map { "(\($0))" }].compactMap { $0 }
            if !caption.isEmpty {
                result += wrapped("[image] " + caption.joined(separator: " "), width, .dim) + [""]
            }
        }
        for line in SafeText.lines(detail.article.bodyText) { result += wrapped(line, width, .plain) }
        return result + [""]
    }

    private static func foot(_ detail: ArticleDetail, _ related: RelatedReferences, width: Int) -> [StyledText] {
        var result: [StyledText] = []
        if let note = detail.note, !note.isEmpty {
            result.append(StyledText("Your note", .bold))
            result += SafeText.lines(note).flatMap { wrapped("  " + $0, width, .plain) }
            result.append("")
        }
        for author in detail.article.authors {
            if let bio = author.bio { result += wrapped("\(author.name): \(bio)", width, .dim) }
        }
        for (index, item) in related.items.enumerated() {
            let number = StyledText("related \(index + 1): ", .dim)
            if let shortID = item.shortID, let title = item.title {
                result.append(number + StyledText(shortID, .accent) + StyledText(" " + title))
            } else {
                result.append(number + StyledText(item.reference.url + " (not held here)", .dim))
            }
        }
        for enclosure in detail.article.enclosures {
            let facts = [enclosure.type, enclosure.length.map { "\($0) bytes" }].compactMap { $0 }
            result.append(StyledText("enclosed: \(enclosure.url) \(facts.joined(separator: ", "))", .dim))
        }
        if let url = detail.summary.url { result.append(StyledText(url, .accent)) }
        return result
    }

    private static func wrapped(_ text: String, _ width: Int, _ style: StyledText.Style) -> [StyledText] {
        StyledText(text, style).wrapped(to: width, keepsAddresses: true)
    }

    static func json(_ detail: ArticleDetail, _ related: RelatedReferences) -> JSONValue {
        let article = detail.article
        var members = ArticleRendering.json(detail.summary)
        members["guid"] = .string(article.guid)
        members["promotion"] = .bool(article.isPromotion)
        members["authors"] = .array(
            article.authors.map {
                .object(["name": .string($0.name), "url": .optional($0.url), "bio": .optional($0.bio)])
            })
        members["image"] =
            article.image.map {
                .object([
                    "url": .string($0.url), "caption": .optional($0.caption), "credit": .optional($0.credit),
                    "alt": .optional($0.alt),
                ])
            } ?? .null
        members["bodyHTML"] = .string(article.bodyHTML)
        members["bodyText"] = .string(article.bodyText)
        members["bodyHeld"] = .bool(!detail.isBodyAbsent && !detail.isRemoved)
        members["enclosures"] = .array(
            article.enclosures.map {
                .object([
                    "url": .string($0.url), "type": .optional($0.type),
                    "length": $0.length.map { .integer($0) } ?? .null,
                ])
            })
        members["related"] = .array(
            related.items.map { item in
                .object([
                    "url": .string(item.reference.url),
                    "id": .optional((item.held ?? item.reference.id)?.description), "held": .bool(item.held != nil),
                    "headline": .optional(item.title),
                ])
            })
        members["feeds"] = .array(article.feeds.map { .string($0.text) })
        members["revision"] = .count(article.revision)
        members["olderRevisions"] = .count(detail.olderRevisions)
        members["removed"] = .bool(detail.isRemoved)
        members["dropped"] = .bool(detail.isDropped)
        members["readAt"] = ValueRendering.json(detail.readAt)
        members["readBy"] = .optional(detail.readBy?.text)
        members["savedAt"] = ValueRendering.json(detail.savedAt)
        members["note"] = .optional(detail.note)
        return .object(members)
    }
}
