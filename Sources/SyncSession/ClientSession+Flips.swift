import SyncCore

// Pulls that may turn over many marks at once: their pages are gathered, and applied together or not at all.
extension ClientSession {
    /// Whether a reply is one of those: it is, once a page was gathered, or if so many entries are to come that they could
    /// turn over more marks than are taken over unseen. While the replica leaves a shared identity it takes in what comes.
    func isGathered(_ reply: ExchangeReply) -> Bool {
        if !gathered.isEmpty { return true }
        guard mayHold, !isAbsorbing else { return false }
        let foreign = reply.entries.count { $0.change.id.replica != state.replica }
        return foreign > Flips.leastHeld || reply.remaining > UInt64(Flips.leastHeld - foreign)
    }

    /// Keeps a reply, and asks for the next page, or has all of them applied.
    mutating func gather(_ reply: ExchangeReply) -> [Action] {
        gathered.append(reply)
        let tails = reply.tails.compactMap { catalog.take(tail: $0) }.map { Action.applyCatalog($0, resets: false) }
        let count = gathered.reduce(0) { $0 + $1.entries.count }
        let bytes = gathered.reduce(0) { $0 + $1.weight }
        let isFull = count >= options.gatherLimit || bytes >= options.gatherBytes
        let isWhole = reply.remaining == 0 || reply.entries.isEmpty || isFull
        guard isWhole || exchanges >= options.maximumExchanges else {
            exchanges += 1
            return tails + exchangeWithoutPush(at: reply.cursor)
        }
        defer { gathered = [] }
        return tails + [.applyHolding(gathered)]
    }

    /// Nothing of what came was applied. What is pending is sent all the same, and articles come.
    mutating func held(_ flips: Flips) -> [Action] {
        report.held = flips
        // With its old cursor the replica cannot send either.
        report.isSnapshotHeld = phase != .exchanging
        guard phase == .exchanging else { return finish() }
        return [loadPush(after: pushed.last?.id.number ?? 0)]
    }
}

extension ExchangeReply {
    /// About how many bytes its entries take in memory: what each has, and its texts.
    fileprivate var weight: Int {
        entries.reduce(0) { sum, entry in
            guard case .note(let text, let base) = entry.change.value else { return sum + 256 }
            return sum + 256 + text.utf8.count + base.utf8.count
        }
    }
}
