/// What a replica sends when it syncs.
public struct Exchange: Sendable, Hashable {
    /// Who asks.
    public var replica: ReplicaID
    /// How far the replica has followed the log.
    public var cursor: StateCursor
    /// Numbered changes in the order of their numbers, at most the remote's limit.
    public var push: [Change]
    /// What the replica holds of each publication's newest end.
    public var catalog: [CatalogHead]
    /// The library the replica holds.
    public var libraryVersion: String?
    /// The account the replica holds.
    public var accountVersion: String?
    /// Whether the remote must spell out the identity of every article it mentions, since the replica does not
    /// hold the catalog whole.
    public var spellsArticles: Bool

    /// Makes an exchange.
    public init(
        replica: ReplicaID, cursor: StateCursor, push: [Change], catalog: [CatalogHead], libraryVersion: String?,
        accountVersion: String?, spellsArticles: Bool
    ) {
        self.replica = replica
        self.cursor = cursor
        self.push = push
        self.catalog = catalog
        self.libraryVersion = libraryVersion
        self.accountVersion = accountVersion
        self.spellsArticles = spellsArticles
    }
}

/// What comes back.
public struct ExchangeReply: Sendable, Hashable {
    /// The remote's clock.
    public var time: WallTime
    /// Entries beyond the replica's cursor, in order, its own included.
    public var entries: [LogEntry]
    /// The cursor after the entries.
    public var cursor: StateCursor
    /// Entries that are left after this page.
    public var remaining: UInt64
    /// Pushed changes that were not taken.
    public var refused: [Refusal]
    /// Numbers of pushed changes that the remote took long before, and whose entries the replica will not see: they are
    /// acknowledged all the same.
    public var settled: [UInt64]
    /// Server rows that could not be read; skipped, with the reason.
    public var unreadable: [String]
    /// The heads of all publications whose history is not what the replica holds.
    public var heads: [CatalogHead]
    /// Short newest pieces of history that came along.
    public var tails: [CatalogPage]
    /// The library, if it changed.
    public var library: Library?
    /// The account, if it changed.
    public var account: Account?

    /// Makes a reply.
    public init(
        time: WallTime, entries: [LogEntry], cursor: StateCursor,
        remaining: UInt64 = 0, refused: [Refusal] = [], settled: [UInt64] = [], unreadable: [String] = [],
        heads: [CatalogHead] = [],
        tails: [CatalogPage] = [], library: Library? = nil, account: Account? = nil
    ) {
        self.time = time
        self.entries = entries
        self.cursor = cursor
        self.remaining = remaining
        self.refused = refused
        self.settled = settled
        self.unreadable = unreadable
        self.heads = heads
        self.tails = tails
        self.library = library
        self.account = account
    }
}
