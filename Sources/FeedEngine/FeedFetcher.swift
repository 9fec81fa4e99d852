public import FeedFormats
public import FeedSession
public import SyncCore
public import SyncPorts

/// Fetches and parses feeds, several at once, politely to each host.
public struct FeedFetcher: Sendable {
    /// Bounds of fetching.
    public struct Limits: Sendable {
        /// Most feeds fetched at once, and so most documents held at once; at least 1.
        public var feedsAtOnce = 16
        /// Most requests to one host at once, `www.` and port apart; at least 1.
        public var perHost = 2
        /// Most time for one feed, redirects included, waiting for its turn not.
        public var deadline = Duration.seconds(60)
        /// Most time for parsing one document; what was read until then is kept, and called cut.
        public var parsing = Duration.seconds(20)
        /// Bounds of one fetch.
        public var fetch = FetchSession.Limits()
        /// Bounds of one document.
        public var document = FeedLimits.default
        /// Most addresses tried for a page that names no feed.
        public var guesses = 12

        /// Makes the default limits.
        public init() {}
    }

    let transport: any HTTPTransport
    let clock: any WallClock
    let random: any RandomSource
    let limits: Limits

    /// Makes a fetcher. Whether private addresses may be asked is the transport's matter: it is asked for one hop of a
    /// redirect after the other, and checks the address that each resolves to.
    public init(
        transport: any HTTPTransport, clock: any WallClock, random: any RandomSource, limits: Limits = Limits()
    ) {
        self.transport = transport
        self.clock = clock
        self.random = random
        self.limits = limits
    }

    /// Fetches feeds. `receive` is called once for each, with its position in `records`, one call at a time, in the order
    /// of arrival; what it throws ends the run. Cancelling the task ends it too: the feeds that are not done yet are
    /// received as failed with code `cancelled`.
    ///
    /// A host that answers 429 or 503 and says for how long it wants to be left alone is not asked again: the rest of its
    /// feeds are received as postponed, also those that were not due: whoever keeps that asks none of them too early in the
    /// next run either. Runs where the caller does, but for requests and parsing.
    public func fetch(
        _ records: [FetchRecord], reason: FetchSession.Reason, isolation: isolated (any Actor)? = #isolation,
        receive: (Int, FeedFetch) async throws -> Void
    ) async throws {
        try await fetch(records, reason: reason, isolation: isolation, prepare: nil) { arrivals in
            for arrival in arrivals { try await receive(arrival.position, arrival.fetch) }
        }
    }

    /// Makes of a feed what its keeper needs, in the task that parsed it: on another core than the keeper's.
    typealias Preparation = @Sendable (_ position: Int, ParsedFeed, FetchRecord) -> FeedReading

    /// The same with a reading for each feed that was read, and with all that came while the last call ran at once: what
    /// arrives close together can be kept in one transaction. Half of what may run, at most, so that the other half goes
    /// on meanwhile.
    func fetch(
        _ records: [FetchRecord], reason: FetchSession.Reason, isolation: isolated (any Actor)? = #isolation,
        prepare: Preparation?, receive: ([Arrival]) async throws -> Void
    ) async throws {
        var queue = FetchQueue(perHost: limits.perHost)
        var settled: [Arrival] = []
        for (position, record) in records.enumerated() {
            switch begin(record, reason, at: position) {
            case .next(let job): queue.add(job)
            case .done(let fetch): settled.append(Arrival(position: position, fetch: fetch))
            }
        }
        let arrivals = Arrivals()
        let most = max(1, limits.feedsAtOnce)
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            // What has arrived and is not received yet is bounded by what may run.
            func fill() async throws {
                var left: [Arrival] = []
                while running < most, let (job, pausedUntil) = queue.next() {
                    if let fetch = skipped(job, pausedUntil) {
                        queue.end(job.host)
                        left.append(Arrival(position: job.position, fetch: fetch))
                        continue
                    }
                    running += 1
                    group.addTask { arrivals.add(await FetchStep(job, self, prepare)) }
                }
                if !left.isEmpty { try await receive(left) }
            }
            try await fill()
            // A host that is going to be asked may say that it wants to be left alone.
            let hosts = settled.map { FeedNaming.host(of: records[$0.position].url) ?? "" }
            let isAsked = hosts.map(queue.isKnown)
            let early = zip(settled, isAsked).filter { !$0.1 }.map(\.0)
            if !early.isEmpty { try await receive(early) }
            while try await group.next() != nil {
                let steps = arrivals.take(most: max(1, most / 2))
                var done: [Arrival] = []
                for step in steps {
                    queue.end(step.host)
                    if let until = step.pausedUntil { queue.pause(step.host, until: until) }
                    switch step.outcome {
                    case .next(let job): queue.resume(job)
                    case .done(let fetch):
                        done.append(Arrival(position: step.position, fetch: fetch, reading: step.reading))
                    }
                }
                if !done.isEmpty { try await receive(done) }
                running -= steps.count
                try await fill()
            }
            let late = settled.indices.filter { isAsked[$0] }.map { index in
                Arrival(
                    position: settled[index].position,
                    fetch: settled[index].fetch.postponed(by: queue.pause(of: hosts[index])))
            }
            if !late.isEmpty { try await receive(late) }
        }
    }

    /// The first step of a fetch.
    func begin(_ record: FetchRecord, _ reason: FetchSession.Reason, at position: Int) -> FetchStep.Outcome {
        var session = FetchSession(record, reason: reason, limits: limits.fetch)
        switch session.start(at: clock.now()) {
        case .get(let request):
            return .next(FetchJob(position: position, session: session, request: request, left: limits.deadline))
        case .postponed(let until): return .done(.postponed(until: until))
        case .failed(let failure, let record): return .done(.failed(failure, record))
        case .unchanged, .parse: return .done(.unchanged(record))
        }
    }

    /// What becomes of a request that is not sent.
    private func skipped(_ job: FetchJob, _ pausedUntil: WallTime?) -> FeedFetch? {
        if Task.isCancelled { return .failed(.cancelled, job.session.record) }
        return pausedUntil.map { .postponed(until: $0) }
    }
}
