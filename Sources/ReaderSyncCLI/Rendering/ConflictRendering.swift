import SQLiteReplica
import SyncCore
import TerminalText

/// Differences between changes whose authors did not know of each other.
enum ConflictRendering {
    static func table(_ conflicts: [Conflict], naming: EntityNaming) -> Table {
        Table(
            columns: [
                Table.Column(title: "ID"), Table.Column(title: "STATE"), Table.Column(title: "FIELD"),
                Table.Column(title: "OF"), Table.Column(title: "SHOWN NOW", isFlexible: true),
            ],
            rows: conflicts.map { conflict in
                [
                    StyledText(conflict.id, .accent),
                    StyledText(text(conflict.state), conflict.state == .open ? .warning : .dim),
                    StyledText(conflict.key.field.text), StyledText(naming.text(conflict.key.entity)),
                    StyledText(
                        conflict.shown.map { ValueRendering.text($0, of: conflict.key.field) } ?? "nothing"),
                ]
            })
    }

    static func lines(_ conflict: Conflict, naming: EntityNaming) -> [StyledText] {
        var result = [
            StyledText(conflict.id, .accent) + "  "
                + StyledText("\(conflict.key.field.text) of \(naming.text(conflict.key.entity))", .bold),
            StyledText(
                "state: \(text(conflict.state)), since \(TimeText.local(conflict.opened))"
                    + (conflict.closed.map { ", until \(TimeText.local($0))" } ?? "")),
        ]
        if let rule = conflict.rule { result.append(StyledText("rule:  \(ValueRendering.text(rule))")) }
        for side in conflict.sides {
            let who =
                side.isMine
                ? "this device" : "another device (\(String(side.change.id.replica.description.prefix(6))))"
            let pending = side.sequence == nil ? ", not sent yet" : ""
            result += [
                "", StyledText("\(who), \(TimeText.local(side.change.stamp.wallTime))\(pending):", .dim),
            ]
            result += indented(ValueRendering.text(side.change.value, of: side.change.key.field))
        }
        if let shown = conflict.shown {
            result += ["", StyledText("shown now:", .dim)]
            result += indented(ValueRendering.text(shown, of: conflict.key.field))
        }
        return result
    }

    private static func indented(_ text: String) -> [StyledText] {
        SafeText.lines(text).map { StyledText("  " + $0) }
    }

    static func text(_ state: Conflict.State) -> String {
        switch state {
        case .open: "open"
        case .settled: "settled"
        case .merged: "merged"
        case .resolved: "resolved"
        }
    }

    static func json(_ conflict: Conflict) -> JSONValue {
        var members = ValueRendering.json(conflict.key)
        members["id"] = .string(conflict.id)
        members["state"] = .string(text(conflict.state))
        members["rule"] = .optional(conflict.rule?.rawValue)
        members["shown"] = ValueRendering.json(conflict.shown)
        members["opened"] = ValueRendering.json(conflict.opened)
        members["closed"] = ValueRendering.json(conflict.closed)
        members["sides"] = .array(
            conflict.sides.map { side in
                .object([
                    "change": .string(side.change.id.description), "mine": .bool(side.isMine),
                    "at": ValueRendering.json(side.change.stamp.wallTime),
                    "sequence": side.sequence.map { .count($0) } ?? .null,
                    "value": ValueRendering.json(side.change.value),
                ])
            })
        return .object(members)
    }
}
