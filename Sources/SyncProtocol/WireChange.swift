public import SyncCore

/// A change as it travels: the author stands beside it, articles go by number, and members that this version has
/// no name for are kept.
public struct WireChange: Hashable, Sendable {
    /// The change's place among its author's.
    public var number: UInt64
    /// When, by the author's clock.
    public var stamp: HybridTimestamp
    /// What the author had seen.
    public var seen: SeenContext
    /// What it is about.
    public var entity: WireEntity
    /// Which property.
    public var field: Field
    /// What it is set to.
    public var value: Value
    /// Members without a name here.
    public var extra: [String: JSONValue]

    init(
        number: UInt64, stamp: HybridTimestamp, seen: SeenContext, entity: WireEntity, field: Field, value: Value
    ) {
        (self.number, self.stamp, self.seen) = (number, stamp, seen)
        (self.entity, self.field, self.value) = (entity, field, value)
        extra = [:]
    }

    /// Makes the message of a change.
    public init(_ change: Change, reference: (ArticleID) -> ArticleReference?) {
        number = change.id.number
        stamp = change.stamp
        seen = change.seen
        entity = WireEntity(change.key.entity, reference: reference)
        field = change.key.field
        value = change.value
        extra = change.extra
    }

    /// The change that `author` made.
    ///
    /// - Returns: `nil` if the article's number is unknown to `resolve`, or the parts do not fit together.
    public func change(by author: ReplicaID, resolve: (UInt32, UInt64) -> ArticleID?) -> Change? {
        guard let entity = entity.entity(resolve: resolve), let key = RegisterKey(entity, field) else { return nil }
        return Change(
            id: ChangeID(replica: author, number: number), stamp: stamp, seen: seen, key: key, value: value,
            extra: extra)
    }
}

extension WireChange {
    private static let names: [StaticString] =
        WireEntity.names + ["number", "stamp", "seen", "also", "field", "value", "by", "base", "wording"]
    /// The names of a change's members.
    static let members = JSONNames(names)
    /// The same, and those of whatever may surround it.
    static let surroundedMembers = JSONNames(names + ["sequence", "received", "replica", "own", "noteBase", "saw"])

    /// Reads a change's members; those that are not in `known` are kept.
    init(from members: JSONMembers, known: JSONNames) throws(WireError) {
        number = try members.count("number")
        stamp = try members.read("stamp")
        let also = try members.readIfPresent("also", as: [UInt64].self) ?? []
        seen = SeenContext(through: try members.count("seen"), also: also)
        entity = try WireEntity(from: members)
        let name = try members.read("field", as: String.self)
        guard let field = Field(text: name) else { throw WireError(path: "field", "not the name of a field") }
        self.field = field
        value = try Value(from: members, field: field)
        extra = try members.unknown(known)
        guard also.count <= Limits.seenAlso, also.allSatisfy({ $0 <= Limits.maximumCount }), number > 0,
            value.fits(field), extra.isBounded
        else { throw WireError(path: "value", "outside the limits of a \(name) change") }
    }

    /// Writes a change, and between its members those that stand beside it in an entry.
    func write(to writer: inout JSONWriter, beside place: WirePlace?) {
        writer.object(extra) { writer in
            if !seen.also.isEmpty { writer.member("also", seen.also) }
            writer.member("article", entity.article)
            writer.member("base", value.base)
            writer.member("by", value.origin)
            writer.member("consent", entity.consent)
            writer.member("field", field.text)
            writer.member("newsletter", entity.newsletter)
            writer.member("noteBase", place?.noteBase)
            writer.member("number", number)
            writer.member("other", entity.other)
            if case .reader = entity { writer.member("reader", true) }
            writer.member("received", place?.received)
            writer.member("replica", place?.author)
            writer.member("saw", place?.saw)
            writer.member("seen", seen.through)
            writer.member("sequence", place?.sequence)
            writer.member("stamp", stamp)
            value.writeValue(to: &writer)
            writer.member("wording", value.terms)
        }
    }
}

extension WireChange: WireMessage {
    /// Reads a change that stands alone, as in a push.
    public init(from node: JSONNode) throws(WireError) {
        try self.init(from: node.members(), known: Self.members)
    }

    /// Writes the change.
    public func write(to writer: inout JSONWriter) { write(to: &writer, beside: nil) }
}

extension [String: JSONValue] {
    /// Whether there are few enough members, and little enough in them.
    fileprivate var isBounded: Bool {
        count <= Limits.extraMembers && reduce(0) { $0 + $1.key.utf8.count + $1.value.weight } <= Limits.extraBytes
    }
}

extension JSONValue {
    /// Bytes of all names and texts, and eight for anything else.
    fileprivate var weight: Int {
        switch self {
        case .null, .bool, .integer, .fraction: 8
        case .string(let text): text.utf8.count
        case .array(let values): values.reduce(8) { $0 + $1.weight }
        case .object(let members): members.reduce(8) { $0 + $1.key.utf8.count + $1.value.weight }
        }
    }
}
