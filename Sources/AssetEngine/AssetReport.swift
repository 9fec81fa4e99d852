public import SyncPorts

/// What a run did about pictures.
public struct AssetReport: Sendable, Hashable {
    /// A picture that could not be fetched, and why.
    public struct Failure: Sendable, Hashable {
        /// Where it is.
        public var url: String
        /// Why, in a sentence.
        public var problem: String
        /// Whether it is where only this machine can reach, and nobody allowed that.
        public var isRefusedAddress: Bool { problem == AssetFetcher.refusedAddress }
    }

    /// Most failures that are listed; the rest is counted.
    public static let listedFailures = 20

    /// Pictures that came.
    public var fetched = 0
    /// Their bytes.
    public var fetchedBytes: Int64 = 0
    /// Pictures that could not be fetched.
    public var failed = 0
    /// The first of them.
    public var failures: [Failure] = []
    /// Files that were dropped: wanted no longer, or for want of room.
    public var dropped = 0
    /// Whether there was no room for all.
    public var isFull = false
    /// Whether nothing more is to be fetched for want of room.
    var isStopped = false
    /// Whether fetching ended for want of a network.
    public var isOffline = false
    /// How many pictures there are now.
    public var totals = AssetTotals()

    /// Nothing yet.
    public init() {}

    mutating func count(_ outcome: AssetOutcome, url: String, isCancelled: Bool) {
        switch outcome {
        case .held(_, let bytes, _):
            fetched += 1
            fetchedBytes += bytes
            totals.held += 1
            totals.bytes += bytes
        case .part(_, _, let problem?, _, _), .failed(let problem, _, _):
            guard !isCancelled else { return }
            failed += 1
            if failures.count < Self.listedFailures { failures.append(Failure(url: url, problem: problem)) }
        case .part(_, _, nil, _, _): break
        }
    }
}
