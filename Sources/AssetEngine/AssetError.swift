/// Why pictures could not be kept.
public struct AssetError: Error, Sendable, CustomStringConvertible {
    /// The kinds.
    public enum Code: String, Sendable, Hashable {
        /// Another process syncs the replica.
        case alreadySyncing
        /// The disk is full.
        case diskFull
        /// A file or the replica could not be read or written.
        case storage
    }

    /// The kind.
    public var code: Code
    /// What happened, in a sentence.
    public var detail: String
    /// The store's own error, if it was one.
    public var underlying: (any Error)?

    /// Makes an error.
    public init(_ code: Code, _ detail: String, underlying: (any Error)? = nil) {
        (self.code, self.detail, self.underlying) = (code, detail, underlying)
    }

    /// The detail.
    public var description: String { detail }
}
