import SQLiteReplica
import SyncCore
import TerminalText

/// Writes edits and says what came of them.
enum Recording {
    /// - Parameters:
    ///   - done: what was done to how many, such as `marked 2 articles read`.
    static func record(
        _ edits: [Edit], in replica: Replica, _ context: Context, articles: [ArticleID]? = nil,
        done: (Int) -> String
    ) throws {
        let progress = ProgressLine(context.output)
        defer { progress.finish() }
        let summary = try replica.record(many: edits, as: context.words, at: context.now) { done in
            progress.show(
                ProgressLine.Work(
                    doing: "marking", done: done.recorded + done.unchanged, total: edits.count, noun: "articles"))
            return true
        }
        progress.finish()
        var members: [String: JSONValue] = [
            "recorded": .count(summary.recorded), "unchanged": .count(summary.unchanged),
        ]
        if let articles { members["articles"] = .array(articles.map { .string($0.description) }) }
        context.output.result(
            .object(members),
            lines: context.output.isQuiet ? [] : [text(summary, done: done)])
    }

    private static func text(_ summary: RecordSummary, done: (Int) -> String) -> StyledText {
        guard summary.recorded > 0 else { return "nothing to change" }
        let rest = summary.unchanged > 0 ? " (\(summary.unchanged) already so)" : ""
        return StyledText(done(summary.recorded) + rest)
    }
}
