import FeedSession
import SyncCore

/// A request that waits for its turn, with the fetch it belongs to.
struct FetchJob: Sendable {
    /// The position of the feed among those to be fetched.
    var position: Int
    /// The fetch; it waits for the answer.
    var session: FetchSession
    /// What is to be asked.
    var request: FetchRequest { didSet { host = Self.host(of: request) } }
    /// How much longer the fetch may take.
    var left: Duration
    /// Whose politeness bounds it: the host without `www.` and port.
    private(set) var host: String

    init(position: Int, session: FetchSession, request: FetchRequest, left: Duration) {
        self.position = position
        self.session = session
        self.request = request
        self.left = left
        host = Self.host(of: request)
    }

    private static func host(of request: FetchRequest) -> String { FeedNaming.host(of: request.url) ?? "" }
}

/// Says which request goes out next: the hosts in turn, each with a bounded number at once. A redirect waits in the queue
/// of the host that it leads to, before the feeds that were not begun.
struct FetchQueue {
    private struct Host {
        var begun: [FetchJob] = []
        var waiting: [FetchJob] = []
        /// Where the waiting ones begin; taking from the front of an array would move the rest.
        var first = 0
        var running = 0
        var pausedUntil: WallTime?

        var isEmpty: Bool { begun.isEmpty && first == waiting.count }
    }

    private let perHost: Int
    private var hosts: [String: Host] = [:]
    /// Hosts that have something to send and may, each once, in the order of their turns.
    private var ready: [String] = []
    private var firstReady = 0

    init(perHost: Int) {
        self.perHost = max(1, perHost)
    }

    /// Takes a feed that was not begun.
    mutating func add(_ job: FetchJob) {
        change(job.host) { $0.waiting.append(job) }
    }

    /// Takes a fetch that goes on.
    mutating func resume(_ job: FetchJob) {
        change(job.host) { $0.begun.append(job) }
    }

    /// The next request, which counts as running from now on, and until when its host wants to be left alone.
    mutating func next() -> (job: FetchJob, pausedUntil: WallTime?)? {
        guard firstReady < ready.count else { return nil }
        let name = ready[firstReady]
        firstReady += 1
        if firstReady == ready.count { (ready, firstReady) = ([], 0) }
        guard var host = hosts[name], let job = Self.take(&host) else { return nil }
        host.running += 1
        hosts[name] = host
        if !host.isEmpty, host.running < perHost { ready.append(name) }
        return (job, host.pausedUntil)
    }

    /// A request to `host` has ended.
    mutating func end(_ host: String) {
        change(host) { $0.running -= 1 }
    }

    /// The host wants to be left alone.
    mutating func pause(_ host: String, until: WallTime) {
        hosts[host, default: Host()].pausedUntil = until
    }

    /// Until when the host wants to be left alone, as far as it was asked.
    func pause(of host: String) -> WallTime? { hosts[host]?.pausedUntil }

    /// Whether something of the host was, or is to be asked.
    func isKnown(_ host: String) -> Bool { hosts[host] != nil }

    private static func take(_ host: inout Host) -> FetchJob? {
        if !host.begun.isEmpty { return host.begun.removeFirst() }
        guard host.first < host.waiting.count else { return nil }
        host.first += 1
        return host.waiting[host.first - 1]
    }

    /// Changes a host, and gives it a turn if that is what it came to have.
    private mutating func change(_ name: String, _ body: (inout Host) -> Void) {
        var host = hosts[name] ?? Host()
        let wasReady = !host.isEmpty && host.running < perHost
        body(&host)
        hosts[name] = host
        if !wasReady, !host.isEmpty, host.running < perHost { ready.append(name) }
    }
}
