public import SyncCore

/// One sync of a replica with a remote, as a state machine without I/O: events go in, actions come out, and
/// whoever runs it performs the actions and reports what came of them. The same machine runs in the client over
/// HTTP and in the simulator with thousands of others (the shape of apple/swift-cluster-membership's protocols).
///
/// Order of work: push and pull until neither side has more; then the catalog, newest first. Each page is applied
/// with its cursor, so that ending at any point loses nothing and repeats nothing. Where a page holds nothing but
/// entries, the next exchange is asked for before the page is applied, so that both sides work at once; its answer is
/// handled after ``Event/applied(_:_:)``.
public struct ClientSession: Sendable {
    /// What the session may spend.
    public struct Options: Hashable, Sendable {
        /// Attempts after the first for one request that failed in passing.
        public var retries = 2
        /// Longest wait that is sat out; if the remote asks for more, the session ends and says so.
        public var maximumWait: Duration = .seconds(10)
        /// Pieces of catalog that are fetched at once.
        public var catalogWindow = 3
        /// Most exchanges in one session; a remote that never comes to an end is left.
        public var maximumExchanges = 100_000
        /// Whether marks are turned over however many they are, see ``SyncCore/Flips``.
        public var appliesFlips = false
        /// Most entries that are kept in memory until they are applied together.
        public var gatherLimit = 200_000
        /// Most bytes that they may take, as far as that can be told beforehand.
        public var gatherBytes = 64 << 20

        /// The defaults.
        public init() {}
    }

    /// What the session asks to be done. Actions of one answer are performed in order.
    public enum Action: Hashable, Sendable {
        /// Load changes to push, those numbered up to `after` excepted; answer ``Event/pushLoaded(_:)``.
        case loadPush(limit: Int, fields: Set<RemoteCapabilities.FieldKind>, after: UInt64 = 0)
        /// Ask the remote; answer ``Event/replied(_:)``.
        case exchange(Exchange)
        /// Apply a page of the log; answer ``Event/applied(_:_:)``.
        case applyReply(ExchangeReply)
        /// Apply pages of the log together, unless they turn over too many marks; answer ``Event/applied(_:_:)`` or
        /// ``Event/held(_:)``.
        case applyHolding([ExchangeReply])
        /// Resolve what the reader's policies resolve; answer ``Event/policiesApplied(_:)``.
        case applyPolicies
        /// Ask the remote for history; answer ``Event/catalogPage(_:_:)``.
        case fetchCatalog(CatalogRequest)
        /// Apply a page of history; answer ``Event/catalogApplied(_:)``.
        case applyCatalog(CatalogPage, resets: Bool)
        /// Load old cursors; answer ``Event/checkpointsLoaded(_:)``.
        case loadCheckpoints(limit: Int)
        /// Ask the remote which is still good; answer ``Event/commonFound(_:)``.
        case findCommon([StateCursor])
        /// Load entries to offer again; answer ``Event/offersLoaded(_:)``.
        case loadOffers(after: UInt64, common: UInt64, limit: Int)
        /// Offer them; answer ``Event/restored(_:)``.
        case restore(RestoreOffer)
        /// Note where they stand now; no answer.
        case recordRestore(RestoreOffer, RestoreReply)
        /// Ask for a page of all registers; answer ``Event/snapshot(_:)``.
        case fetchSnapshot(SnapshotToken?)
        /// Put a page aside; no answer.
        case stage(SnapshotPage, isFirst: Bool)
        /// Take the staged registers over; answer ``Event/adopted(_:_:)`` or ``Event/held(_:)``.
        case adopt(common: UInt64?, holdsFlips: Bool)
        /// Take a new identity; answer ``Event/reidentified(_:)``.
        case reidentify(ReplicaID)
        /// Let time pass; answer ``Event/waited``.
        case wait(Duration)
        /// The session is over.
        case finish(SyncReport)
    }

    /// What happened.
    public enum Event: Hashable, Sendable {
        /// The replica's state was loaded: the session starts.
        case began(SyncState, [CatalogState], RemoteCapabilities)
        /// Changes to push, in the order of their numbers.
        case pushLoaded([Change])
        /// The remote answered.
        case replied(ExchangeReply)
        /// A page of the log was applied; the replica's new state.
        case applied(StateSummary, SyncState)
        /// Pages, or a snapshot, would turn over too many marks: nothing of them was applied.
        case held(Flips)
        /// So many differences were resolved by policy.
        case policiesApplied(Int)
        /// A page of history came.
        case catalogPage(CatalogRequest, CatalogPage)
        /// It was applied.
        case catalogApplied(CatalogSummary)
        /// Old cursors, newest first.
        case checkpointsLoaded([StateCursor])
        /// The newest that is still good.
        case commonFound(StateCursor)
        /// Entries to offer.
        case offersLoaded([RestoreOffer.Entry])
        /// They were placed.
        case restored(RestoreReply)
        /// A page of all registers.
        case snapshot(SnapshotPage)
        /// The registers were taken over.
        case adopted(StateSummary, SyncState)
        /// The replica has a new identity.
        case reidentified(SyncState)
        /// The time has passed.
        case waited
        /// The remote could not do what this action asked.
        case failed(RemoteError, Action)
    }

