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
    ) async throws {
        let summary = try await all(edits, in: replica, context)
        let count = summary.recorded + summary.unchanged
        guard count == edits.count else {
            throw CommandFailure(
                .interrupted, "interrupted", "stopped: \(done(summary.recorded)), \(edits.count - count) to go",
                remedy: "the same command goes on; '\(context.command("undo"))' takes back what was done")
        }
        var members: [String: JSONValue] = [
            "recorded": .count(summary.recorded), "unchanged": .count(summary.unchanged),
        ]
        if let articles { members["articles"] = .array(articles.map { .string($0.description) }) }
        context.output.result(
            .object(members),
            lines: context.output.isQuiet ? [] : [text(summary, done: done)])
    }

    /// Records all edits, unless Ctrl-C stops that between two transactions.
    private static func all(_ edits: [Edit], in replica: Replica, _ context: Context) async throws -> RecordSummary {
        let (words, now) = (context.words, context.now)
        guard edits.count > Replica.largestPart else { return try replica.record(edits, as: words, at: now) }
        let progress = ProgressLine(context.output)
        defer { progress.finish() }
        return try await context.interruptible {
            try replica.record(many: edits, as: words, at: now) { done in
                progress.show(
                    ProgressLine.Work(
                        doing: "marking", done: done.recorded + done.unchanged, total: edits.count, noun: "articles"))
                return !Task.isCancelled
            }
        }
    }

    private static func text(_ summary: RecordSummary, done: (Int) -> String) -> StyledText {
        guard summary.recorded > 0 else { return "nothing to change" }
        let rest = summary.unchanged > 0 ? " (\(summary.unchanged) already so)" : ""
        return StyledText(done(summary.recorded) + rest)
    }
}
