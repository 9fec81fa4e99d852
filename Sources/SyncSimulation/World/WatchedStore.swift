import SQLiteReplica
import SyncCore
import SyncPorts

/// A device's stores as its sync sees them: the real ones, with the world looking on. Before and after each call the
/// device may die, and its disk may fail in the middle.
///
/// `@unchecked Sendable`: see ``SimulatedLoop``; used by tasks of one world only.
struct WatchedStore: StateStore, CatalogStore, ArticleDirectory, @unchecked Sendable {
    let replica: Replica
    let device: SimulatedDevice
    let world: World
    let incarnation: Int

    /// The device stopped over a call.
    struct Stopped: Error {}

    private func pass<Result>(_ call: StaticString, _ body: () throws -> Result) throws -> Result {
        guard device.incarnation == incarnation, device.isUp else { throw Stopped() }
        world.willCall(device, call)
        guard device.incarnation == incarnation, device.isUp else { throw Stopped() }
        let result: Result
        do {
            result = try body()
        } catch {
            world.failed(device, call, error)
            throw error
        }
        world.didCall(device, call)
        guard device.incarnation == incarnation, device.isUp else { throw Stopped() }
        return result
    }

    func syncState() throws -> SyncState { try pass("syncState") { try replica.syncState() } }

    func changesToPush(
        limit: Int, fields: Set<RemoteCapabilities.FieldKind>, after number: UInt64
    ) throws -> [Change] {
        let changes = try pass("changesToPush") {
            try replica.changesToPush(limit: limit, fields: fields, after: number)
        }
        for change in changes {
            world.trace.note(.call, change.id.number, text: "\(device.index) pushes \(World.text(change))")
        }
        return changes
    }

    func apply(_ reply: ExchangeReply, at now: WallTime) throws -> StateSummary {
        // What was applied is known to the device even if it dies before it can say so.
        let known = device.journal.known.count
        for entry in reply.entries {
            world.trace.note(
                .call, entry.sequence, text: "\(device.index) takes \(entry.sequence): \(World.text(entry.change))")
        }
        device.journal.learn(reply.entries.map(\.change.id))
        do {
            let summary = try pass("apply") { try replica.apply(reply, at: now) }
            world.counts.applied += reply.entries.count
            return summary
        } catch {
            if !(error is Stopped), device.isUp { device.journal.forget(beyond: known) }
            throw error
        }
    }

    func apply(holding replies: [ExchangeReply], at now: WallTime) throws -> PullOutcome {
        let known = device.journal.known.count
        for reply in replies { device.journal.learn(reply.entries.map(\.change.id)) }
        do {
            let outcome = try pass("apply") { try replica.apply(holding: replies, at: now) }
            if case .applied = outcome {
                world.counts.applied += replies.reduce(0) { $0 + $1.entries.count }
            } else {
                device.journal.forget(beyond: known)
            }
            return outcome
        } catch {
            if !(error is Stopped), device.isUp { device.journal.forget(beyond: known) }
            throw error
        }
    }

    func stage(_ page: SnapshotPage, isFirst: Bool) throws {
        // The log may have lost them again by the time at which the snapshot is taken over.
        device.journal.learn(page.versions.map(\.change.id))
        world.willStage(page, device)
        for version in page.versions {
            world.trace.note(.call, text: "\(device.index) stages \(version.position): \(World.text(version.change))")
        }
        try pass("stage") { try replica.stage(page, isFirst: isFirst) }
        world.counts.applied += page.versions.count
    }

    func adoptSnapshot(common: UInt64?, holdsFlips: Bool, at now: WallTime) throws -> PullOutcome {
        try pass("adoptSnapshot") { try replica.adoptSnapshot(common: common, holdsFlips: holdsFlips, at: now) }
    }

    func checkpoints(limit: Int) throws -> [StateCursor] {
        try pass("checkpoints") { try replica.checkpoints(limit: limit) }
    }

    func offers(after sequence: UInt64, common: UInt64, limit: Int) throws -> [RestoreOffer.Entry] {
        try pass("offers") { try replica.offers(after: sequence, common: common, limit: limit) }
    }

    func recordRestore(_ offer: RestoreOffer, reply: RestoreReply) throws {
        for (item, place) in zip(offer.entries, reply.places) {
            world.trace.note(
                .call, item.entry.sequence, place,
                text: "\(device.index) offered \(item.entry.sequence) -> \(place): \(World.text(item.entry.change))")
        }
        for index in reply.renamed {
            world.givenNames.insert(offer.entries[index].entry.change.nameWhereTaken.replica)
        }
        try pass("recordRestore") { try replica.recordRestore(offer, reply: reply) }
    }

    func settleByPolicy(at now: WallTime) throws -> Int {
        let before = device.journal
        // If the device dies over it, some may be there.
        device.journal.note(.perhapsSettled)
        return try pass("settleByPolicy") {
            let count = try replica.settleByPolicy(at: now)
            try device.noteMade(count, after: before)
            return count
        }
    }

    func preview(_ replies: [ExchangeReply], at now: WallTime) throws -> StatePreview {
        try pass("preview") { try replica.preview(replies, at: now) }
    }

    func reidentify(as replica: ReplicaID) throws {
        world.willRenew(device)
        try pass("reidentify") { try self.replica.reidentify(as: replica) }
    }

    func catalogState() throws -> [CatalogState] { try pass("catalogState") { try replica.catalogState() } }

    func apply(_ page: CatalogPage, resets: Bool) throws -> CatalogSummary {
        let summary = try pass("applyCatalog") { try replica.apply(page, resets: resets) }
        world.counts.applied += page.entries.count
        return summary
    }

    func articles(named names: [(publication: UInt32, number: UInt64)]) throws -> [ArticleID?] {
        try pass("articles") { try replica.articles(named: names) }
    }

    func names(of articles: [ArticleID]) throws -> [ArticleName?] {
        try pass("names") { try replica.names(of: articles) }
    }
}
