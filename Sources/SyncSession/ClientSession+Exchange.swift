import SyncCore

// Push and pull: one exchange after the other until neither side has more.
extension ClientSession {
    mutating func exchange(pushing changes: [Change]) -> [Action] {
        guard phase == .exchanging else { return [] }
        let push = isAbsorbing ? [] : changes
        if let reply, reply.remaining == 0, push.isEmpty, !isAbsorbing {
            return [.applyPolicies]
        }
        exchanges += 1
        guard exchanges <= options.maximumExchanges else {
            return finish(RemoteError(.brokenAnswer, "the server's log never comes to an end"))
        }
        pushed = push
        return send(
            .exchange(
                Exchange(
                    replica: state.replica, cursor: state.cursor, push: push, catalog: catalog.heads,
                    libraryVersion: state.libraryVersion, accountVersion: state.accountVersion,
                    spellsArticles: !catalog.isWhole)))
    }

    mutating func take(_ reply: ExchangeReply) -> [Action] {
        guard phase == .exchanging else { return [] }
        attempts = [:]
        self.reply = reply
        report.unreadable += reply.unreadable
        catalog.note(heads: reply.heads)
        var actions = reply.tails.compactMap { catalog.take(tail: $0) }.map { Action.applyCatalog($0, resets: false) }
        actions.append(.applyReply(reply))
        return actions
    }

    mutating func applied(
        _ summary: StateSummary, _ state: SyncState, using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        guard phase == .exchanging, let reply else { return [] }
        report.state = report.state + summary
        let moved = state.cursor != self.state.cursor || summary.acknowledged + summary.setAside > 0
        self.state = state
        if reply.remaining > 0 {
            idleRounds = moved ? 0 : idleRounds + 1
        } else if summary.forked || isAbsorbing {
            isAbsorbing = false
            report.repairs.append(.identityRenewed)
            return [.reidentify(.random(using: &generator))]
        } else {
            idleRounds = moved || pushed.isEmpty ? 0 : idleRounds + 1
        }
        if summary.forked { isAbsorbing = true }
        guard idleRounds < 3 else {
            return finish(
                RemoteError(
                    .brokenAnswer, "the server answers but acknowledges nothing",
                    remedy: "your changes are kept; try again later, and tell the server's operator"))
        }
        // Nothing was pushed and nothing is left to pull: the one request of a sync with nothing new.
        if pushed.isEmpty, reply.remaining == 0 { return [.applyPolicies] }
        return [loadPush]
    }

    /// Counts a request and gives it out.
    mutating func send(_ action: Action) -> [Action] {
        report.requests += 1
        return [action]
    }
}
