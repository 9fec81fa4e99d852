public import SyncCore

/// An entry of a reader's log as it travels.
public enum WireEntry: Hashable, Sendable {
    /// A change that the asking replica pushed in this very request: only its place is told, and its stamp if the
    /// server clamped it.
    case own(sequence: UInt64, number: UInt64, received: WallTime, stamp: HybridTimestamp?)
    /// Any other change, whole.
    case full(sequence: UInt64, received: WallTime, author: ReplicaID, WireChange)

    static let members: Set<String> = ["sequence", "received", "replica", "own", "noteBase", "saw"]
}

extension WireEntry: Codable {
    /// Decodes an entry.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: AnyKey.self)
        let sequence = try container.decodeCount(forKey: AnyKey("sequence"))
        let received = try container.decode(WallTime.self, forKey: AnyKey("received"))
        if let number = try container.decodeIfPresent(UInt64.self, forKey: AnyKey("own")) {
            let stamp = try container.decodeIfPresent(HybridTimestamp.self, forKey: AnyKey("stamp"))
            self = .own(sequence: sequence, number: number, received: received, stamp: stamp)
        } else {
            let author = try container.decode(ReplicaID.self, forKey: AnyKey("replica"))
            let change = try WireChange(from: container, known: Self.members)
            self = .full(sequence: sequence, received: received, author: author, change)
        }
    }

    /// Encodes an entry.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: AnyKey.self)
        switch self {
        case .own(let sequence, let number, let received, let stamp):
            try container.encode(sequence, forKey: AnyKey("sequence"))
            try container.encode(number, forKey: AnyKey("own"))
            try container.encode(received, forKey: AnyKey("received"))
            if let stamp { try container.encode(stamp, forKey: AnyKey("stamp")) }
        case .full(let sequence, let received, let author, let change):
            try container.encodeWholeEntry(sequence, received, author, change)
        }
    }
}

/// A number and the article behind it: `[1, 1234, "9f86…"]`.
public struct WireArticleName: Hashable, Sendable, Codable {
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

    /// Decodes a triple.
    public init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        publication = try container.decode(UInt32.self)
        number = try container.decode(UInt64.self)
        id = try container.decode(ArticleID.self)
    }

    /// Encodes a triple.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(publication)
        try container.encode(number)
        try container.encode(id)
    }
}

/// One version of a register in a snapshot: an entry, and the base of its note.
public struct WireVersion: Hashable, Sendable, Codable {
    /// Its place in the log.
    public var sequence: UInt64
    /// When the server took it.
    public var received: WallTime
    /// Its author.
    public var author: ReplicaID
    /// The change.
    public var change: WireChange
    /// The base of a note; see ``Version/noteBase``.
    public var noteBase: String

    /// Makes a version.
    public init(sequence: UInt64, received: WallTime, author: ReplicaID, change: WireChange, noteBase: String) {
        self.sequence = sequence
        self.received = received
        self.author = author
        self.change = change
        self.noteBase = noteBase
    }

    /// Decodes a version.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: AnyKey.self)
        (sequence, received, author, change) = try container.decodeWholeEntry()
        noteBase = try container.decodeIfPresent(String.self, forKey: AnyKey("noteBase")) ?? ""
    }

    /// Encodes a version.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: AnyKey.self)
        try container.encodeWholeEntry(sequence, received, author, change)
        if !noteBase.isEmpty { try container.encode(noteBase, forKey: AnyKey("noteBase")) }
    }
}

/// An entry that is offered again, and the ids of its field's changes that it had seen.
public struct WireOffer: Hashable, Sendable, Codable {
    /// Its place in the log that was lost.
    public var sequence: UInt64
    /// When the server took it then.
    public var received: WallTime
    /// Its author.
    public var author: ReplicaID
    /// The change.
    public var change: WireChange
    /// What it had seen: `[["replica", number], …]`.
    public var saw: [WireChangeID]

    /// Makes an offer.
    public init(
        sequence: UInt64, received: WallTime, author: ReplicaID, change: WireChange, saw: [WireChangeID]
    ) {
        self.sequence = sequence
        self.received = received
        self.author = author
        self.change = change
        self.saw = saw
    }

    /// Decodes an offer.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: AnyKey.self)
        (sequence, received, author, change) = try container.decodeWholeEntry()
        saw = try container.decodeIfPresent([WireChangeID].self, forKey: AnyKey("saw")) ?? []
    }

    /// Encodes an offer.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: AnyKey.self)
        try container.encodeWholeEntry(sequence, received, author, change)
        if !saw.isEmpty { try container.encode(saw, forKey: AnyKey("saw")) }
    }
}

/// The name of a change: `["00a1…", 41]`.
public struct WireChangeID: Hashable, Sendable, Codable {
    /// The name.
    public var id: ChangeID

    /// Makes a name.
    public init(_ id: ChangeID) {
        self.id = id
    }

    /// Decodes a pair.
    public init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        let replica = try container.decode(ReplicaID.self)
        id = ChangeID(replica: replica, number: try container.decode(UInt64.self))
    }

    /// Encodes a pair.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(id.replica)
        try container.encode(id.number)
    }
}

// The members that every whole entry has, wherever it travels.
extension KeyedDecodingContainer<AnyKey> {
    fileprivate func decodeWholeEntry() throws -> (UInt64, WallTime, ReplicaID, WireChange) {
        (
            try decodeCount(forKey: AnyKey("sequence")), try decode(WallTime.self, forKey: AnyKey("received")),
            try decode(ReplicaID.self, forKey: AnyKey("replica")),
            try WireChange(from: self, known: WireEntry.members)
        )
    }
}

extension KeyedEncodingContainer<AnyKey> {
    fileprivate mutating func encodeWholeEntry(
        _ sequence: UInt64, _ received: WallTime, _ author: ReplicaID, _ change: WireChange
    ) throws {
        try encode(sequence, forKey: AnyKey("sequence"))
        try encode(received, forKey: AnyKey("received"))
        try encode(author, forKey: AnyKey("replica"))
        try change.encode(to: &self)
    }
}
