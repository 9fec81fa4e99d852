import SyncCore

// What a failed request leads to: another attempt, a repair, or the end.
extension ClientSession {
    /// Repairs in one session, before it is left to the next.
    static let maximumRecoveries = 3

    mutating func failed(
        _ error: RemoteError, _ action: Action, using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        // What was asked for before the session turned to something else: nobody waits for it.
        if case .fetchCatalog(let request) = action, phase != .catalog || !catalog.awaits(request) { return [] }
        switch error.code {
        case .prefixMismatch:
            return beginRecovery(error) { session in
                session.phase = .locating
                return [.loadCheckpoints(limit: 64)]
            }
        case .cursorExpired: return expired(error)
        case .replicaForked: return beginAbsorbing(error)
        case .catalogChanged where phase == .catalog: return refreshHeads(error)
        case .busy, .brokenAnswer, .offline: return retry(error, action, using: &generator)
        case .unauthorized, .notARemote, .versionMismatch, .refused, .cancelled, .catalogChanged:
            return finish(error)
        }
    }

    private mutating func expired(_ error: RemoteError) -> [Action] {
        // Its pages are no longer told: the same repair goes on with a newer one.
        if case .snapshotting(let common) = phase {
            return beginRecovery(error) { $0.beginSnapshot(common: common) }
        }
        // What it has pulled is part of the log as long as this cursor is.
        placed = state.cursor.sequence > 0 ? state.cursor : nil
        report.repairs.append(.snapshotTaken)
        return beginRecovery(error) { $0.beginSnapshot(common: nil) }
    }

    /// Begins a repair, if there were not too many in this session.
    mutating func beginRecovery(_ error: RemoteError, _ begin: (inout Self) -> [Action]) -> [Action] {
        recoveries += 1
        gathered = []
        guard recoveries <= Self.maximumRecoveries else { return finish(error) }
        return begin(&self)
    }

    private mutating func beginAbsorbing(_ error: RemoteError) -> [Action] {
        recoveries += 1
        guard phase == .exchanging, recoveries <= Self.maximumRecoveries else { return finish(error) }
        isAbsorbing = true
        gathered = []
        reply = nil
        return exchange(pushing: [])
    }

    private mutating func refreshHeads(_ error: RemoteError) -> [Action] {
        refreshes += 1
        guard refreshes <= 3 else { return finish(error) }
        catalog.forgetRequests()
        waiting = []
        phase = .exchanging
        gathered = []
        reply = nil
        return [loadPush]
    }

    /// Waits and asks again, if the failure may pass and the wait is short. A remote that was out of reach from
    /// the start is not waited for: the person is offline and wants to know.
    private mutating func retry(
        _ error: RemoteError, _ action: Action, using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        let attempt = attempts[action, default: 0] + 1
        let isFirstContact = report.requests <= 1 && error.code == .offline
        guard attempt <= options.retries, !isFirstContact else { return finish(error) }
        let wait = error.retryAfter ?? backoff(attempt, using: &generator)
        guard wait <= options.maximumWait else { return finish(error) }
        attempts[action] = attempt
        report.requests += 1
        waiting.append(action)
        return [.wait(wait)]
    }

    /// 200 ms, 400 ms ... with full jitter (Brooker, "Exponential Backoff And Jitter", 2015).
    private func backoff(_ attempt: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        .milliseconds(Int.random(in: 50...(200 << min(attempt, 6)), using: &generator))
    }
}
