import AssetEngine
import FeedEngine
import FeedSession
import SQLiteReplica
import SyncCore
import SyncSession
import TerminalText

/// What a sync came to, with the server and with the replica's own feeds.
struct SyncOutcome {
    /// The server, if there is one.
    var server: String?
    /// What the server's part did.
    var report: SyncReport?
    /// What the feeds' part did.
    var feeds: FeedRefreshReport?
    /// Articles that were dropped for their age.
    var aged = 0
    /// What was done about texts.
    var bodies = BodyKeeping.Report()
    /// What was done about pictures.
    var images: AssetReport?
    /// Why the server's part could not begin.
    var failure: CommandFailure?

    /// Whether Ctrl-C ended it.
    var isInterrupted = false

    /// Prints it, and throws what the command fails with.
    func conclude(_ replica: Replica, _ context: Context) throws {
        let output = context.output
        let conflicts = try replica.openConflictCount()
        if output.isForPrograms {
            let (pending, devices) = (try replica.pendingCount(), try replica.deviceNames())
            output.result(json(conflicts: conflicts, pending: pending, devices, at: context.now), lines: [])
        } else {
            show(output)
        }
        if let feeds { warn(of: feeds, context) }
        if let images { AssetRendering.warn(of: images, context) }
        if isInterrupted { throw CommandFailure.interrupted }
        if let failure = report?.failure { throw CommandFailure(failure) }
        if let failure = failure ?? bodies.failure { throw failure }
        if let report, let held = report.held {
            throw try Self.heldBack(held, isSnapshot: report.isSnapshotHeld, replica, context)
        }
        if conflicts > 0 {
            output.remark(
                StyledText(Plural.of(conflicts, "conflict") + " open", .warning)
                    + StyledText(" → ", .dim) + StyledText(context.command("conflicts")))
        }
        if let report, report.state.setAside > 0 { output.remark("  → \(context.command("set-aside"))") }
        if let feeds { try failIfNoneCame(feeds, context) }
    }

    static func heldBack(
        _ flips: Flips, isSnapshot: Bool, _ replica: Replica, _ context: Context
    ) throws -> CommandFailure {
        let devices = SyncRendering.lines(flips, try replica.deviceNames())
        if isSnapshot {
            return CommandFailure(
                .held, "held",
                "all marks were fetched anew, and would turn over \(flips.total) of your \(flips.marks); nothing was applied, "
                    + "and nothing can be sent before",
                remedy: "apply it with '\(context.command("sync --apply-flips"))'",
                candidates: devices)
        }
        return CommandFailure(
            .held, "held",
            "other devices would turn over \(flips.total) of your \(flips.marks) marks; nothing that came was applied",
            remedy: "see it with '\(context.command("sync --dry-run"))'; apply it with "
                + "'\(context.command("sync --apply-flips"))'", candidates: devices)
    }

    /// - Parameter now: when it ended.
    func json(conflicts: Int, pending: Int, _ devices: DeviceNames, at now: WallTime) -> JSONValue {
        guard case .object(var members) = SyncRendering.json(report ?? SyncReport(), devices) else { return .null }
        members["at"] = ValueRendering.json(now)
        members["server"] = .optional(server)
        members["complete"] = .bool(failure == nil && report?.failure == nil && report?.held == nil && !isInterrupted)
        members["feeds"] = feeds.map { FeedRendering.json($0) } ?? .null
        members["aged"] = .count(aged)
        members["bodies"] = .object(["restored": .count(bodies.restored), "dropped": .count(bodies.dropped)])
        members["images"] = images.map { AssetRendering.json($0) } ?? .null
        members["openConflicts"] = .count(conflicts)
        members["pending"] = .count(pending)
        return .object(members)
    }

    private func show(_ output: Output) {
        if let report, report.failure == nil {
            if !output.isQuiet { output.lines(SyncRendering.lines(report)) }
        } else if let report, report.state != StateSummary() || report.catalog != CatalogSummary() {
            if let first = SyncRendering.lines(report).first { output.remark(StyledText("until then: ") + first) }
        }
        if let feeds, !output.isQuiet { output.lines(FeedRendering.lines(feeds)) }
        if !output.isQuiet { output.lines(keepingLines) }
    }

    /// What was done about texts and pictures.
    var keepingLines: [StyledText] {
        let facts = [
            aged > 0 ? "\(Plural.articles(aged)) dropped for \(aged == 1 ? "its" : "their") age" : nil,
            bodies.restored > 0 ? "\(Plural.of(bodies.restored, "text")) fetched again" : nil,
            bodies.dropped > 0 ? "\(Plural.of(bodies.dropped, "text")) dropped" : nil,
        ].compactMap { $0 }
        let texts = facts.isEmpty ? [] : [StyledText(facts.joined(separator: ", "))]
        return texts + (images.map { AssetRendering.lines($0) } ?? [])
    }

    /// One line for each feed that brought nothing; beyond a screenful a count.
    private func warn(of feeds: FeedRefreshReport, _ context: Context) {
        let output = context.output
        let failures = feeds.failures.filter { $0.failure.code != .cancelled }
        // The only one is what the command fails with.
        guard feeds.total > 1 || failures.isEmpty else { return }
        for failure in failures.prefix(20) {
            let isGone = failure.failure.code == .gone
            output.warn(
                "\(failure.title): \(failure.failure.detail)"
                    + (isGone ? " → \(context.command("feeds remove \(failure.feed.text)"))" : ""))
        }
        if failures.count > 20 { output.warn("and \(failures.count - 20) more feeds failed") }
        for damage in feeds.damaged.prefix(20) {
            output.warn(
                "\(damage.title) is damaged: \(damage.detail) → \(context.command("feeds check \(damage.url)"))")
        }
    }

    /// That not one feed could be reached is the network, not the feeds.
    private func failIfNoneCame(_ feeds: FeedRefreshReport, _ context: Context) throws {
        let tried = feeds.total - feeds.postponed
        guard tried > 0, feeds.failures.count == tried else { return }
        guard feeds.failures.allSatisfy({ $0.failure.code == .unreachable }) else {
            guard tried == 1, let only = feeds.failures.first else { return }
            throw CommandFailure(only.failure, naming: only.title)
        }
        throw CommandFailure(
            .offline, "offline", tried == 1 ? "the feed cannot be reached" : "none of \(tried) feeds can be reached",
            remedy: "what you have stays readable; sync again when there is a network")
    }
}
