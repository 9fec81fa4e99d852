import SQLiteReplica
import SyncCore
import TerminalText

/// What was corrected from one revision of an article to the next.
enum RevisionRendering {
    /// Each held revision, the newest first, with the paragraphs that it took out and put in.
    static func lines(_ revisions: [ArticleRevision], width: Int) -> [StyledText] {
        let ordered = revisions.sorted { $0.revision < $1.revision }
        var result: [StyledText] = []
        for (index, revision) in ordered.enumerated().reversed() {
            let when = revision.updated.map { ", " + TimeText.local($0) } ?? ""
            result.append(StyledText("revision \(revision.revision)\(when)", .bold))
            result +=
                index > 0
                ? changes(from: ordered[index - 1], to: revision, width: width)
                : [StyledText("  \(revision.headline)"), StyledText("  the oldest that is held here", .dim)]
        }
        return result
    }

    private static func changes(from old: ArticleRevision, to new: ArticleRevision, width: Int)
        -> [StyledText]
    {
        let difference = paragraphs(new).difference(from: paragraphs(old))
        let lines = difference.flatMap { change -> [StyledText] in
            switch change {
            case .remove(_, let text, _): marked("- ", text, width, .bad)
            case .insert(_, let text, _): marked("+ ", text, width, .good)
            }
        }
        return lines.isEmpty ? [StyledText("  nothing in its text", .dim)] : lines
    }

    private static func marked(
        _ mark: String, _ text: String, _ width: Int, _ style: StyledText.Style
    ) -> [StyledText] {
        StyledText(text, style).wrapped(to: width - 4, keepsAddresses: true).enumerated().map { index, line in
            StyledText("  " + (index == 0 ? mark : "  "), style) + line
        }
    }

    private static func paragraphs(_ revision: ArticleRevision) -> [String] {
        ([revision.headline, revision.standfirst ?? ""].map { SafeText.line($0) }
            + SafeText.lines(revision.bodyText))
            .filter { !$0.isEmpty }
    }

    static func json(_ revision: ArticleRevision) -> JSONValue {
        .object([
            "revision": .count(revision.revision), "updated": ValueRendering.json(revision.updated),
            "headline": .string(revision.headline), "standfirst": .optional(revision.standfirst),
            "bodyText": .string(revision.bodyText), "bodyHTML": .string(revision.bodyHTML),
        ])
    }
}