    /// Where the session stands. Legal transitions: idle → exchanging ⇄ (locating → offering → snapshotting) →
    /// catalog → finished; exchanging ⇄ catalog when history moved on; any → finished.
    enum Phase: Hashable, Sendable {
        /// Nothing was asked yet.
        case idle
        /// Pushing and pulling.
        case exchanging
        /// Looking for the newest cursor both sides share.
        case locating
        /// Offering again what the remote lost; entries up to `after` are placed.
        case offering(common: StateCursor, after: UInt64)
        /// Fetching all registers.
        case snapshotting(common: UInt64?)
        /// Fetching history.
        case catalog
        /// Over.
        case finished
    }

    var options: Options
    var phase = Phase.idle
    var report = SyncReport()
    var state: SyncState
    var capabilities: RemoteCapabilities
    /// The push of the exchange under way, to see progress.
    var pushed: [Change] = []
    /// The reply that is being applied.
    var reply: ExchangeReply?
    /// A reply that waits for the next push to be loaded, which leaves before it is applied.
    var arrived: ExchangeReply?
    /// Whether the replica held many marks when the session began, and the reader wants to see first what turns them over.
    var mayHold = false
    /// Replies that are applied together, once all are there.
    var gathered: [ExchangeReply] = []
    /// Whether the next exchange is under way while a reply is being applied.
    var isAhead = false
    /// Pull without pushing, to take in what was written under a shared identity before leaving it.
    var isAbsorbing = false
    /// Rounds in a row in which the remote acknowledged nothing.
    var idleRounds = 0
    var exchanges = 0
    var refreshes = 0
    var recoveries = 0
    /// Attempts at requests that are waiting to be made again.
    var attempts: [Action: Int] = [:]
    /// Actions that go out again after a wait.
    var waiting: [Action] = []
    var offer: RestoreOffer?
    /// Where the remote's log ended after the last offer.
    var placed: StateCursor?
    /// The cursor of the snapshot that is being put aside; `nil` before its first page.
    var stagedCursor: StateCursor?
    var catalog = CatalogProgress()

    /// Makes a session.
    public init(options: Options = Options()) {
        self.options = options
        state = SyncState(
            replica: ReplicaID(rawValue: 0), cursor: .origin, libraryVersion: nil, accountVersion: nil)
        capabilities = .full(pushLimit: 0)
    }

    /// What the session did so far.
    public var progress: SyncReport {
        var report = report
        report.missingEntries = catalog.missing
        return report
    }

    /// Takes in an event and says what to do.
    ///
    /// - Parameters:
    ///   - event: what happened; only answers to this session's actions.
    ///   - generator: randomness for backoff and new identities.
    public mutating func handle(
        _ event: Event, using generator: inout some RandomNumberGenerator
    ) -> [Action] {
        guard phase != .finished else { return [] }
        switch event {
        case .began(let state, let catalog, let capabilities):
            self.state = state
            self.capabilities = capabilities
            mayHold = state.hasManyMarks && !options.appliesFlips
            self.catalog.begin(catalog)
            phase = .exchanging
            return [loadPush]
        case .pushLoaded(let changes): return exchange(pushing: changes)
        case .replied(let reply): return take(reply)
        case .applied(let summary, let state):
            return applied(summary, state, using: &generator)
        case .held(let flips): return held(flips)
        case .policiesApplied(let count):
            report.resolvedByPolicy += count
            return count > 0 ? [loadPush] : beginCatalog()
        case .failed(let error, let action): return failed(error, action, using: &generator)
        case .waited:
            defer { waiting = [] }
            return waiting
        case .catalogPage(let request, let page): return take(page, for: request)
        case .catalogApplied(let summary):
            report.catalog = report.catalog + summary
            catalog.noteApplied()
            return continueCatalog()
        case .checkpointsLoaded, .commonFound, .offersLoaded, .restored, .snapshot, .adopted, .reidentified:
            return recover(event, using: &generator)
        }
    }

    var loadPush: Action { loadPush(after: 0) }

    func loadPush(after number: UInt64) -> Action {
        .loadPush(limit: capabilities.pushLimit, fields: capabilities.fields, after: number)
    }

    /// Ends the session, with or without an error.
    mutating func finish(_ error: RemoteError? = nil) -> [Action] {
        phase = .finished
        report.failure = error
        return [.finish(report)]
    }
}
