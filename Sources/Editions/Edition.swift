public import SyncCore

/// What an edition is of: known before its first article is read, so that pages can name each other. The articles
/// themselves follow one by one, and need not be in memory together.
public struct Edition: Sendable {
    /// An article of the edition.
    public struct Entry: Sendable, Hashable {
        /// Its identity.
        public var id: ArticleID
        /// Its page: links to it stay in the edition.
        public var url: String?
        /// Its headline, for the table of contents.
        public var headline: String
        /// The heading under which it stands there; `nil` for none.
        public var section: String?

        /// Makes an entry.
        public init(id: ArticleID, url: String?, headline: String, section: String?) {
            self.id = id
            self.url = url
            self.headline = Article.title(headline: headline, opening: nil)
            self.section = section
        }
    }

    /// A section: a run of entries.
    struct Section: Sendable {
        var name: String?
        var range: Range<Int>
    }

    /// Its title.
    public let title: String
    /// Its language, a BCP 47 tag: that of its own words and of articles that name none.
    public let language: String
    /// When it was made.
    public let modified: WallTime
    /// The articles by section, sections in the order in which their first articles came.
    public let entries: [Entry]
    let sections: [Section]

    /// Makes an edition of articles; those of one section come to stand together.
    ///
    /// - Parameter language: what is no well-formed tag counts as English.
    public init(title: String, language: String?, modified: WallTime, entries: [Entry]) {
        self.title = title.allSatisfy(\.isWhitespace) ? "Articles" : title
        self.language = LanguageTag.orDefault(language)
        self.modified = modified
        var order: [String?] = []
        var members: [String?: [Entry]] = [:]
        for entry in entries {
            if members[entry.section] == nil { order.append(entry.section) }
            members[entry.section, default: []].append(entry)
        }
        var sorted: [Entry] = []
        var sections: [Section] = []
        for name in order {
            let own = members[name] ?? []
            sections.append(Section(name: name, range: sorted.count..<(sorted.count + own.count)))
            sorted += own
        }
        self.entries = sorted
        self.sections = sections
    }

    /// A name for these articles under this title, the same each time: a UUID of version 8 (RFC 9562 §5.8).
    var identifier: String {
        let bytes = Array(title.utf8) + [0] + entries.flatMap(\.id.digest.bytes)
        let digest = Digest128(hashing: bytes)
        let digits = Array(
            Digest128(
                high: digest.high & 0xFFFF_FFFF_FFFF_0FFF | 0x8000,
                low: digest.low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
            ).description)
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
        return "urn:uuid:" + groups.joined(separator: "-")
    }

    /// Where each page of the edition is, by the form of its address in which spelling makes no difference.
    func places(_ place: (Int) -> String) -> [String: String] {
        var places: [String: String] = [:]
        for (index, entry) in entries.enumerated() {
            guard let key = entry.url.flatMap({ ArticleAlias.key(of: $0) }), places[key] == nil else { continue }
            places[key] = place(index)
        }
        return places
    }
}

/// Why an edition could not be made.
public struct EditionError: Error, Sendable, Hashable {
    /// A sentence without a full stop.
    public var detail: String

    static let outOfOrder = EditionError(detail: "an article is not the next one of the edition")
}
