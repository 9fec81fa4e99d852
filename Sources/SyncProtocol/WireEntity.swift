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

    static let names: [StaticString] = ["article", "newsletter", "consent", "reader", "other"]

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

    init(from members: JSONMembers) throws(WireError) {
        if let reference = try members.readIfPresent("article", as: ArticleReference.self) {
            self = .article(reference)
        } else if let name = try members.readIfPresent("newsletter", as: EntityName.self) {
            self = .newsletter(name)
        } else if let name = try members.readIfPresent("consent", as: EntityName.self) {
            self = .consent(name)
        } else if try members.readIfPresent("reader", as: Bool.self) == true {
            self = .reader
        } else if let parts = try members.readIfPresent("other", as: [EntityName].self), parts.count == 2 {
            self = .other(parts[0], parts[1])
        } else {
            throw WireError(
                path: "article", "one of article, newsletter, consent, reader, other must say what changes")
        }
    }

    // What the member of each name says; `nil` if it is left out.

    var article: ArticleReference? {
        if case .article(let reference) = self { reference } else { nil }
    }

    var newsletter: EntityName? {
        if case .newsletter(let name) = self { name } else { nil }
    }

    var consent: EntityName? {
        if case .consent(let name) = self { name } else { nil }
    }

    var other: [EntityName]? {
        if case .other(let kind, let name) = self { [kind, name] } else { nil }
    }
}

extension ArticleReference: WireMessage {
    /// Reads `[publication, article]` or 32 hexadecimal digits.
    public init(from node: JSONNode) throws(WireError) {
        guard node.token.kind == .array else {
            self = .id(try ArticleID(from: node))
            return
        }
        var list = try node.list()
        let publication = try list.read(UInt32.self)
        self = .number(publication: publication, article: try list.read(UInt64.self))
    }

    /// Writes the reference.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .id(let id): id.write(to: &writer)
        case .number(let publication, let article):
            writer.list { writer in
                writer.element(publication)
                writer.element(article)
            }
        }
    }
}
