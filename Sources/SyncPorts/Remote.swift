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

/// What a remote can hold.
public struct RemoteCapabilities: Sendable, Hashable {
    /// Whether the remote says which changes an author had seen.
    public enum Causality: Sendable, Hashable {
        /// One log a reader, with sequences: "had it been seen?" is exact.
        case exact
        /// Only the present state: whatever arrives is taken as the remote's latest word.
        case none
    }

    /// Kinds of fields, apart from their parameters.
    public enum FieldKind: String, Sendable, Hashable, CaseIterable {
        // One case for each case of `Field`.
        case read, saved, progress, tag, note, subscribed, frequency, consent, ageConfirmed, other
    }

    /// The fields that can be sent there.
    public var fields: Set<FieldKind>
    /// Whether it keeps causality.
    public var causality: Causality
    /// Whether the replica can restore what the remote lost.
    public var restorable: Bool
    /// Most changes in one exchange.
    public var pushLimit: Int

    /// Makes a set of capabilities.
    public init(fields: Set<FieldKind>, causality: Causality, restorable: Bool, pushLimit: Int) {
        self.fields = fields
        self.causality = causality
        self.restorable = restorable
        self.pushLimit = pushLimit
    }

    /// Everything, as our own protocol has it.
    public static func full(pushLimit: Int) -> RemoteCapabilities {
        RemoteCapabilities(
            fields: Set(FieldKind.allCases), causality: .exact, restorable: true, pushLimit: pushLimit)
    }
}

extension RemoteCapabilities.FieldKind {
    /// The kind of `field`.
    public init(_ field: Field) {
        self =
            switch field {
            case .read: .read
            case .saved: .saved
            case .progress: .progress
            case .tag: .tag
            case .note: .note
            case .subscribed: .subscribed
            case .frequency: .frequency
            case .consent: .consent
            case .ageConfirmed: .ageConfirmed
            case .other: .other
            }
    }
}

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
    /// Numbers and articles that the entries mention, where the remote spelled them out.
    public var articles: [ArticleName]
    /// The cursor after the entries.
    public var cursor: StateCursor
    /// Entries that are left after this page.
    public var remaining: UInt64
    /// Pushed changes that were not taken.
    public var refused: [Refusal]
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
        time: WallTime, entries: [LogEntry], articles: [ArticleName] = [], cursor: StateCursor,
        remaining: UInt64 = 0, refused: [Refusal] = [], unreadable: [String] = [], heads: [CatalogHead] = [],
        tails: [CatalogPage] = [], library: Library? = nil, account: Account? = nil
    ) {
        self.time = time
        self.entries = entries
        self.articles = articles
        self.cursor = cursor
        self.remaining = remaining
        self.refused = refused
        self.unreadable = unreadable
        self.heads = heads
        self.tails = tails
        self.library = library
        self.account = account
    }
}

/// A piece of history that is wanted.
public struct CatalogRequest: Sendable, Hashable {
    /// Whose history.
    public var publication: EntityName
    /// Which history.
    public var generation: String
    /// Index of the first entry wanted: a multiple of ``CatalogPage/tileSize``, or any index for an open tail.
    public var from: UInt64
    /// Index after the last entry wanted; `nil` for the open tail up to the newest.
    public var to: UInt64?

    /// Makes a request.
    public init(publication: EntityName, generation: String, from: UInt64, to: UInt64?) {
        self.publication = publication
        self.generation = generation
        self.from = from
        self.to = to
    }
}

/// The number under which a remote mentions an article.
public struct ArticleName: Sendable, Hashable {
    /// The publication's number.
    public var publication: UInt32
    /// The article's number within it.
    public var number: UInt64
    /// The article.
    public var id: ArticleID

    /// Makes a name.
    public init(publication: UInt32, number: UInt64, id: ArticleID) {
        self.publication = publication
        self.number = number
        self.id = id
    }
}

/// Translates between a remote's short names and articles; the replica's store gives it to the remote.
public protocol ArticleDirectory: Sendable {
    /// The articles behind names, in the order asked; `nil` for those the replica does not know.
    func articles(named names: [(publication: UInt32, number: UInt64)]) throws -> [ArticleID?]
    /// The names of articles, in the order asked; `nil` for those that have none.
    func names(of articles: [ArticleID]) throws -> [ArticleName?]
}

/// Where a snapshot goes on; opaque.
public struct SnapshotToken: Sendable, Hashable {
    /// The token's text.
    public var text: String

    /// Makes a token.
    public init(text: String) {
        self.text = text
    }
}

/// A page of all registers of a reader.
public struct SnapshotPage: Sendable, Hashable {
    /// The cursor from which the log must be followed so that nothing is missed: that of the first page.
    public var cursor: StateCursor
    /// The versions of the registers on this page.
    public var versions: [Version]
    /// The identities of all articles that the versions mention.
    public var articles: [ArticleName]
    /// Where to go on; `nil` after the last page.
    public var next: SnapshotToken?

    /// Makes a page.
    public init(cursor: StateCursor, versions: [Version], articles: [ArticleName], next: SnapshotToken?) {
        self.cursor = cursor
        self.versions = versions
        self.articles = articles
        self.next = next
    }
}

/// Entries of a log that a remote lost, offered again by a replica that has them.
public struct RestoreOffer: Sendable, Hashable {
    /// One entry, with the same field's entries beyond the common cursor that its author had seen.
    public struct Entry: Sendable, Hashable {
        /// The entry as the replica pulled it, at its old sequence.
        public var entry: LogEntry
        /// The ids of the changes it had seen.
        public var saw: [ChangeID]

        /// Makes an entry.
        public init(entry: LogEntry, saw: [ChangeID]) {
            self.entry = entry
            self.saw = saw
        }
    }

    /// The newest cursor that both sides share.
    public var common: StateCursor
    /// The entries in the order of their old sequences.
    public var entries: [Entry]

    /// Makes an offer.
    public init(common: StateCursor, entries: [Entry]) {
        self.common = common
        self.entries = entries
    }
}

/// Where offered entries stand now.
public struct RestoreReply: Sendable, Hashable {
    /// For each offered entry, in order, its sequence in the remote's log.
    public var places: [UInt64]
    /// A cursor at the last offered entry, if all of them stand where they stood before and nothing else came in
    /// between; then both histories are one again up to there. Otherwise the offer's common cursor.
    public var common: StateCursor

    /// Makes a reply.
    public init(places: [UInt64], common: StateCursor) {
        self.places = places
        self.common = common
    }
}
