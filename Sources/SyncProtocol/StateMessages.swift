public import SyncCore

/// The answer to `GET /v1/state/snapshot`.
public struct SnapshotResponse: Hashable, Sendable, Codable {
    /// The cursor of the first page: follow the log from here once all pages are in.
    public var cursor: StateCursor
    /// Versions of registers.
    public var versions: LenientList<WireVersion>
    /// The articles they mention.
    public var articles: [WireArticleName]
    /// Give this as `after` for the next page; absent after the last.
    public var next: String?

    /// Makes an answer.
    public init(cursor: StateCursor, versions: [WireVersion], articles: [WireArticleName], next: String?) {
        self.cursor = cursor
        self.versions = LenientList(versions)
        self.articles = articles
        self.next = next
    }
}

/// The body of `POST /v1/state/common`.
public struct CommonRequest: Hashable, Sendable, Codable {
    /// Cursors at which the replica once stood, newest first.
    public var cursors: [StateCursor]

    /// Makes a request.
    public init(cursors: [StateCursor]) {
        self.cursors = cursors
    }
}

/// The answer to `POST /v1/state/common`.
public struct CommonResponse: Hashable, Sendable, Codable {
    /// The newest cursor that is part of the log; sequence 0 if none is.
    public var cursor: StateCursor

    /// Makes an answer.
    public init(cursor: StateCursor) {
        self.cursor = cursor
    }
}

/// The body of `POST /v1/state/restore`.
public struct RestoreRequest: Hashable, Sendable, Codable {
    /// A cursor that is part of the log.
    public var common: StateCursor
    /// Entries beyond it in the log that was lost, by their old sequences.
    public var entries: [WireOffer]
    /// Where the log ended after the request before.
    public var placed: StateCursor?

    /// Makes a request.
    public init(common: StateCursor, entries: [WireOffer], placed: StateCursor? = nil) {
        self.common = common
        self.entries = entries
        self.placed = placed
    }
}

/// The answer to `POST /v1/state/restore`.
public struct RestoreResponse: Hashable, Sendable, Codable {
    /// Where each entry stands now.
    public var places: [UInt64]
    /// The newest cursor up to which both histories are one.
    public var common: StateCursor
    /// Indexes of those entries whose names other changes have; left out if there is none.
    public var renamed: [Int]?
    /// Where the log ends now.
    public var head: StateCursor?

    /// Makes an answer.
    public init(places: [UInt64], common: StateCursor, renamed: [Int]? = nil, head: StateCursor? = nil) {
        self.places = places
        self.common = common
        self.renamed = renamed
        self.head = head
    }
}

/// The answer to `GET /v1/hello`.
public struct HelloResponse: Hashable, Sendable, Codable {
    /// `reader-sync`.
    public var server: String
    /// Protocol versions that are spoken.
    public var protocols: [Int]
    /// The server's clock.
    public var time: WallTime

    /// Makes an answer.
    public init(protocols: [Int], time: WallTime) {
        server = "reader-sync"
        self.protocols = protocols
        self.time = time
    }
}
