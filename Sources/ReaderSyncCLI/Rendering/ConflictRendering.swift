import SQLiteReplica
import SyncCore
import TerminalText

/// Differences between changes whose authors did not know of each other.
enum ConflictRendering {
    /// Those that are open.
    static func table(_ conflicts: [Conflict], naming: EntityNaming) -> Table {
        Table(
            columns: [
                Table.Column(title: "ID"), Table.Column(title: "FIELD"), Table.Column(title: "OF"),
                Table.Column(title: "SAID BY"), Table.Column(title: "SHOWN NOW", isFlexible: true),
            ],
            rows: conflicts.map { conflict in
                [
                    StyledText(conflict.id, .accent), StyledText(conflict.key.field.text),
                    StyledText(naming.text(conflict.key.entity)), StyledText(speakers(of: conflict, naming.devices)),
                    StyledText(
                        conflict.shown.map { ValueRendering.text($0, of: conflict.key.field) } ?? "nothing"),
                ]
            })
    }

    /// The devices that said something, each once.
    private static func speakers(of conflict: Conflict, _ devices: DeviceNames) -> String {
        var names: [String] = []
        for side in conflict.sides {
            let name = DeviceRendering.column(side.change.id.replica, isMine: side.isMine, devices)
            if !names.contains(name) { names.append(name) }
        }
        return names.joined(separator: ", ")
    }

    /// Each difference with what it came to, by which rule, and what lost.
    static func journal(_ conflicts: [Conflict], naming: EntityNaming, width: Int?) -> [StyledText] {
        conflicts.flatMap { conflict -> [StyledText] in
            let head =
                StyledText(conflict.id, .accent) + "  "
                + StyledText(text(conflict.state), conflict.state == .open ? .warning : .dim) + "  "
                + StyledText(naming.text(conflict.key))
            let field = conflict.key.field
            var lines = [head, StyledText("    came to: ", .dim) + value(conflict.settledOn, of: field)]
            lines += conflict.lost.map { side in
                StyledText("    lost:    ", .dim) + value(side.change.value, of: field)
                    + StyledText(" (\(who(side, naming.devices)), \(TimeText.local(side.change.stamp.wallTime)))", .dim)
            }
            lines.append(StyledText("    why:     ", .dim) + StyledText(why(conflict)))
            return width.map { width in lines.map { $0.truncated(to: width) } } ?? lines
        }
    }

    private static func value(_ value: Value?, of field: Field) -> StyledText {
        StyledText(value.map { ValueRendering.text($0, of: field) } ?? "nothing")
    }

    /// Why a difference came to what it came to.
    static func why(_ conflict: Conflict) -> String {
        switch conflict.state {
        case .open: rule(conflict) + ", until you decide"
        case .settled: rule(conflict)
        case .merged: "notes are merged by lines, and none were lost"
        case .resolved: "you decided" + (conflict.closed.map { " \(TimeText.local($0))" } ?? "")
        }
    }

    private static func rule(_ conflict: Conflict) -> String {
        ValueRendering.text(conflict.rule ?? conflict.key.field.mergeRule)
    }

    /// Who said something.
    static func who(_ side: ConflictSide, _ devices: DeviceNames) -> String {
        DeviceRendering.who(side.change.id.replica, isMine: side.isMine, devices)
    }

    static func lines(_ conflict: Conflict, naming: EntityNaming) -> [StyledText] {
        var result = [
            StyledText(conflict.id, .accent) + "  "
                + StyledText(naming.text(conflict.key), .bold),
            StyledText(
                "state: \(text(conflict.state)), since \(TimeText.local(conflict.opened))"
                    + (conflict.closed.map { ", until \(TimeText.local($0))" } ?? "")),
        ]
        if let rule = conflict.rule { result.append(StyledText("rule:  \(ValueRendering.text(rule))")) }
        for side in conflict.sides {
            let pending = side.sequence == nil ? ", not sent yet" : ""
            result += [
                "",
                StyledText(
                    "\(who(side, naming.devices)), \(TimeText.local(side.change.stamp.wallTime))\(pending):", .dim),
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

    static func json(_ conflict: Conflict, _ devices: DeviceNames) -> JSONValue {
        var members = ValueRendering.json(conflict.key)
        members["id"] = .string(conflict.id)
        members["state"] = .string(text(conflict.state))
        members["rule"] = .optional(conflict.rule?.rawValue)
        members["shown"] = ValueRendering.json(conflict.shown)
        members["opened"] = ValueRendering.json(conflict.opened)
        members["closed"] = ValueRendering.json(conflict.closed)
        members["settledOn"] = ValueRendering.json(conflict.settledOn)
        members["why"] = .string(why(conflict))
        members["sides"] = .array(conflict.sides.map { json($0, devices) })
        members["lost"] = .array(conflict.lost.map { json($0, devices) })
        return .object(members)
    }

    private static func json(_ side: ConflictSide, _ devices: DeviceNames) -> JSONValue {
        .object([
            "change": .string(side.change.id.description), "mine": .bool(side.isMine),
            "device": DeviceRendering.json(side.change.id.replica, devices),
            "at": ValueRendering.json(side.change.stamp.wallTime),
            "sequence": side.sequence.map { .count($0) } ?? .null,
            "value": ValueRendering.json(side.change.value),
        ])
    }
}
