/// Why a sync did not run, or could not write what came.
public struct SyncEngineError: Error, Sendable, CustomStringConvertible {
    /// The kinds.
    public enum Code: String, Sendable, Hashable {
        /// Another process syncs this replica.
        case alreadySyncing
        /// The replica could not be read or written.
        case storage
    }

    /// The kind.
    public var code: Code
    /// What happened, and what to do.
    public var detail: String
    /// The store's own error, if it was one.
    public var underlying: (any Error)?

    /// Makes an error.
    public init(_ code: Code, _ detail: String, underlying: (any Error)? = nil) {
        self.code = code
        self.detail = detail
        self.underlying = underlying
    }

    /// The detail.
    public var description: String { detail }
}
