public import SyncCore

/// The answer to `GET /v1/state/snapshot`.
public struct SnapshotResponse: Hashable, Sendable {
    /// The cursor of the first page: follow the log from here once all pages are in.
    public var cursor: StateCursor
    /// Versions of registers, by their places in the log.
    public var versions: LenientList<WireVersion>
    /// The articles they mention.
    public var articles: [WireArticleName]
    /// Give this as `after` for the next page; absent after the last.
    public var next: String?

    /// Makes an answer.
    public init(cursor: StateCursor, versions: [WireVersion], articles: [WireArticleName], next: String?) {
        self.cursor = cursor
        self.versions = LenientList(versions.sorted { $0.sequence < $1.sequence })
        self.articles = articles
        self.next = next
    }
}

extension SnapshotResponse: WireMessage {
    /// Reads the message.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        cursor = try members.read("cursor")
        versions = try members.read("versions")
        versions.merge(try members.readIfPresent("marks", as: WireMarks.self)?.versions ?? [], by: \.sequence)
        articles = try members.read("articles")
        next = try members.readIfPresent("next")
    }

    /// Writes the message.
    public func write(to writer: inout JSONWriter) {
        let (rest, marks) = WireMarks.split(versions.elements, \.mark)
        writer.object { writer in
            writer.member("articles", articles)
            writer.member("cursor", cursor)
            writer.member("marks", marks)
            writer.member("next", next)
            writer.member("versions", rest)
        }
    }
}

/// The body of `POST /v1/state/common`.
public struct CommonRequest: Hashable, Sendable {
    /// Cursors at which the replica once stood, newest first.
    public var cursors: [StateCursor]

    /// Makes a request.
    public init(cursors: [StateCursor]) {
        self.cursors = cursors
    }
}

extension CommonRequest: WireMessage {
    /// Reads the message.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        cursors = try members.read("cursors")
    }

    /// Writes the message.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("cursors", cursors)
        }
    }
}

/// The answer to `POST /v1/state/common`.
public struct CommonResponse: Hashable, Sendable {
    /// The newest cursor that is part of the log; sequence 0 if none is.
    public var cursor: StateCursor

    /// Makes an answer.
    public init(cursor: StateCursor) {
        self.cursor = cursor
    }
}

extension CommonResponse: WireMessage {
    /// Reads the message.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        cursor = try members.read("cursor")
    }

    /// Writes the message.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("cursor", cursor)
        }
    }
}

/// The body of `POST /v1/state/restore`.
public struct RestoreRequest: Hashable, Sendable {
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

extension RestoreRequest: WireMessage {
    /// Reads the message.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        common = try members.read("common")
        entries = try members.read("entries")
        placed = try members.readIfPresent("placed")
    }

    /// Writes the message.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("common", common)
            writer.member("entries", entries)
            writer.member("placed", placed)
        }
    }
}

/// The answer to `POST /v1/state/restore`.
public struct RestoreResponse: Hashable, Sendable {
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

extension RestoreResponse: WireMessage {
    /// Reads the message.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        places = try members.read("places")
        common = try members.read("common")
        renamed = try members.readIfPresent("renamed")
        head = try members.readIfPresent("head")
    }

    /// Writes the message.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("common", common)
            writer.member("head", head)
            writer.member("places", places)
            writer.member("renamed", renamed)
        }
    }
}

/// The answer to `GET /v1/hello`.
public struct HelloResponse: Hashable, Sendable {
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

extension HelloResponse: WireMessage {
    /// Reads the message.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        server = try members.read("server")
        protocols = try members.read("protocols")
        time = try members.read("time")
    }

    /// Writes the message.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("protocols", protocols)
            writer.member("server", server)
            writer.member("time", time)
        }
    }
}
