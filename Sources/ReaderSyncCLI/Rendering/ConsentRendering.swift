import SQLiteReplica
import SyncCore
import TerminalText

/// The record of consents.
enum ConsentRendering {
    /// What was decided, under which words, where, and when by which clock.
    static func lines(_ record: ChangeRecord, _ devices: DeviceNames) -> [StyledText] {
        guard case .consent(let purpose) = record.change.key.entity,
            case .consent(let isGiven, let terms) = record.change.value
        else { return [] }
        let device = DeviceRendering.who(record.change.id.replica, isMine: record.isMine, devices)
        let place = [device, terms.surface.isEmpty ? nil : "on \(terms.surface)"]
        return [
            StyledText(purpose.text, .accent) + "  " + StyledText(isGiven ? "given" : "withdrawn", .bold)
                + StyledText("  \(words(terms))"),
            StyledText(
                "    \(TimeText.localWithZone(record.change.stamp.wallTime)), "
                    + place.compactMap { $0 }.joined(separator: " "), .dim),
            StyledText("    \(server(record))", .dim),
        ]
    }

    private static func words(_ terms: ConsentTerms) -> String {
        guard !terms.wordingVersion.isEmpty else { return "no wording was shown" }
        return "wording \(terms.wordingVersion) (\(terms.wordingHash)), privacy policy \(terms.policyVersion), "
            + "terms \(terms.termsVersion)"
    }

    /// What became of it at the server.
    private static func server(_ record: ChangeRecord) -> String {
        switch record.state {
        case .pending: "not sent yet"
        case .setAside: "not taken by the server"
        case .dropped: "not taken by the server, and let go"
        case .current, .superseded:
            if let received = record.received {
                "taken by the server \(TimeText.localWithZone(received))"
            } else if record.sequence != nil {
                "taken by the server"
            } else {
                "replaced before it was sent"
            }
        }
    }

    static func json(_ record: ChangeRecord, _ devices: DeviceNames) -> JSONValue {
        var members: [String: JSONValue] = [
            "at": ValueRendering.json(record.change.stamp.wallTime), "received": ValueRendering.json(record.received),
            "replica": .string(record.change.id.replica.description), "mine": .bool(record.isMine),
            "device": DeviceRendering.json(record.change.id.replica, devices),
            "state": .string(LogRendering.text(record.state)), "place": .count(record.place),
        ]
        if case .consent(let purpose) = record.change.key.entity { members["purpose"] = .string(purpose.text) }
        if case .consent(let isGiven, let terms) = record.change.value {
            members["given"] = .bool(isGiven)
            members["terms"] = ValueRendering.json(terms)
        }
        return .object(members)
    }
}
