import SQLiteReplica
import SyncCore
import TerminalText

/// The history of changes, and those that were set aside.
enum LogRendering {
    static func table(_ records: [ChangeRecord], naming: EntityNaming) -> Table {
        Table(
            columns: [
                Table.Column(title: "PLACE", alignsRight: true), Table.Column(title: "WHEN"),
                Table.Column(title: "WHO"), Table.Column(title: "COMMAND"), Table.Column(title: "STATE"),
                Table.Column(title: "SET TO"),
                Table.Column(title: "OF", isFlexible: true),
            ],
            rows: records.map { record in
                [
                    StyledText(String(record.place), .dim),
                    StyledText(TimeText.local(record.change.stamp.wallTime)),
                    StyledText(
                        DeviceRendering.column(
                            record.change.id.replica, isMine: record.isMine, naming.devices)),
                    StyledText(
                        [record.batch.map(String.init), record.command].compactMap { $0 }.joined(separator: " "), .dim),
                    StyledText(text(record.state), record.state == .current ? .plain : .dim),
                    StyledText(ValueRendering.text(record.change.value, of: record.change.key.field))
                        .truncated(to: 40),
                    StyledText(naming.text(record.change.key.entity)),
                ]
            })
    }

    static func text(_ state: ChangeRecord.State) -> String {
        switch state {
        case .pending: "pending"
        case .current: "current"
        case .superseded: "superseded"
        case .setAside: "set aside"
        case .dropped: "dropped"
        }
    }

    static func json(_ change: Change) -> [String: JSONValue] {
        var members = ValueRendering.json(change.key)
        members["replica"] = .string(change.id.replica.description)
        members["number"] = change.id.isNumbered ? .count(change.id.number) : .null
        members["at"] = ValueRendering.json(change.stamp.wallTime)
        members["value"] = ValueRendering.json(change.value)
        return members
    }

    static func json(_ record: ChangeRecord, _ devices: DeviceNames) -> JSONValue {
        var members = json(record.change)
        members["place"] = .count(record.place)
        members["state"] = .string(text(record.state))
        members["sequence"] = record.sequence.map { .count($0) } ?? .null
        members["received"] = ValueRendering.json(record.received)
        members["mine"] = .bool(record.isMine)
        members["device"] = DeviceRendering.json(record.change.id.replica, devices)
        members["batch"] = record.batch.map { .count($0) } ?? .null
        members["command"] = .optional(record.command)
        return .object(members)
    }

    static func table(_ changes: [SetAsideChange], naming: EntityNaming) -> Table {
        Table(
            columns: [
                Table.Column(title: "PLACE", alignsRight: true), Table.Column(title: "SET TO"),
                Table.Column(title: "OF"), Table.Column(title: "WHY", isFlexible: true),
            ],
            rows: changes.map { aside in
                [
                    StyledText(String(aside.place), .accent),
                    StyledText(ValueRendering.text(aside.change.value, of: aside.change.key.field))
                        .truncated(to: 40),
                    StyledText(naming.text(aside.change.key.entity)), StyledText(aside.detail),
                ]
            })
    }

    static func json(_ aside: SetAsideChange) -> JSONValue {
        var members = json(aside.change)
        members["place"] = .count(aside.place)
        members["reason"] = .string(aside.code.rawValue)
        members["detail"] = .string(aside.detail)
        members["setAside"] = ValueRendering.json(aside.at)
        return .object(members)
    }
}
