public import SyncCore

/// The body of `POST /v1/sync`.
public struct SyncRequest: Hashable, Sendable {
    /// ``Limits/protocolVersion``.
    public var `protocol`: Int
    /// Who asks.
    public var replica: ReplicaID
    /// How far the replica has followed the log.
    public var cursor: StateCursor
    /// Numbered changes, in the order of their numbers.
    public var push: LenientList<WireChange>
    /// What the replica holds of each publication.
    public var catalog: [CatalogHead]
    /// The library it holds.
    public var library: String?
    /// The account it holds.
    public var account: String?
    /// Whether the answer must spell out the articles it mentions.
    public var names: Bool

    /// Makes a request.
    public init(
        replica: ReplicaID, cursor: StateCursor, push: [WireChange], catalog: [CatalogHead], library: String?,
        account: String?, names: Bool
    ) {
        self.protocol = Limits.protocolVersion
        self.replica = replica
        self.cursor = cursor
        self.push = LenientList(push)
        self.catalog = catalog
        self.library = library
        self.account = account
        self.names = names
    }
}

extension SyncRequest: WireMessage {
    /// Reads the message.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        `protocol` = try members.read("protocol")
        replica = try members.read("replica")
        cursor = try members.read("cursor")
        push = try members.read("push")
        push.merge(try members.readIfPresent("marks", as: WireMarks.self)?.changes ?? []) { $0.number }
        catalog = try members.read("catalog")
        library = try members.readIfPresent("library")
        account = try members.readIfPresent("account")
        names = try members.read("names")
    }

    /// Writes the message.
    public func write(to writer: inout JSONWriter) {
        let (push, marks) = WireMarks.split(push.elements) { ($0, nil) }
        writer.object { writer in
            writer.member("account", account)
            writer.member("catalog", catalog)
            writer.member("cursor", cursor)
            writer.member("library", library)
            writer.member("marks", marks)
            writer.member("names", names)
            writer.member("protocol", `protocol`)
            writer.member("push", push)
            writer.member("replica", replica)
        }
    }
}

/// The answer to `POST /v1/sync`.
public struct SyncResponse: Hashable, Sendable {
    /// The server's clock.
    public var time: WallTime
    /// Entries beyond the cursor.
    public var entries: LenientList<WireEntry>
    /// The articles they mention, if asked for.
    public var articles: [WireArticleName]?
    /// The cursor after them.
    public var cursor: StateCursor
    /// Entries left after this page.
    public var remaining: UInt64
    /// Changes that were not taken.
    public var refused: [WireRefusal]
    /// Numbers of pushed changes that were taken long before, and whose entries no page of this replica will hold.
    public var settled: [UInt64]?
    /// Heads of the publications whose history is not what the replica holds.
    public var heads: [CatalogHead]
    /// Short newest pieces of history.
    public var tails: [WireTail]
    /// The library, if it changed.
    public var library: WireLibrary?
    /// The account, if it changed.
    public var account: WireAccount?

    /// Makes an answer.
    public init(
        time: WallTime, entries: [WireEntry], articles: [WireArticleName]?, cursor: StateCursor,
        remaining: UInt64, refused: [WireRefusal], settled: [UInt64]? = nil, heads: [CatalogHead], tails: [WireTail],
        library: WireLibrary?, account: WireAccount?
    ) {
        self.time = time
        self.entries = LenientList(entries)
        self.articles = articles
        self.cursor = cursor
        self.remaining = remaining
        self.settled = settled
        self.refused = refused
        self.heads = heads
        self.tails = tails
        self.library = library
        self.account = account
    }
}

extension SyncResponse: WireMessage {
    /// Reads the message.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        time = try members.read("time")
        entries = try members.read("entries")
        entries.merge(try members.readIfPresent("marks", as: WireMarks.self)?.entries ?? [], by: \.sequence)
        entries.merge(try members.readIfPresent("receipts", as: WireReceipts.self)?.entries ?? [], by: \.sequence)
        articles = try members.readIfPresent("articles")
        cursor = try members.read("cursor")
        remaining = try members.read("remaining")
        refused = try members.read("refused")
        settled = try members.readIfPresent("settled")
        heads = try members.read("heads")
        tails = try members.read("tails")
        library = try members.readIfPresent("library")
        account = try members.readIfPresent("account")
    }

    /// Writes the message.
    public func write(to writer: inout JSONWriter) {
        let (others, receipts) = WireReceipts.split(entries.elements)
        let (rest, marks) = WireMarks.split(others, \.mark)
        writer.object { writer in
            writer.member("account", account)
            writer.member("articles", articles)
            writer.member("cursor", cursor)
            writer.member("entries", rest)
            writer.member("heads", heads)
            writer.member("library", library)
            writer.member("marks", marks)
            writer.member("receipts", receipts)
            writer.member("refused", refused)
            writer.member("remaining", remaining)
            writer.member("settled", settled)
            writer.member("tails", tails)
            writer.member("time", time)
        }
    }
}

/// A change that was not taken.
public struct WireRefusal: Hashable, Sendable {
    /// Its number.
    public var number: UInt64
    /// One of ``Refusal/Code``, or a word of a later version.
    public var code: String
    /// A sentence.
    public var detail: String

    /// Makes the message of a refusal.
    public init(_ refusal: Refusal) {
        number = refusal.number
        code = refusal.code.rawValue
        detail = refusal.detail
    }

    /// The refusal.
    public var refusal: Refusal {
        Refusal(number: number, code: Refusal.Code(rawValue: code) ?? .other, detail: detail)
    }
}

extension WireRefusal: WireMessage {
    /// Reads the message.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        number = try members.read("number")
        code = try members.read("code")
        detail = try members.read("detail")
    }

    /// Writes the message.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("code", code)
            writer.member("detail", detail)
            writer.member("number", number)
        }
    }
}

/// A piece of history inside an answer: the lines as they stand in the tile.
public struct WireTail: Hashable, Sendable {
    /// The publication.
    public var publication: EntityName
    /// Its history's generation.
    public var generation: String
    /// Index of the first line.
    public var from: UInt64
    /// The chained hash before it.
    public var start: Digest128
    /// The lines.
    public var lines: [String]

    /// Makes a tail.
    public init(publication: EntityName, generation: String, from: UInt64, start: Digest128, lines: [String]) {
        self.publication = publication
        self.generation = generation
        self.from = from
        self.start = start
        self.lines = lines
    }
}

extension WireTail: WireMessage {
    /// Reads the message.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        publication = try members.read("publication")
        generation = try members.read("generation")
        from = try members.read("from")
        start = try members.read("start")
        lines = try members.read("lines")
    }

    /// Writes the message.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("from", from)
            writer.member("generation", generation)
            writer.member("lines", lines)
            writer.member("publication", publication)
            writer.member("start", start)
        }
    }
}
