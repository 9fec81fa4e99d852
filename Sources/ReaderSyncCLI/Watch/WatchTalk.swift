import SyncSession
import SQLiteReplica
import SyncCore
import Synchronization
import TerminalText

/// What a watch says: a line for each sync that did something, and one when the server is lost and found.
final class WatchTalk: Sendable {
    private let context: Context
    private let replica: Replica
    private let state = Mutex(State())

    private struct State {
        var isOffline = false
        /// Whether a sync ever succeeded.
        var hasSynced = false

        mutating func note(_ failure: CommandFailure?) {
            isOffline = failure != nil
            hasSynced = hasSynced || failure == nil
        }
    }

    private var output: Output { context.output }

    init(_ context: Context, replica: Replica) {
        self.context = context
        self.replica = replica
    }

    /// Looks at once whether a template fits: the first news may be long in coming.
    ///
    /// - Throws: ``CommandFailure`` with the names that a row has.
    func check(_ template: RowTemplate) throws(CommandFailure) {
        _ = try template.text(SyncOutcome().json(conflicts: 0, pending: 0, DeviceNames(), at: context.now))
    }

    /// Says what came of a sync.
    ///
    /// - Throws: what keeps all later syncs from succeeding.
    func tell(_ outcome: SyncOutcome, at now: WallTime) throws {
        let failure = outcome.report?.failure.map { CommandFailure($0) } ?? outcome.failure
        let before = state.withLock { state in
            // A round of feeds alone says nothing of the server.
            defer { if outcome.server != nil { state.note(failure) } }
            return state
        }
        // What was our server is so again, once the network's login page is out of the way.
        let isInBetween = before.hasSynced && outcome.report?.failure?.code == .notARemote
        if let failure, failure.status == .refused, !isInBetween { throw failure }
        // Only a person can say whether that was meant.
        if let report = outcome.report, let held = report.held {
            throw try SyncOutcome.heldBack(held, isSnapshot: report.isSnapshotHeld, replica, context)
        }
        if let failure {
            if !before.isOffline { remark("\(failure.message); trying again", .warning, now) }
        } else if before.isOffline, outcome.server != nil {
            remark("the server can be reached again", .good, now)
        }
        if output.isForPrograms {
            guard outcome.didSomething else { return }
            let (conflicts, pending) = (try replica.openConflictCount(), try replica.pendingCount())
            let devices = try replica.deviceNames()
            output.result(outcome.json(conflicts: conflicts, pending: pending, devices, at: now), lines: [])
        } else if outcome.didSomething, !output.isQuiet {
            for line in outcome.news { output.line(StyledText(TimeText.clock(now) + "  ", .dim) + line) }
        }
        try output.finish()
    }

    private func remark(_ text: String, _ style: StyledText.Style, _ now: WallTime) {
        output.remark(StyledText(TimeText.clock(now) + "  ", .dim) + StyledText(text, style))
    }
}
