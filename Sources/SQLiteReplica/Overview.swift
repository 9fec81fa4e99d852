public import SyncCore

/// A feed, and what is in it.
public struct FeedOverview: Sendable, Hashable {
    /// The feed.
    public var feed: Feed
    /// Its publication; `nil` while neither the library nor a reading has said what it is. Its number is 0 if no
    /// library has it.
    public var publication: Publication?
    /// Articles held, without withdrawn ones and promotions.
    public var articles: Int
    /// Unread ones among them.
    public var unread: Int
    /// How the replica reads it without a server; `nil` if it does not.
    public var direct: FeedSubscription?
    /// Whether the replica read it once, and neither does so now nor hears of it from a server: only its articles are
    /// left.
    public var isFormer = false
}

/// A newsletter, and where the reader stands with it.
public struct NewsletterOverview: Sendable, Hashable {
    /// The newsletter, as it was last offered. If it was not while this replica was there, its title is its id.
    public var newsletter: Newsletter
    /// Whether it is on offer. If not, all that can be done is to unsubscribe.
    public var isOffered: Bool
    /// Whether the reader wants it, as shown here.
    public var isSubscribed = false
    /// How often; `nil` if the reader never said.
    public var frequency: Cadence?
    /// What the server says became of it.
    public var delivery: Account.Delivery?
    /// Whether a change of it has not reached the server yet.
    public var isPending = false
    /// Whether it waits for the reader's decision between changes.
    public var hasConflict = false
}

/// A marketing consent, and where the reader stands with it.
public struct ConsentOverview: Sendable, Hashable {
    /// The purpose.
    public var purpose: EntityName
    /// The wording in force; `nil` if the library has none.
    public var wording: ConsentWording?
    /// Whether it is given; `nil` if the reader never said.
    public var isGiven: Bool?
    /// What the reader was shown when it was given or withdrawn.
    public var terms: ConsentTerms?
    /// When it was given or withdrawn, by that device's clock.
    public var decidedAt: WallTime?
    /// Whether the reader was shown another wording than the one in force.
    public var isOutdated: Bool
    /// Whether the decision has not reached the server yet.
    public var isPending: Bool
    /// Whether it waits for the reader's decision between changes.
    public var hasConflict: Bool
}

/// Where a replica stands, for `status`.
public struct ReplicaStatus: Sendable, Hashable {
    /// Its identity.
    public var replica: ReplicaID
    /// Where the remote is; `nil` if there is none.
    public var remote: String?
    /// The reader's name on the server.
    public var account: String?
    /// How far the log was followed.
    public var cursor: StateCursor
    /// Articles held, without withdrawn ones and promotions.
    public var articles: Int
    /// Unread ones among them.
    public var unread: Int
    /// Saved ones among them.
    public var saved: Int
    /// Changes that have not reached the server.
    public var pending: Int
    /// Changes that the server did not take.
    public var setAside: Int
    /// Conflicts that wait for the reader.
    public var conflicts: Int
    /// Articles that the full-text index does not hold yet.
    public var unindexed: Int
    /// Bytes on disk, with the write-ahead log.
    public var bytes: Int64
    /// When a sync last got an answer.
    public var lastSync: WallTime?
    /// What is added to the local clock to get the server's, in milliseconds.
    public var clockOffset: Int64
    /// Marks that changes of other devices would turn over which the last sync held back; 0 if it held none back.
    public var held = 0
}
