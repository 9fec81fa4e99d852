/// What a change sets its field to.
public enum Value: Hashable, Sendable {
    /// Read or unread, and how the mark came about.
    case read(Bool, by: MarkOrigin)
    /// Of `saved`, `tag`, `subscribed` and `ageConfirmed`.
    case flag(Bool)
    /// Basis points, 0...10,000.
    case progress(Int)
    /// A note's text, and the text that its author edited: the base of a three-way merge.
    case note(String, base: String)
    /// How often.
    case frequency(Cadence)
    /// Given or withdrawn, with what the reader was shown.
    case consent(Bool, ConsentTerms)
    /// The value of a field that this version does not know.
    case other(JSONValue)

    /// Largest progress, in basis points.
    public static let maximumProgress = 10_000
    /// Longest note, in bytes of UTF-8.
    public static let maximumNoteBytes = 32_768

    /// Whether the value belongs to `field` and is within its range.
    public func fits(_ field: Field) -> Bool {
        switch (field, self) {
        case (.read, .read), (.saved, .flag), (.tag, .flag), (.subscribed, .flag), (.ageConfirmed, .flag),
            (.frequency, .frequency), (.other, .other):
            true
        case (.progress, .progress(let points)): (0...Self.maximumProgress).contains(points)
        case (.note, .note(let text, let base)):
            text.utf8.count <= Self.maximumNoteBytes && base.utf8.count <= Self.maximumNoteBytes
        case (.consent, .consent(_, let terms)): terms.isBounded
        default: false
        }
    }

    /// Whether two values of one field mean the same to the reader, so that they cannot conflict.
    public func agrees(with other: Value) -> Bool {
        switch (self, other) {
        case (.read(let mine, _), .read(let theirs, _)): mine == theirs
        case (.flag(let mine), .flag(let theirs)): mine == theirs
        case (.progress(let mine), .progress(let theirs)): mine == theirs
        case (.note(let mine, _), .note(let theirs, _)): mine.utf8.elementsEqual(theirs.utf8)
        case (.frequency(let mine), .frequency(let theirs)): mine == theirs
        case (.consent(let mine, _), .consent(let theirs, _)): mine == theirs
        // By their bytes, as every language can compare them: Swift takes two spellings of one letter for equal.
        case (.other(let mine), .other(let theirs)): mine.canonicalBytes == theirs.canonicalBytes
        default: false
        }
    }
}

/// How a read mark came about; the more deliberate one wins between concurrent marks.
public enum MarkOrigin: Int, Hashable, Comparable, Sendable, CaseIterable {
    /// One of many: "mark all read".
    case bulk = 0
    /// Opened, or scrolled past.
    case implicit = 1
    /// The reader named this article.
    case explicit = 2

    /// Orders origins by how deliberate they are.
    public static func < (left: MarkOrigin, right: MarkOrigin) -> Bool { left.rawValue < right.rawValue }

    /// The name in messages.
    public var text: String {
        switch self {
        case .bulk: "bulk"
        case .implicit: "implicit"
        case .explicit: "explicit"
        }
    }

    /// The origin that ``text`` names.
    public init?(text: String) {
        guard let origin = Self.allCases.first(where: { $0.text == text }) else { return nil }
        self = origin
    }
}

/// How often a newsletter comes. Names outside the known ones are kept; against a known one they count as more
/// frequent, so that a merge never raises the amount of mail by a word it does not understand.
public struct Cadence: Hashable, Sendable, CustomStringConvertible {
    /// The name.
    public let name: EntityName

    /// Makes a cadence.
    public init(_ name: EntityName) {
        self.name = name
    }

    /// Makes a cadence from its name, `nil` if that is no name at all.
    public init?(_ text: String) {
        guard let name = EntityName(text) else { return nil }
        self.name = name
    }

    /// Known names, the most frequent first.
    public static let known = ["daily", "weekdays", "weekly", "fortnightly", "monthly", "quarterly"]

    /// Position among the known names, larger is rarer; -1 for any other name.
    public var rarity: Int { Self.known.firstIndex(of: name.text) ?? -1 }

    /// The name.
    public var description: String { name.text }
}

/// What a reader was shown when a consent was given or withdrawn: part of the record, never of the merge.
public struct ConsentTerms: Hashable, Sendable {
    /// The version of the wording.
    public var wordingVersion: String
    /// The digest of the wording's text, as the catalog gave it.
    public var wordingHash: String
    /// The version of the privacy policy.
    public var policyVersion: String
    /// The version of the general terms.
    public var termsVersion: String
    /// Where in the product: `cli`, `app`, `web`.
    public var surface: String

    /// Longest of each text, in bytes of UTF-8.
    public static let maximumBytes = 128

    /// Makes the terms.
    public init(
        wordingVersion: String, wordingHash: String, policyVersion: String, termsVersion: String, surface: String
    ) {
        self.wordingVersion = wordingVersion
        self.wordingHash = wordingHash
        self.policyVersion = policyVersion
        self.termsVersion = termsVersion
        self.surface = surface
    }

    var isBounded: Bool {
        [wordingVersion, wordingHash, policyVersion, termsVersion, surface].allSatisfy {
            $0.utf8.count <= Self.maximumBytes
        }
    }
}

extension Value {
    /// Whether it takes something away that only the reader may give: it unsubscribes, or withdraws a consent.
    public func isOptOut(_ field: Field) -> Bool {
        switch (field, self) {
        case (.subscribed, .flag(false)), (.consent, .consent(false, _)): true
        default: false
        }
    }

    /// Whether it gives what only the reader may give.
    public func isOptIn(_ field: Field) -> Bool {
        switch (field, self) {
        case (.subscribed, .flag(true)), (.consent, .consent(true, _)): true
        default: false
        }
    }
}
