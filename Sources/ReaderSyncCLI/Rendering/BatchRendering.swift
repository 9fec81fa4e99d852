import SQLiteReplica
import SyncCore
import TerminalText

/// Commands that changed something, and what taking them back did.
enum BatchRendering {
    static func table(_ batches: [Batch]) -> Table {
        Table(
            columns: [
                Table.Column(title: "NUMBER", alignsRight: true), Table.Column(title: "WHEN"),
                Table.Column(title: "CHANGES", alignsRight: true), Table.Column(title: "COMMAND", isFlexible: true),
            ],
            rows: batches.map { batch in
                [
                    StyledText(String(batch.id), .accent), StyledText(TimeText.local(batch.at)),
                    StyledText(String(batch.changes)), title(batch),
                ]
            })
    }

    private static func title(_ batch: Batch) -> StyledText {
        StyledText(batch.command + (batch.undoes.map { " \($0)" } ?? ""), batch.undoneBy == nil ? .plain : .dim)
            + StyledText(batch.undoneBy.map { "  taken back by \($0)" } ?? "", .dim)
    }

    static func lines(_ summary: UndoSummary) -> [StyledText] {
        let lines = summary.undone.map { batch in
            StyledText(
                "took back '\(batch.command)' of \(TimeText.local(batch.at)): \(Plural.changes(batch.changes))")
        }
        let kept = summary.kept.map {
            StyledText("  \($0.field.text) stays: nothing was said of it before, or it is not in effect", .dim)
        }
        let left = summary.left.prefix(5).map { StyledText("  left alone: \($0.reason)", .dim) }
        let more = summary.left.count - left.count
        let rest = more > 0 ? [StyledText("  and \(more) more", .dim)] : []
        let refused = summary.refused.map { StyledText("\($0.reason.detail)") }
        let nothing = summary.recorded == 0 ? [StyledText("  nothing had to change", .dim)] : []
        return lines + kept.prefix(5) + left + rest + nothing + refused
    }

    static func json(_ batch: Batch) -> JSONValue {
        .object([
            "number": .count(batch.id), "command": .string(batch.command), "at": ValueRendering.json(batch.at),
            "changes": .count(batch.changes), "undoes": batch.undoes.map { .count($0) } ?? .null,
            "undoneBy": batch.undoneBy.map { .count($0) } ?? .null,
        ])
    }

    static func json(_ summary: UndoSummary) -> JSONValue {
        .object([
            "undone": .array(summary.undone.map { json($0) }), "recorded": .count(summary.recorded),
            "kept": .array(summary.kept.map { .object(ValueRendering.json($0)) }),
            "left": .array(
                summary.left.map {
                    .object(ValueRendering.json($0.key).merging(["reason": .string($0.reason)]) { $1 })
                }),
            "refused": .array(
                summary.refused.map {
                    .object(["number": .count($0.batch.id), "reason": .string($0.reason.detail)])
                }),
        ])
    }
}
