/// Where a replica stands towards its remote.
public struct SyncState: Sendable, Hashable {
    /// Its identity.
    public var replica: ReplicaID
    /// How far it has followed the log.
    public var cursor: StateCursor
    /// The library it holds.
    public var libraryVersion: String?
    /// The account it holds.
    public var accountVersion: String?
    /// Whether it holds so many marks that a pull may have to be held, see ``Flips``.
    public var hasManyMarks: Bool

    /// Makes a state.
    public init(
        replica: ReplicaID, cursor: StateCursor, libraryVersion: String?, accountVersion: String?,
        hasManyMarks: Bool = false
    ) {
        self.hasManyMarks = hasManyMarks
        self.replica = replica
        self.cursor = cursor
        self.libraryVersion = libraryVersion
        self.accountVersion = accountVersion
    }
}

/// What applying a page did to the reader's state.
public struct StateSummary: Sendable, Hashable {
    /// Pending changes that were acknowledged.
    public var acknowledged: Int
    /// Changes by other replicas that were applied.
    public var received: Int
    /// Pending changes that were set aside.
    public var setAside: Int
    /// Conflicts that were opened.
    public var opened: Int
    /// Differences that a rule settled.
    public var settled: Int
    /// An entry under this replica's identity says something that this replica never did: it was cloned, or
    /// restored from an old image.
    public var forked: Bool

    /// Makes a summary.
    public init(
        acknowledged: Int = 0, received: Int = 0, setAside: Int = 0, opened: Int = 0, settled: Int = 0,
        forked: Bool = false
    ) {
        self.acknowledged = acknowledged
        self.received = received
        self.setAside = setAside
        self.opened = opened
        self.settled = settled
        self.forked = forked
    }

    /// Adds up two summaries.
    public static func + (left: StateSummary, right: StateSummary) -> StateSummary {
        StateSummary(
            acknowledged: left.acknowledged + right.acknowledged, received: left.received + right.received,
            setAside: left.setAside + right.setAside, opened: left.opened + right.opened,
            settled: left.settled + right.settled, forked: left.forked || right.forked)
    }
}

/// What a replica holds of one publication's history.
public struct CatalogState: Sendable, Hashable {
    /// The publication.
    public var publication: EntityName
    /// Which history.
    public var generation: String
    /// The runs that are held, ascending, never touching.
    public var ranges: [CatalogRange]

    /// Makes a state.
    public init(publication: EntityName, generation: String, ranges: [CatalogRange]) {
        self.publication = publication
        self.generation = generation
        self.ranges = ranges
    }
}

/// What applying a page did to the catalog.
public struct CatalogSummary: Sendable, Hashable {
    /// Articles that are new, without promotions: those that lists show.
    public var added: Int
    /// Articles that were corrected.
    public var corrected: Int
    /// Articles that were withdrawn.
    public var removed: Int
    /// Entries that could not be read; skipped.
    public var unreadable: Int

    /// Makes a summary.
    public init(added: Int = 0, corrected: Int = 0, removed: Int = 0, unreadable: Int = 0) {
        self.added = added
        self.corrected = corrected
        self.removed = removed
        self.unreadable = unreadable
    }

    /// Counts an article that is new.
    public mutating func count(new article: Article) {
        if !article.isPromotion { added += 1 }
    }

    /// Adds up two summaries.
    public static func + (left: CatalogSummary, right: CatalogSummary) -> CatalogSummary {
        CatalogSummary(
            added: left.added + right.added, corrected: left.corrected + right.corrected,
            removed: left.removed + right.removed, unreadable: left.unreadable + right.unreadable)
    }
}
