/// What another reader says of one article: only that it is read or saved, never that it is not.
public struct ImportedMark: Sendable, Hashable {
    /// The address of its feed; `nil` if it is not known.
    public var feed: String?
    /// What the publisher calls it; `nil` if that is not known, or was made up by the other reader.
    public var guid: String?
    /// Its page.
    public var url: String?
    /// Its headline, for people.
    public var title: String?
    /// Whether it was read.
    public var isRead: Bool
    /// Whether it was saved: starred, flagged, a favourite.
    public var isSaved: Bool

    /// Makes a mark. Texts that are empty, or longer than ``maximumBytes``, name nothing.
    public init(
        feed: String?, guid: String?, url: String?, title: String? = nil, isRead: Bool, isSaved: Bool
    ) {
        self.feed = Self.named(feed)
        self.guid = Self.named(guid)
        self.url = Self.named(url)
        self.title = title.map { String($0.unicodeScalars.prefix(300)) }
        self.isRead = isRead
        self.isSaved = isSaved
    }

    /// Longest address or guid that is looked at.
    public static let maximumBytes = 4096

    private static func named(_ text: String?) -> String? {
        text.flatMap { $0.isEmpty || $0.utf8.count > maximumBytes ? nil : $0 }
    }
}

/// What one file of another reader says.
public struct ImportedState: Sendable, Hashable {
    /// Whose file it is.
    public var source: ImportSource
    /// Articles that are read or saved.
    public var marks: [ImportedMark] = []
    /// Articles that the file has, also those that are neither.
    public var entries = 0
    /// Entries that could not be read.
    public var damaged = 0

    init(_ source: ImportSource) {
        self.source = source
    }

    /// Counts an entry, and keeps it if it says something.
    mutating func add(_ mark: ImportedMark) throws(ImportError) {
        entries += 1
        guard entries <= StateImport.maximumEntries else {
            throw ImportError(.tooLarge, "it has more than \(StateImport.maximumEntries) articles")
        }
        if mark.isRead || mark.isSaved { marks.append(mark) }
    }
}

/// The readers whose files are understood.
public enum ImportSource: String, Sendable, CaseIterable {
    /// NetNewsWire's database of an account, `DB.sqlite3`: tables `articles` and `statuses`.
    case netnewswire
    /// newsboat's and newsbeuter's `cache.db`: table `rss_item`.
    case newsboat
    /// FreshRSS's export: a ZIP archive of JSON files in the form of Google Reader, or one of these files.
    case freshrss
    /// The answer of Miniflux's `GET /v1/entries`.
    case miniflux
    /// Lines of JSON, as `import state --unmatched` writes them.
    case jsonl
}

/// Why a file was not understood.
public struct ImportError: Error, Sendable, Hashable {
    /// What kind of reason it is.
    public enum Code: String, Sendable {
        /// The form is not known.
        case unknownFormat
        /// It is a list of feeds, and says nothing of articles.
        case feedList
        /// It is of another reader than the one that was named.
        case otherFormat
        /// It has more than is taken in.
        case tooLarge
        /// It cannot be read to its end.
        case damaged
        /// The other reader is using it.
        case busy
        /// The task was cancelled.
        case cancelled
    }

    /// The kind.
    public var code: Code
    /// A sentence without a full stop that begins with 'it'.
    public var detail: String

    init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }
}
