public import SyncCore

/// How a message names an article: by number where both sides hold the catalog, by identity otherwise.
public enum ArticleReference: Hashable, Sendable {
    /// `[publication, article]`.
    case number(publication: UInt32, article: UInt64)
    /// 32 hexadecimal digits.
    case id(ArticleID)
}

/// How a message names what a change is about.
public enum WireEntity: Hashable, Sendable {
    /// `"article": [1, 1234]` or `"article": "9f86…"`.
    case article(ArticleReference)
    /// `"newsletter": "weekly-brief"`.
    case newsletter(EntityName)
    /// `"consent": "brandOffers"`.
    case consent(EntityName)
    /// `"reader": true`.
    case reader
    /// `"other": ["kind", "name"]`.
    case other(EntityName, EntityName)

    static let members: Set<String> = ["article", "newsletter", "consent", "reader", "other"]

    /// Names an entity; articles by what `reference` says, or by identity.
    public init(_ entity: Entity, reference: (ArticleID) -> ArticleReference?) {
        switch entity {
        case .article(let id): self = .article(reference(id) ?? .id(id))
        case .newsletter(let name): self = .newsletter(name)
        case .consent(let name): self = .consent(name)
        case .reader: self = .reader
        case .other(let kind, let name): self = .other(kind, name)
        }
    }

    /// The entity; `nil` for an article whose number `resolve` does not know.
    public func entity(resolve: (UInt32, UInt64) -> ArticleID?) -> Entity? {
        switch self {
        case .article(.id(let id)): .article(id)
        case .article(.number(let publication, let article)): resolve(publication, article).map { .article($0) }
        case .newsletter(let name): .newsletter(name)
        case .consent(let name): .consent(name)
        case .reader: .reader
        case .other(let kind, let name): .other(kind: kind, name: name)
        }
    }

    init(from container: KeyedDecodingContainer<AnyKey>) throws {
        if let reference = try container.decodeIfPresent(ArticleReference.self, forKey: AnyKey("article")) {
            self = .article(reference)
        } else if let name = try container.decodeIfPresent(EntityName.self, forKey: AnyKey("newsletter")) {
            self = .newsletter(name)
        } else if let name = try container.decodeIfPresent(EntityName.self, forKey: AnyKey("consent")) {
            self = .consent(name)
        } else if try container.decodeIfPresent(Bool.self, forKey: AnyKey("reader")) == true {
            self = .reader
        } else if let parts = try container.decodeIfPresent([EntityName].self, forKey: AnyKey("other")),
            parts.count == 2
        {
            self = .other(parts[0], parts[1])
        } else {
            throw DecodingError.dataCorruptedError(
                forKey: AnyKey("article"), in: container,
                debugDescription: "one of article, newsletter, consent, reader, other must say what changes")
        }
    }

    func encode(to container: inout KeyedEncodingContainer<AnyKey>) throws {
        switch self {
        case .article(let reference): try container.encode(reference, forKey: AnyKey("article"))
        case .newsletter(let name): try container.encode(name, forKey: AnyKey("newsletter"))
        case .consent(let name): try container.encode(name, forKey: AnyKey("consent"))
        case .reader: try container.encode(true, forKey: AnyKey("reader"))
        case .other(let kind, let name): try container.encode([kind, name], forKey: AnyKey("other"))
        }
    }
}

extension ArticleReference: Codable {
    /// Decodes `[publication, article]` or 32 hexadecimal digits.
    public init(from decoder: any Decoder) throws {
        if let id = try? ArticleID(from: decoder) {
            self = .id(id)
        } else {
            var container = try decoder.unkeyedContainer()
            let publication = try container.decode(UInt32.self)
            self = .number(publication: publication, article: try container.decode(UInt64.self))
        }
    }

    /// Encodes the reference.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .id(let id): try id.encode(to: encoder)
        case .number(let publication, let article):
            var container = encoder.unkeyedContainer()
            try container.encode(publication)
            try container.encode(article)
        }
    }
}
