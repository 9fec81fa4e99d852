/// A feed while it is read: what the readers of all formats share.
final class FeedDraft {
    var feed = ParsedFeed(format: .rss)
    let documentBase: String?
    let limits: FeedLimits
    /// Authors of the feed, who wrote the entries that name nobody.
    var authors: [ParsedAuthor] = []

    private var guids: Set<String> = []

    init(documentBase: String?, limits: FeedLimits) {
        self.documentBase = documentBase
        self.limits = limits
    }

    /// Whether one more entry would be too many; says so once.
    var isFull: Bool {
        guard feed.entries.count >= limits.entries else { return false }
        warn(.limitReached, "more than \(limits.entries) entries; the rest is left out")
        return true
    }

    /// Keeps a warning, up to the bound on them.
    func warn(_ code: FeedWarning.Code, _ message: String, entry: Int? = nil) {
        guard feed.warnings.count < limits.warnings else { return }
        feed.warnings.append(FeedWarning(code, message, entry: entry))
    }

    /// What relative addresses outside `xml:base` are relative to: the channel's page, else the document.
    var fallbackBase: String? { feed.siteURL ?? documentBase }

    /// `text` as an absolute web address; warns and gives `nil` when it is none.
    func address(_ text: String?, base: String?, of what: String, entry: Int? = nil) -> String? {
        guard let text = CleanText.nonEmptyLine(text) else { return nil }
        if let address = WebAddress.absolute(text, base: base, use: .resource) { return address }
        warn(.badLink, "the \(what) \(String(text.prefix(80))) is no web address we can follow", entry: entry)
        return nil
    }

    /// `text` as an instant; warns and gives `nil` when it is none.
    func date(_ text: String, entry: Int? = nil) -> FeedDate? {
        guard let text = CleanText.nonEmptyLine(text) else { return nil }
        if let date = FeedDate.parse(text) { return date }
        warn(.badDate, "the date \(String(text.prefix(80))) means nothing", entry: entry)
        return nil
    }

    /// Adds a finished entry.
    func append(_ entry: ParsedEntry) {
        if let guid = entry.guid, !guids.insert(guid).inserted {
            let position = feed.entries.count
            warn(.duplicateGuid, "another entry carries the guid \(String(guid.prefix(80)))", entry: position)
        }
        feed.entries.append(entry)
    }

    /// The feed as it stands, with what could only be known at the end.
    func finish() -> ParsedFeed {
        for index in feed.entries.indices {
            if feed.entries[index].language == nil { feed.entries[index].language = feed.language }
            if feed.entries[index].authors.isEmpty { feed.entries[index].authors = authors }
        }
        return feed
    }
}
