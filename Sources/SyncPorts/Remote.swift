public import SyncCore

/// A place that a replica syncs with. Our own server is one; later ones know only read and starred, without
/// cursors and causality. What a remote can hold is said by its ``capabilities``; everything it cannot hold stays
/// on the replica. An implementation translates: no message of any protocol is visible above this port.
///
/// Calls may run concurrently. Each either gives a complete, checked answer or throws; none retries on its own.
public protocol Remote: Sendable {
    /// What this remote can hold.
    var capabilities: RemoteCapabilities { get }

    /// Hands over pending changes, and brings what the log holds beyond the replica's cursor.
    func exchange(_ exchange: Exchange) async throws(RemoteError) -> ExchangeReply

    /// Brings a piece of a publication's history, newest possible end first.
    func catalogPage(_ request: CatalogRequest) async throws(RemoteError) -> CatalogPage

    /// Brings a page of all registers, for a replica whose cursor is no longer good.
    func snapshotPage(after: SnapshotToken?) async throws(RemoteError) -> SnapshotPage

    /// Finds the newest of the replica's cursors that is still part of the remote's log.
    func commonCursor(of cursors: [StateCursor]) async throws(RemoteError) -> StateCursor

    /// Offers entries again that a remote lost when it was restored from a backup.
    func restore(_ offer: RestoreOffer) async throws(RemoteError) -> RestoreReply
}

/// A remote that tells of news.
public protocol NewsSource: Sendable {
    /// Waits until a sync may bring something that it could not when `token` was given, or until the remote has waited long
    /// enough, which gives the same token.
    ///
    /// - Parameter token: what an earlier call gave; `nil`: does not wait.
    /// - Returns: the token now; `nil` if the remote lets nobody wait.
    func watch(after token: String?) async throws(RemoteError) -> String?
}

/// Translates between a remote's short names and articles; the replica's store gives it to the remote.
public protocol ArticleDirectory: Sendable {
    /// The articles behind names, in the order asked; `nil` for those the replica does not know.
    func articles(named names: [(publication: UInt32, number: UInt64)]) throws -> [ArticleID?]
    /// The names of articles, in the order asked; `nil` for those that have none.
    func names(of articles: [ArticleID]) throws -> [ArticleName?]
}
