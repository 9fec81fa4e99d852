import SQLiteReplica
import SyncCore
import SyncEngine
import SyncSession
import TerminalText

/// What a sync did, or would do.
enum SyncRendering {
    static func lines(_ report: SyncReport) -> [StyledText] {
        let (state, catalog) = (report.state, report.catalog)
        let facts: [(Int, String)] = [
            (state.acknowledged, "sent \(Plural.changes(state.acknowledged))"),
            (state.received, "received \(Plural.changes(state.received)) from other devices"),
            (catalog.added, Plural.of(catalog.added, "new article")),
            (catalog.corrected, "\(catalog.corrected) corrected"),
            (catalog.removed, "\(catalog.removed) taken back"),
            (state.opened, Plural.of(state.opened, "new conflict")),
            (state.settled, "\(Plural.of(state.settled, "difference")) settled by rule"),
            (report.resolvedByPolicy, "\(report.resolvedByPolicy) settled as you asked"),
            (state.setAside, "\(Plural.changes(state.setAside)) set aside by the server"),
            (report.offered, "\(Plural.changes(report.offered)) offered again"),
        ]
        let said = facts.filter { $0.0 > 0 }.map(\.1)
        // What is held back is new, and is said where it is said what to do about it.
        let isSilent = said.isEmpty && report.held != nil
        var result = isSilent ? [] : [StyledText(said.isEmpty ? "nothing new" : said.joined(separator: ", "))]
        result += report.repairs.map { StyledText(text($0), .warning) }
        let unreadable = report.unreadable.count + catalog.unreadable
        if unreadable > 0 {
            result.append(StyledText("skipped \(Plural.of(unreadable, "row")) that cannot be read", .warning))
            result += report.unreadable.prefix(5).map { StyledText("  " + $0, .dim) }
        }
        return result
    }

    /// What each device would turn over.
    static func lines(_ flips: Flips, _ devices: DeviceNames) -> [String] {
        flips.devices.map { device in
            let facts = [
                (device.toUnread, "read → unread"), (device.toRead, "unread → read"),
                (device.toUnsaved, "saved → not saved"),
            ]
            let said = facts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
            return "\(DeviceRendering.who(device.replica, isMine: false, devices)): \(said)"
        }
    }

    static func json(_ flips: Flips, _ devices: DeviceNames) -> JSONValue {
        .object([
            "total": .count(flips.total), "marks": .count(flips.marks), "held": .bool(flips.isHeld),
            "devices": .array(
                flips.devices.map {
                    .object([
                        "replica": .string($0.replica.description),
                        "device": DeviceRendering.json($0.replica, devices), "toUnread": .count($0.toUnread),
                        "toRead": .count($0.toRead), "toUnsaved": .count($0.toUnsaved),
                    ])
                }),
        ])
    }

    private static func text(_ repair: SyncReport.Repair) -> String {
        switch repair {
        case .remoteRestored:
            "the server had come back from an older backup; what it lost and this replica had, it has again"
        case .snapshotTaken: "this replica had not synced for long; all your marks were fetched anew"
        case .identityRenewed:
            "this replica was a copy of another, or restored from a backup; it goes on under a new identity"
        case .catalogReplaced: "a publication's history was replaced; it was fetched anew"
        }
    }

    static func json(_ report: SyncReport, _ devices: DeviceNames) -> JSONValue {
        .object([
            "sent": .count(report.state.acknowledged), "received": .count(report.state.received),
            "newArticles": .count(report.catalog.added), "corrected": .count(report.catalog.corrected),
            "removed": .count(report.catalog.removed), "newConflicts": .count(report.state.opened),
            "settled": .count(report.state.settled), "resolvedByPolicy": .count(report.resolvedByPolicy),
            "setAside": .count(report.state.setAside), "offered": .count(report.offered),
            "repairs": .array(report.repairs.map { .string($0.rawValue) }),
            "unreadable": .array(report.unreadable.map { .string($0) }), "requests": .count(report.requests),
            "complete": .bool(report.failure == nil && report.held == nil),
            "held": report.held.map { json($0, devices) } ?? .null,
        ])
    }

    /// Most changes that are spelt out in a preview.
    static let previewLines = 20

    static func lines(_ preview: SyncPreview, naming: EntityNaming) -> [StyledText] {
        let state = preview.state
        var result = [StyledText("would send \(Plural.changes(state.outgoing.count))", .bold)]
        result += changes(state.outgoing, naming: naming)
        result.append(
            StyledText(
                "would receive \(Plural.changes(state.incoming.count))\(preview.isPartial ? " or more" : "") and \(preview.articles == 1 ? "1 entry" : "\(preview.articles) entries") of article history",
                .bold))
        result += changes(state.incoming.map(\.change), naming: naming)
        if state.flips.total > 0 {
            result.append(
                StyledText(
                    "would turn over \(state.flips.total)\(preview.isPartial ? " or more" : "") of \(Plural.of(state.flips.marks, "mark"))",
                    .bold))
            result += lines(state.flips, naming.devices).map {
                StyledText("  " + $0, state.flips.isHeld ? .warning : .plain)
            }
        }
        let open = state.differences.filter { $0.kind == .open }
        let settled = state.differences.filter { $0.kind != .open }
        result.append(StyledText("would open \(Plural.of(open.count, "conflict"))", .bold))
        result += differences(open, .warning, naming: naming)
        if !settled.isEmpty {
            result.append(StyledText("would settle by rule \(Plural.of(settled.count, "difference"))", .bold))
            result += differences(settled, .dim, naming: naming)
        }
        return result
    }

    private static func differences(
        _ differences: [StatePreview.Difference], _ style: StyledText.Style, naming: EntityNaming
    ) -> [StyledText] {
        let lines = differences.prefix(previewLines).map { difference in
            let field = difference.key.field
            let before = difference.before.map { ValueRendering.text($0, of: field) } ?? "nothing"
            let after = ValueRendering.text(difference.after, of: field)
            let rule = difference.rule.map { " (\(ValueRendering.text($0)))" } ?? ""
            return StyledText(
                "  \(naming.text(difference.key.entity)): \(field.text): \(before) → \(after)\(rule)", style)
        }
        let rest = differences.count - lines.count
        return rest > 0 ? lines + [StyledText("  and \(rest) more", .dim)] : lines
    }

    private static func changes(_ changes: [Change], naming: EntityNaming) -> [StyledText] {
        let lines = changes.prefix(previewLines).map { change in
            StyledText(
                "  \(naming.text(change.key.entity)): \(ValueRendering.text(change.value, of: change.key.field))"
            )
        }
        let rest = changes.count - lines.count
        return rest > 0 ? lines + [StyledText("  and \(rest) more", .dim)] : lines
    }

    static func json(_ preview: SyncPreview, _ devices: DeviceNames) -> JSONValue {
        .object([
            "outgoing": .array(preview.state.outgoing.map { .object(LogRendering.json($0)) }),
            "incoming": .array(preview.state.incoming.map { .object(LogRendering.json($0.change)) }),
            "differences": .array(
                preview.state.differences.map { difference in
                    var members = ValueRendering.json(difference.key)
                    members["before"] = ValueRendering.json(difference.before)
                    members["after"] = ValueRendering.json(difference.after)
                    members["kind"] = .string(difference.kind.rawValue)
                    members["rule"] = .optional(difference.rule?.rawValue)
                    return .object(members)
                }),
            "flips": json(preview.state.flips, devices), "articleEntries": .count(preview.articles),
            "partial": .bool(preview.isPartial),
        ])
    }
}
