import SyncCore

// Push and pull: one exchange after the other until neither side has more.
extension ClientSession {
    mutating func exchange(pushing changes: [Change]) -> [Action] {
        guard phase == .exchanging else { return [] }
        if let arrived { return exchange(pushing: changes, beyond: arrived) }
        let push = isAbsorbing ? [] : changes
        // What came is held back, and all that was to be sent is sent.
        if report.held != nil, push.isEmpty { return beginCatalog() }
        if let reply, reply.remaining == 0, push.isEmpty, !isAbsorbing {
            return [.applyPolicies]
        }
        exchanges += 1
        guard exchanges <= options.maximumExchanges else {
            return finish(RemoteError(.brokenAnswer, "the server's log never comes to an end"))
        }
        return exchange(push, at: state.cursor)
    }

    /// Asks for what follows on a page that is applied meanwhile.
    private mutating func exchange(pushing changes: [Change], beyond arrived: ExchangeReply) -> [Action] {
        self.arrived = nil
        let apply = Action.applyReply(arrived)
        guard !changes.isEmpty || arrived.remaining > 0, exchanges < options.maximumExchanges else { return [apply] }
        exchanges += 1
        isAhead = true
        return exchange(changes, at: arrived.cursor) + [apply]
    }

    private mutating func exchange(_ push: [Change], at cursor: StateCursor) -> [Action] {
        pushed = push
        return send(
            .exchange(
                Exchange(
                    replica: state.replica, cursor: cursor, push: push, catalog: catalog.heads,
                    libraryVersion: state.libraryVersion, accountVersion: state.accountVersion,
                    spellsArticles: !catalog.isWhole)))
    }

    /// Asks for a page, and sends nothing. What was sent counts as pushed until it is applied.
    mutating func exchangeWithoutPush(at cursor: StateCursor) -> [Action] {
        let before = pushed
        defer { pushed = before }
        return exchange([], at: cursor)
    }

    /// Whether what follows on a page can be asked for before it is applied: all that was pushed stands on it, and nothing
    /// but entries does, so that the replica's next request is the same either way.
    private func isPlain(_ reply: ExchangeReply) -> Bool {
        guard !isAbsorbing, !reply.entries.isEmpty, reply.refused.isEmpty, reply.settled.isEmpty,
            reply.unreadable.isEmpty, reply.tails.isEmpty, reply.library == nil, reply.account == nil
        else { return false }
        guard let last = pushed.last?.id else { return reply.remaining > 0 }
        return reply.entries.contains { $0.change.id == last }
    }

    mutating func take(_ reply: ExchangeReply) -> [Action] {
        guard phase == .exchanging else { return [] }
        attempts = [:]
        self.reply = reply
        report.unreadable += reply.unreadable
        catalog.note(heads: reply.heads)
        if report.held != nil { return [loadPush(after: pushed.last?.id.number ?? .max)] }
        if isGathered(reply) { return gather(reply) }
        if isPlain(reply) {
            arrived = reply
            return [loadPush(after: pushed.last?.id.number ?? 0)]
        }
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
        if isAhead {
            isAhead = false
            idleRounds = 0
            if summary.forked { isAbsorbing = true }
            return []
        }
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
