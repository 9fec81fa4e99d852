import SyncCore

// Mending what a restored remote, an expired cursor or a shared identity broke.
extension ClientSession {
    mutating func recover(_ event: Event, using generator: inout some RandomNumberGenerator) -> [Action] {
        switch (phase, event) {
        case (.locating, .checkpointsLoaded(let cursors)): return send(.findCommon(cursors))
        case (.locating, .commonFound(let common)):
            report.repairs.append(.remoteRestored)
            placed = nil
            phase = .offering(common: common, after: common.sequence)
            return [loadOffers(common: common, after: common.sequence)]
        case (.offering(let common, let after), .offersLoaded(let entries)):
            return offer(entries, common: common, after: after)
        case (.offering(_, let after), .restored(let reply)): return placed(reply, after: after)
        case (.snapshotting(let common), .snapshot(let page)): return stage(page, common: common)
        case (.snapshotting(let common), .commonFound(let found)):
            attempts = [:]
            if found == placed, let stagedCursor, stagedCursor.sequence >= found.sequence {
                placed = nil
                return [adopt(common)]
            }
            return recoverAnew()
        case (.snapshotting, .adopted(let summary, let state)):
            report.state = report.state + summary
            guard summary.forked else { return resume(with: state) }
            report.repairs.append(.identityRenewed)
            phase = .exchanging
            return [.reidentify(.random(using: &generator))]
        case (.exchanging, .reidentified(let state)): return resume(with: state)
        default: return []
        }
    }

    private func loadOffers(common: StateCursor, after: UInt64) -> Action {
        .loadOffers(after: after, common: common.sequence, limit: 1_000)
    }

    private mutating func offer(
        _ entries: [RestoreOffer.Entry], common: StateCursor, after: UInt64
    ) -> [Action] {
        guard !entries.isEmpty else {
            // The remote's log is again what it was: the cursor is good, and so is all that was built on it.
            if common == state.cursor { return resume(with: state) }
            // All is placed. The registers may hold what the new history orders otherwise: take them anew.
            return beginSnapshot(common: common.sequence)
        }
        let offer = RestoreOffer(common: common, entries: entries, placed: placed)
        self.offer = offer
        report.offered += entries.count
        return send(.restore(offer))
    }

    private mutating func placed(_ reply: RestoreReply, after: UInt64) -> [Action] {
        guard let offer, let last = offer.entries.last else { return [] }
        attempts = [:]
        self.offer = nil
        placed = reply.head
        phase = .offering(common: reply.common, after: last.entry.sequence)
        return [.recordRestore(offer, reply), loadOffers(common: reply.common, after: last.entry.sequence)]
    }

    /// Fetches all registers from the first page on.
    mutating func beginSnapshot(common: UInt64?) -> [Action] {
        phase = .snapshotting(common: common)
        stagedCursor = nil
        return send(.fetchSnapshot(nil))
    }

    private mutating func stage(_ page: SnapshotPage, common: UInt64?) -> [Action] {
        attempts = [:]
        let isFirst = stagedCursor == nil
        guard page.isOfOneState, isFirst || page.cursor == stagedCursor else {
            let error = RemoteError(.brokenAnswer, "the server mixes several states into one snapshot")
            return beginRecovery(error) { $0.beginSnapshot(common: common) }
        }
        stagedCursor = page.cursor
        let stage = Action.stage(page, isFirst: isFirst)
        if let next = page.next { return [stage] + send(.fetchSnapshot(next)) }
        // The remote may have been put back once more since: then what was offered is lost again.
        if let placed { return [stage] + send(.findCommon([placed])) }
        return [stage, adopt(common)]
    }

    private func adopt(_ common: UInt64?) -> Action {
        .adopt(common: common, holdsFlips: mayHold)
    }

    private mutating func recoverAnew() -> [Action] {
        recoveries += 1
        guard recoveries <= Self.maximumRecoveries else {
            return finish(
                RemoteError(
                    .brokenAnswer, "the server was put back to a backup again and again",
                    remedy: "your changes are kept; sync again later"))
        }
        phase = .locating
        placed = nil
        return [.loadCheckpoints(limit: 64)]
    }

    private mutating func resume(with state: SyncState) -> [Action] {
        self.state = state
        phase = .exchanging
        reply = nil
        return [loadPush]
    }
}

extension SnapshotPage {
    /// Whether nothing on it lies beyond its cursor. A server that is put back to there could take that away, and
    /// nobody would notice: the cursor goes on to be good.
    fileprivate var isOfOneState: Bool {
        versions.allSatisfy { $0.position <= .logged(cursor.sequence) }
    }
}
