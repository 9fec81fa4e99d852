import SQLiteReplica
import SyncCore
import TerminalText

/// Lists of articles.
enum ArticleRendering {
    /// One line an article: id, marks, age, headline.
    static func table(_ articles: [ArticleSummary], now: WallTime) -> Table {
        Table(
            columns: [
                Table.Column(title: ""), Table.Column(title: ""), Table.Column(title: ""),
                Table.Column(title: "", isFlexible: true),
            ],
            rows: articles.map { article in
                [
                    StyledText(article.shortID, .accent), marks(article),
                    StyledText(
                        age(article, now: now), .dim),
                    title(article),
                ]
            })
    }

    /// How old it is; of a day without a time of day, the day.
    static func age(_ article: ArticleSummary, now: WallTime) -> String {
        if article.isDayPrecise, let published = article.published { return TimeText.utcDate(published) }
        return (article.published ?? article.updated).map { TimeText.age($0, now: now) } ?? "-"
    }

    /// `*` unread, `s` saved, `n` note, `+` corrected since it was read, `$` subscribers only.
    static func marks(_ article: ArticleSummary) -> StyledText {
        StyledText(article.isRead ? "-" : "*", article.isRead ? .dim : .good)
            + StyledText(article.isSaved ? "s" : "-", article.isSaved ? .warning : .dim)
            + StyledText(article.hasNote ? "n" : "-", .dim)
            + StyledText(article.correctedSinceRead ? "+" : "-", .dim)
            + StyledText(article.access == .subscriber ? "$" : "-", .dim)
    }

    private static func title(_ article: ArticleSummary) -> StyledText {
        StyledText(article.kicker.map { $0 + ": " } ?? "", .dim)
            + StyledText(article.title, article.isRead ? .plain : .bold)
            + StyledText(article.tags.map { " #" + $0.text }.joined(), .accent)
            + StyledText(article.byline.isEmpty ? "" : " — " + article.byline, .dim)
    }

    /// What was found, with the words found in it.
    ///
    /// - Parameter width: the terminal's columns; `nil` where there is no terminal, and titles are not cut.
    static func lines(_ hit: SearchHit, width: Int?) -> [StyledText] {
        let head = StyledText(hit.article.shortID, .accent) + "  " + title(hit.article)
        var (snippet, style): (StyledText, StyledText.Style) = ("         ", .dim)
        var run = ""
        for scalar in hit.snippet.unicodeScalars {
            guard scalar == "\u{2}" || scalar == "\u{3}" else {
                run.unicodeScalars.append(scalar)
                continue
            }
            snippet = snippet + StyledText(run, style)
            (run, style) = ("", scalar == "\u{2}" ? .bold : .dim)
        }
        let piece = (snippet + StyledText(run, style)).truncated(to: max(width ?? 120, 40))
        return [width.map { head.truncated(to: max($0, 40)) } ?? head, piece]
    }

    static func json(_ article: ArticleSummary) -> [String: JSONValue] {
        [
            "id": .string(article.id.description), "shortId": .string(article.shortID),
            "publication": .string(article.publication.text), "kicker": .optional(article.kicker),
            "headline": .string(article.headline), "standfirst": .optional(article.standfirst),
            "byline": .string(article.byline), "section": .optional(article.section),
            "url": .optional(article.url),
            "published": ValueRendering.json(article.published), "publishedToDay": .bool(article.isDayPrecise),
            "updated": ValueRendering.json(article.updated),
            "access": .string(article.access.rawValue), "language": .optional(article.language),
            "read": .bool(article.isRead), "saved": .bool(article.isSaved),
            "progress": .count(article.progress),
            "tags": .array(article.tags.map { .string($0.text) }), "hasNote": .bool(article.hasNote),
            "correctedSinceRead": .bool(article.correctedSinceRead),
        ]
    }

    static func json(_ hit: SearchHit) -> JSONValue {
        var members = json(hit.article)
        let text = String(
            String.UnicodeScalarView(hit.snippet.unicodeScalars.filter { $0 != "\u{2}" && $0 != "\u{3}" }))
        members["snippet"] = .string(text)
        return .object(members)
    }
}
