/// What a change is about: the thing a reader says something of.
public enum Entity: Hashable, Sendable {
    /// One article.
    case article(ArticleID)
    /// One newsletter, by its id in the catalog.
    case newsletter(EntityName)
    /// One marketing consent, by its purpose: `brandOffers` or `partnerOffers`.
    case consent(EntityName)
    /// The reader as a whole.
    case reader
    /// A kind of thing that this version does not know, kept for those that do.
    case other(kind: EntityName, name: EntityName)
}

/// An id of the catalog: 1...64 characters of `A-Z a-z 0-9 . _ -`, so that it compares alike in every language.
public struct EntityName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The text.
    public let text: String

    /// Longest name, in bytes.
    public static let maximumBytes = 64

    /// The name, or `nil` if `text` is not one.
    public init?(_ text: some StringProtocol) {
        guard (1...Self.maximumBytes).contains(text.utf8.count), text.utf8.allSatisfy(Self.allowed) else { return nil }
        self.text = String(text)
    }

    private static func allowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// The text.
    public var description: String { text }

    /// Orders names by their bytes: of ASCII text, which names are, Swift's own order is that.
    public static func < (left: EntityName, right: EntityName) -> Bool { left.text < right.text }
}

/// A reader's tag: 1...64 bytes of UTF-8 without control characters or surrounding blanks. Two tags are the same
/// when their bytes are; Swift's own comparison would fold spellings that SQLite and other peers keep apart.
public struct TagName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The text.
    public let text: String

    /// Longest tag, in bytes of UTF-8.
    public static let maximumBytes = 64

    /// The tag, or `nil` if `text` is not one after its surrounding blanks are gone.
    public init?(_ text: String) {
        let trimmed = text.trimmingBlanks
        guard (1...Self.maximumBytes).contains(trimmed.utf8.count),
            trimmed.unicodeScalars.allSatisfy({ !$0.isControl })
        else { return nil }
        self.text = trimmed
    }

    /// The text.
    public var description: String { text }

    /// Whether the bytes are the same.
    public static func == (left: TagName, right: TagName) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }

    /// Orders tags by their bytes.
    public static func < (left: TagName, right: TagName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

extension Unicode.Scalar {
    /// Whether a terminal could take it for a command, or for a change of direction, rather than text.
    public var isControl: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

/// Which of an entity's properties a change sets.
public enum Field: Hashable, Sendable {
    /// Whether an article is read, and how that came about.
    case read
    /// Whether an article is saved.
    case saved
    /// How far an article was read, 0...10,000 basis points.
    case progress
    /// Whether an article carries this tag.
    case tag(TagName)
    /// The reader's note on an article.
    case note
    /// Whether a newsletter is wanted.
    case subscribed
    /// How often a newsletter is wanted.
    case frequency
    /// Whether a marketing consent is given.
    case consent
    /// Whether the reader declared to be 16 or over.
    case ageConfirmed
    /// A field that this version does not know, kept for those that do.
    case other(EntityName)

    /// The name in messages and tables: `read`, `tag:politics`, `x:shelf`.
    public var text: String {
        switch self {
        case .read: "read"
        case .saved: "saved"
        case .progress: "progress"
        case .tag(let name): "tag:" + name.text
        case .note: "note"
        case .subscribed: "subscribed"
        case .frequency: "frequency"
        case .consent: "consent"
        case .ageConfirmed: "ageConfirmed"
        case .other(let name): "x:" + name.text
        }
    }

    /// The field that ``text`` names. A plain name that this version does not know is kept as `other`.
    public init?(text: String) {
        switch text {
        case "read": self = .read
        case "saved": self = .saved
        case "progress": self = .progress
        case "note": self = .note
        case "subscribed": self = .subscribed
        case "frequency": self = .frequency
        case "consent": self = .consent
        case "ageConfirmed": self = .ageConfirmed
        default:
            if text.hasPrefix("tag:") {
                guard let name = TagName(String(text.dropFirst(4))) else { return nil }
                self = .tag(name)
            } else if text.hasPrefix("x:"), let name = EntityName(text.dropFirst(2)) {
                self = .other(name)
            } else {
                return nil
            }
        }
    }
}

/// The name of one register: one field of one entity. Every change sets exactly one.
public struct RegisterKey: Hashable, Sendable {
    /// The thing.
    public let entity: Entity
    /// Its property.
    public let field: Field

    /// The key, or `nil` if such an entity has no such field.
    public init?(_ entity: Entity, _ field: Field) {
        let fits =
            switch (entity, field) {
            case (.article, .read), (.article, .saved), (.article, .progress), (.article, .tag), (.article, .note),
                (.newsletter, .subscribed), (.newsletter, .frequency), (.consent, .consent),
                (.reader, .ageConfirmed), (_, .other):
                true
            default: false
            }
        guard fits else { return nil }
        self.entity = entity
        self.field = field
    }
}
