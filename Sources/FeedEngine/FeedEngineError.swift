import FeedSession

/// Why feeds could not be refreshed at all. One feed that fails is no such reason.
public struct FeedEngineError: Error, Sendable, CustomStringConvertible {
    /// The kinds.
    public enum Code: String, Sendable {
        /// The replica cannot be read or written.
        case storage
        /// Another process syncs the replica.
        case alreadySyncing
        /// The feed could not be fetched; ``FeedEngineError/underlying`` is the `FetchFailure`.
        case fetch
    }

    /// The kind.
    public var code: Code
    /// What happened, with what to do; with code `fetch` the address that was asked for.
    public var detail: String
    /// The error below it.
    public var underlying: (any Error)?

    /// Makes an error.
    public init(_ code: Code, _ detail: String, underlying: (any Error)? = nil) {
        self.code = code
        self.detail = detail
        self.underlying = underlying
    }

    /// The detail, and why a fetch failed.
    public var description: String {
        guard code == .fetch, let failure = underlying as? FetchFailure else { return detail }
        return "\(detail): \(failure)"
    }
}
