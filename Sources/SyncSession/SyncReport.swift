public import SyncCore

/// What one sync did, for the person who asked for it.
public struct SyncReport: Hashable, Sendable {
    /// Something out of the ordinary that was mended on the way.
    public enum Repair: String, Hashable, Sendable, CaseIterable {
        /// The remote had come back from a backup; what it lost was offered again.
        case remoteRestored
        /// The cursor was too old; all registers were fetched anew.
        case snapshotTaken
        /// The replica had been cloned or restored from an old image; it took a new identity.
        case identityRenewed
        /// A publication's history had been replaced; it was fetched anew.
        case catalogReplaced
    }

    /// What happened to the reader's state.
    public var state = StateSummary()
    /// What happened to the catalog.
    public var catalog = CatalogSummary()
    /// Entries that were offered again to a restored remote.
    public var offered = 0
    /// Differences that the reader's own policies resolved.
    public var resolvedByPolicy = 0
    /// Rows that could not be read; set aside with the reason.
    public var unreadable: [String] = []
    /// What was mended, in order.
    public var repairs: [Repair] = []
    /// Marks that would have been turned over; `nil` if nothing was held back.
    public var held: Flips?
    /// Whether it was a snapshot that was held back: then nothing could be sent either.
    public var isSnapshotHeld = false
    /// Entries of article history that are known of and not held yet.
    public var missingEntries = 0
    /// Requests that were sent.
    public var requests = 0
    /// Why the sync ended early; `nil` if it is complete.
    public var failure: RemoteError?

    /// An empty report.
    public init() {}
}
