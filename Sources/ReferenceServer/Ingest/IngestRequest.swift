/// What is to be read into the catalog.
public struct IngestRequest: Sendable, Hashable {
    /// An `http` or `https` URL, of a feed or of a page that names one, or a file's path.
    public var source: String
    /// The publication's id; `nil` keeps the one the source has, or derives it from the host of the feed's site. It is
    /// part of what names an article, so a reader who reads the feed directly, without this server, knows the articles of
    /// another publication than the host's by other names.
    public var publication: String?
    /// The feed's id; `nil` keeps the one the source has, or derives it from the last part of the source.
    public var feed: String?
    /// The feed's title; `nil` takes the document's.
    public var title: String?

    /// Makes a request.
    public init(source: String, publication: String? = nil, feed: String? = nil, title: String? = nil) {
        self.source = source
        self.publication = publication
        self.feed = feed
        self.title = title
    }

    /// Whether the source is fetched rather than opened.
    public var isURL: Bool {
        let lower = source.lowercased()
        return lower.hasPrefix("https://") || lower.hasPrefix("http://")
    }
}

/// What came of reading one source.
public struct IngestReport: Sendable, Hashable, Codable {
    /// How it ended.
    public enum Status: String, Sendable, Hashable, Codable {
        /// The document was read.
        case read
        /// Nothing changed since last time: the publisher said so (304), or sent the same bytes.
        case notModified
        /// It was too early to ask.
        case postponed
        /// It could not be fetched or read; nothing was changed.
        case failed
    }

    /// The source, as given.
    public var source: String
    /// How it ended.
    public var status: Status
    /// The publication it belongs to.
    public var publication: String?
    /// The feed it is.
    public var feed: String?
    /// Entries that were read.
    public var entries = 0
    /// Articles that were new.
    public var added = 0
    /// Articles that the publisher had changed.
    public var corrected = 0
    /// Articles known from another feed of the publication.
    public var joined = 0
    /// Entries that were left out, each with a warning.
    public var skipped = 0
    /// What was odd, in sentences.
    public var warnings: [String] = []
    /// Why it failed.
    public var error: String?
    /// What to do about the failure; `nil` if nothing is known, or the error says it.
    public var remedy: String?
    /// The feeds that a page names, where the source is a page that names several.
    public var candidates: [String] = []
    /// What a person should know of a source that was read, in a sentence.
    public var remark: String?
    /// The kind of failure, see `FetchFailure.Code`; `nil` also where a file or the catalog failed.
    public var code: String?
    /// When to ask the source again, in milliseconds since 1970; `nil` for a file.
    public var due: Int64?

    init(_ source: String, _ status: Status) {
        self.source = source
        self.status = status
    }

    /// A source that gave nothing to write.
    static func failed(_ source: String, _ reason: String) -> IngestReport {
        var report = IngestReport(source, .failed)
        report.error = reason
        return report
    }
}
