/// Why a remote gave no usable answer. Local work is never touched by it.
public struct RemoteError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds, by what a replica does about them.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// No way to the remote: try again later.
        case offline
        /// The remote is there but cannot serve now: come back after ``retryAfter``.
        case busy
        /// The answer was cut short or damaged: ask again.
        case brokenAnswer
        /// The token is missing, wrong or revoked: log in again.
        case unauthorized
        /// The URL leads to something else than a remote of this kind.
        case notARemote
        /// The remote speaks a newer or older protocol.
        case versionMismatch
        /// Another machine uses this replica's identity: take a new one and send the pending changes anew.
        case replicaForked
        /// The cursor is older than the log's floor: take a snapshot.
        case cursorExpired
        /// The log is not the one the cursor belongs to: the remote was restored from a backup.
        case prefixMismatch
        /// A publication's history is not the one that was asked for.
        case catalogChanged
        /// The remote refused the request as a whole.
        case refused
        /// The task was cancelled.
        case cancelled
    }

    /// The kind.
    public var code: Code
    /// What happened, in a sentence.
    public var detail: String
    /// What the reader can do, in a sentence; empty if nothing.
    public var remedy: String
    /// How long the remote asks to be left alone.
    public var retryAfter: Duration?

    /// Makes an error.
    public init(_ code: Code, _ detail: String, remedy: String = "", retryAfter: Duration? = nil) {
        self.code = code
        self.detail = detail
        self.remedy = remedy
        self.retryAfter = retryAfter
    }

    /// Detail and remedy.
    public var description: String { remedy.isEmpty ? detail : detail + "; " + remedy }
}
