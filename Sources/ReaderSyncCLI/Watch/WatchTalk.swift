import SyncSession
import SQLiteReplica
import SyncCore
import Synchronization
import TerminalText

/// What a watch says: a line for each sync that did something, and one when the server is lost and found.
final class WatchTalk: Sendable {
    private let context: Context
    private let replica: Replica
    private let isOffline = Mutex(false)

    private var output: Output { context.output }

    init(_ context: Context, replica: Replica) {
        self.context = context
        self.replica = replica
    }

    /// Says what came of a sync.
    ///
    /// - Throws: what keeps all later syncs from succeeding.
    func tell(_ outcome: SyncOutcome, at now: WallTime) throws {
        defer { output.flush() }
        let failure = outcome.report?.failure.map { CommandFailure($0) } ?? outcome.failure
        if let failure, failure.status == .refused { throw failure }
        // Only a person can say whether that was meant.
        if let report = outcome.report, let held = report.held {
            throw try SyncOutcome.heldBack(held, isSnapshot: report.isSnapshotHeld, replica, context)
        }
        let wasOffline = isOffline.withLock { isOffline in
            defer { isOffline = failure != nil }
            return isOffline
        }
        if let failure {
            if !wasOffline { remark("\(failure.message); trying again", .warning, now) }
        } else if wasOffline {
            remark("the server can be reached again", .good, now)
        }
        if output.isForPrograms {
            guard outcome.didSomething else { return }
            let (conflicts, pending) = (try replica.openConflictCount(), try replica.pendingCount())
            let devices = try replica.deviceNames()
            return output.result(outcome.json(conflicts: conflicts, pending: pending, devices), lines: [])
        }
        guard outcome.didSomething, !output.isQuiet else { return }
        for line in outcome.news { output.line(StyledText(TimeText.clock(now) + "  ", .dim) + line) }
    }

    private func remark(_ text: String, _ style: StyledText.Style, _ now: WallTime) {
        output.remark(StyledText(TimeText.clock(now) + "  ", .dim) + StyledText(text, style))
    }
}
