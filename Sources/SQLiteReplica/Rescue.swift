public import SyncCore

/// What could be read of a damaged replica, of the things that nobody else has: changes that were not sent, and the
/// replica's own feeds. The rest comes back from the server and the feeds.
public struct Rescue: Sendable {
    /// Changes that no remote had acknowledged, in the order in which they were made; of each field the last one.
    public var changes: [Change] = []
    /// The feeds that the replica read itself.
    public var subscriptions: [FeedSubscription] = []
    /// What the reader chose for differences.
    public var policies: [(kind: String, policy: String)] = []
    /// Names and values that the client kept for itself.
    public var settings: [(name: String, value: String)] = []
    /// The server.
    public var remote: String?
    /// Rows of the change log that were there and could not be read.
    public var unreadable = 0
    /// What could not be read at all, a sentence each.
    public var losses: [String] = []
}
