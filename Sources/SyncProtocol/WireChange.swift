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

    static let members: Set<String> = WireEntity.members.union([
        "number", "stamp", "seen", "also", "field", "value", "by", "base", "wording",
    ])

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

    /// Reads a change's members; those in `known` belong to the surrounding message.
    init(from container: KeyedDecodingContainer<AnyKey>, known: Set<String>) throws {
        number = try container.decodeCount(forKey: AnyKey("number"))
        stamp = try container.decode(HybridTimestamp.self, forKey: AnyKey("stamp"))
        let also = try container.decodeIfPresent([UInt64].self, forKey: AnyKey("also")) ?? []
        seen = SeenContext(through: try container.decodeCount(forKey: AnyKey("seen")), also: also)
        entity = try WireEntity(from: container)
        let name = try container.decode(String.self, forKey: AnyKey("field"))
        guard let field = Field(text: name) else {
            throw DecodingError.dataCorruptedError(
                forKey: AnyKey("field"), in: container, debugDescription: "not the name of a field")
        }
        self.field = field
        value = try Value(from: container, field: field)
        extra = [:]
        for key in container.allKeys where !Self.members.contains(key.stringValue) && !known.contains(key.stringValue) {
            extra[key.stringValue] = try container.decode(JSONValue.self, forKey: key)
        }
        guard also.count <= Limits.seenAlso, also.allSatisfy({ $0 <= Limits.maximumCount }), number > 0,
            value.fits(field), extra.isBounded
        else {
            throw DecodingError.dataCorruptedError(
                forKey: AnyKey("value"), in: container, debugDescription: "outside the limits of a \(name) change")
        }
    }

    func encode(to container: inout KeyedEncodingContainer<AnyKey>) throws {
        try container.encode(number, forKey: AnyKey("number"))
        try container.encode(stamp, forKey: AnyKey("stamp"))
        try container.encode(seen.through, forKey: AnyKey("seen"))
        if !seen.also.isEmpty { try container.encode(seen.also, forKey: AnyKey("also")) }
        try entity.encode(to: &container)
        try container.encode(field.text, forKey: AnyKey("field"))
        try value.encode(to: &container)
        for (name, value) in extra { try container.encode(value, forKey: AnyKey(name)) }
    }
}

extension WireChange: Codable {
    /// Decodes a change that stands alone, as in a push.
    public init(from decoder: any Decoder) throws {
        try self.init(from: try decoder.container(keyedBy: AnyKey.self), known: [])
    }

    /// Encodes the change.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: AnyKey.self)
        try encode(to: &container)
    }
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
