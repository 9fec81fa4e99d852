public import SyncCore

/// An entry of a reader's log as it travels.
public enum WireEntry: Hashable, Sendable {
    /// A change that the asking replica pushed in this very request: only its place is told, and its stamp if the
    /// server clamped it.
    case own(sequence: UInt64, number: UInt64, received: WallTime, stamp: HybridTimestamp?)
    /// Any other change, whole.
    case full(sequence: UInt64, received: WallTime, author: ReplicaID, WireChange)
}

extension WireEntry {
    /// Its place in the log.
    public var sequence: UInt64 {
        switch self {
        case .own(let sequence, _, _, _), .full(let sequence, _, _, _): sequence
        }
    }

    /// What ``WireMarks/split(_:_:)`` asks for.
    var mark: (WireChange, WirePlace?)? {
        guard case .full(let sequence, let received, let author, let change) = self else { return nil }
        return (change, WirePlace(sequence: sequence, received: received, author: author))
    }
}

extension WireMarks {
    /// The marks as entries; none if they stand in no log.
    var entries: [WireEntry] {
        zip(places, changes).map { .full(sequence: $0.sequence, received: $0.received, author: $0.author, $1) }
    }

    /// The marks as versions; none if they stand in no log.
    var versions: [WireVersion] {
        zip(places, changes).map {
            WireVersion(sequence: $0.sequence, received: $0.received, author: $0.author, change: $1, noteBase: "")
        }
    }
}

extension WireReceipts {
    var entries: [WireEntry] {
        rows.map { .own(sequence: $0.sequence, number: $0.number, received: $0.received, stamp: nil) }
    }
}

/// What stands beside a change, where it is part of a log.
struct WirePlace: Hashable, Sendable {
    var sequence: UInt64
    var received: WallTime
    var author: ReplicaID
    var noteBase: String?
    var saw: [WireChangeID]?
}

extension JSONMembers {
    /// Reads the members that stand beside a change.
    fileprivate func place() throws(WireError) -> WirePlace {
        WirePlace(sequence: try count("sequence"), received: try read("received"), author: try read("replica"))
    }
}

extension WireEntry: WireMessage {
    /// Reads an entry.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        let sequence = try members.count("sequence")
        let received = try members.read("received", as: WallTime.self)
        if let number = try members.readIfPresent("own", as: UInt64.self) {
            let stamp = try members.readIfPresent("stamp", as: HybridTimestamp.self)
            self = .own(sequence: sequence, number: number, received: received, stamp: stamp)
        } else {
            let author = try members.read("replica", as: ReplicaID.self)
            let change = try WireChange(from: members, known: WireChange.surroundedMembers)
            self = .full(sequence: sequence, received: received, author: author, change)
        }
    }

    /// Writes the entry.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .own(let sequence, let number, let received, let stamp):
            writer.object { writer in
                writer.member("own", number)
                writer.member("received", received)
                writer.member("sequence", sequence)
                writer.member("stamp", stamp)
            }
        case .full(let sequence, let received, let author, let change):
            change.write(
                to: &writer, beside: WirePlace(sequence: sequence, received: received, author: author))
        }
    }
}

/// A number and the article behind it: `[1, 1234, "9f86…"]`.
public struct WireArticleName: Hashable, Sendable, WireMessage {
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

    /// Reads a triple.
    public init(from node: JSONNode) throws(WireError) {
        var list = try node.list()
        publication = try list.read()
        number = try list.read()
        id = try list.read()
    }

    /// Writes a triple.
    public func write(to writer: inout JSONWriter) {
        writer.list { writer in
            writer.element(publication)
            writer.element(number)
            writer.element(id)
        }
    }
}

/// One version of a register in a snapshot: an entry, and the base of its note.
public struct WireVersion: Hashable, Sendable, WireMessage {
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

    /// Reads a version.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        let place = try members.place()
        (sequence, received, author) = (place.sequence, place.received, place.author)
        change = try WireChange(from: members, known: WireChange.surroundedMembers)
        noteBase = try members.readIfPresent("noteBase") ?? ""
    }

    /// What ``WireMarks/split(_:_:)`` asks for.
    var mark: (WireChange, WirePlace?)? {
        noteBase.isEmpty ? (change, WirePlace(sequence: sequence, received: received, author: author)) : nil
    }

    /// Writes the version.
    public func write(to writer: inout JSONWriter) {
        var place = WirePlace(sequence: sequence, received: received, author: author)
        if !noteBase.isEmpty { place.noteBase = noteBase }
        change.write(to: &writer, beside: place)
    }
}

/// An entry that is offered again, and the ids of its field's changes that it had seen.
public struct WireOffer: Hashable, Sendable, WireMessage {
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

    /// Reads an offer.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        let place = try members.place()
        (sequence, received, author) = (place.sequence, place.received, place.author)
        change = try WireChange(from: members, known: WireChange.surroundedMembers)
        saw = try members.readIfPresent("saw") ?? []
    }

    /// Writes the offer.
    public func write(to writer: inout JSONWriter) {
        var place = WirePlace(sequence: sequence, received: received, author: author)
        if !saw.isEmpty { place.saw = saw }
        change.write(to: &writer, beside: place)
    }
}

/// The name of a change: `["00a1…", 41]`.
public struct WireChangeID: Hashable, Sendable, WireMessage {
    /// The name.
    public var id: ChangeID

    /// Makes a name.
    public init(_ id: ChangeID) {
        self.id = id
    }

    /// Reads a pair.
    public init(from node: JSONNode) throws(WireError) {
        var list = try node.list()
        let replica = try list.read(ReplicaID.self)
        id = ChangeID(replica: replica, number: try list.read(UInt64.self))
    }

    /// Writes the pair.
    public func write(to writer: inout JSONWriter) {
        writer.list { writer in
            writer.element(id.replica)
            writer.element(id.number)
        }
    }
}
