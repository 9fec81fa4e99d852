/// A feed as we understand it: what the publisher says, cleaned, with every link absolute where a base is known.
///
/// No string in it holds a control character other than line feed and tab, nor a bidirectional override, so any of
/// them can be written to a terminal.
public struct ParsedFeed: Sendable, Equatable {
    /// The family of formats the document belongs to.
    public var format: FeedFormat
    /// The version of the format, as `0.91`, `2.0`; empty when the document does not say.
    public var version: String
    /// The encoding the document was read in, by its name in the Encoding Standard, in small letters.
    public var encoding: String
    /// The title on one line; empty when the feed has none.
    public var title: String
    /// The page the feed belongs to.
    public var siteURL: String?
    /// Where the feed says it lives (`rel="self"`).
    public var feedURL: String?
    /// The language tag as written (BCP 47).
    public var language: String?
    /// What the feed is about, on one line.
    public var description: String?
    /// The icon or logo.
    public var iconURL: String?
    /// Who makes the feed; entries that name nobody have them as authors.
    public var authors: [ParsedAuthor]
    /// What the feed is about, in the publisher's categories.
    public var categories: [String]
    /// When the feed was published, ms since 1970-01-01T00:00Z.
    public var published: Int64?
    /// When the feed last changed, ms since 1970-01-01T00:00Z.
    public var updated: Int64?
    /// When the publisher wants the feed to be fetched.
    public var hints: FeedHints
    /// Entries in the order of the document.
    public var entries: [ParsedEntry]
    /// What was odd or damaged, in the order of discovery; at most ``FeedLimits/warnings``.
    public var warnings: [FeedWarning]
    /// Whether entries may be missing: the document ended before its root element did, or reading ended at a limit or
    /// because the caller gave up. A document that only had to be repaired is not cut.
    public var isCut = false

    /// Makes a feed without entries.
    public init(format: FeedFormat, version: String = "", title: String = "") {
        self.format = format
        self.version = version
        self.encoding = "utf-8"
        self.title = title
        self.authors = []
        self.categories = []
        self.hints = FeedHints()
        self.entries = []
        self.warnings = []
    }

    /// Whether part of the document was lost or had to be repaired.
    public var isDamaged: Bool { warnings.contains { $0.code == .damaged || $0.code == .limitReached } }
}

/// The family of formats a feed document belongs to; ``ParsedFeed/version`` says which one of it.
public enum FeedFormat: String, Sendable, Equatable {
    /// RSS 0.91 to 0.94 and 2.0: `<rss version="...">`.
    case rss
    /// RSS 0.90, 1.0 and 1.1: RDF.
    case rdf
    /// Atom 0.3 and 1.0 (RFC 4287).
    case atom
    /// Channel Definition Format (1997).
    case cdf
    /// JSON Feed 1.0 and 1.1.
    case json
}

/// When the publisher wants a feed to be fetched. Hints only: a caller bounds them.
public struct FeedHints: Sendable, Equatable {
    /// Milliseconds for which the feed may be kept (`ttl`, or `sy:updatePeriod` with its frequency); `nil`: not said.
    public var lifetime: Int64?
    /// Hours of the day, 0...23 by UTC, in which the feed need not be fetched (`skipHours`).
    public var skippedHours: Set<Int>
    /// Days of the week, 0 for Monday ... 6 for Sunday, by UTC, on which it need not be fetched (`skipDays`).
    public var skippedDays: Set<Int>
    /// Where the feed moved to, as the document says (`itunes:new-feed-url`).
    public var newURL: String?
    /// Whether the publisher says that the feed will never change again (JSON Feed `expired`).
    public var isFinished = false

    /// Makes hints that say nothing.
    public init() {
        skippedHours = []
        skippedDays = []
    }
}

/// Something a careful reader would want to know about a feed that was parsed all the same.
public struct FeedWarning: Sendable, Equatable {
    /// What kind of oddity it is.
    public enum Code: String, Sendable {
        /// The document is cut short or malformed; what could be recovered was.
        case damaged
        /// A bound of ``FeedLimits`` was reached and the rest was left out.
        case limitReached
        /// Two entries carry the same guid.
        case duplicateGuid
        /// A date that means nothing; the entry has none.
        case badDate
        /// An entity that is neither predefined nor of HTML; it is kept as text, never expanded.
        case unknownEntity
        /// A link that could not be made absolute, or whose scheme is not allowed.
        case badLink
        /// Bytes that do not belong to the declared encoding, or an encoding we do not know.
        case badEncoding
        /// A member of a JSON Feed that is missing, of the wrong type, or there twice; what it concerns is left out.
        case badMember
    }

    /// What kind of oddity it is.
    public var code: Code
    /// One line for a person.
    public var message: String
    /// The position in ``ParsedFeed/entries`` the warning is about, if it is about one.
    public var entry: Int?

    /// Makes a warning.
    public init(_ code: Code, _ message: String, entry: Int? = nil) {
        self.code = code
        self.message = message
        self.entry = entry
    }
}
