/// A feed while it is read: what the readers of all formats share.
final class FeedDraft {
    var feed: ParsedFeed
    let documentBase: String?
    let limits: FeedLimits
    /// Who makes the feed when it names no author: its technician, its owner.
    var fallbackAuthors: [ParsedAuthor] = []

    /// Whether the caller ended the parse.
    private(set) var isCancelled = false
    private let askWhetherCancelled: () -> Bool
    private var guids: Set<String> = []
    private var ranks: [Field: Int] = [:]

    /// What several elements may say, the highest rank of which holds.
    private enum Field {
        case title, description, site, icon
    }

    init(
        format: FeedFormat, documentBase: String?, limits: FeedLimits, isCancelled: @escaping () -> Bool = { false }
    ) {
        askWhetherCancelled = isCancelled
        feed = ParsedFeed(format: format)
        self.documentBase = documentBase
        self.limits = limits
    }

    /// Whether no more entry is wanted; says so once.
    func isFull() -> Bool {
        if askWhetherCancelled() {
            if !isCancelled { warn(.limitReached, "the reader gave up waiting; the rest is left out") }
            isCancelled = true
            feed.isCut = true
            return true
        }
        guard feed.entries.count >= limits.entries else { return false }
        feed.isCut = true
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

    func offerTitle(_ line: String, rank: Int) {
        if let line = line.nonEmpty, outranks(.title, rank) { feed.title = line }
    }

    func offerDescription(_ line: String, rank: Int) {
        if let line = line.nonEmpty, outranks(.description, rank) { feed.description = line }
    }

    func offerSite(_ text: String?, base: String?, rank: Int) {
        guard let address = address(text, base: base, of: "feed's link"),
            outranks(.site, rank, orEquals: feed.format != .atom)
        else { return }
        feed.siteURL = address
    }

    func offerIcon(_ text: String?, base: String?, rank: Int) {
        guard let address = address(text, base: base, of: "image"), outranks(.icon, rank) else { return }
        feed.iconURL = address
    }

    func addAuthor(_ author: ParsedAuthor?) {
        guard let author, feed.authors.count < limits.perEntry, !feed.authors.contains(author) else { return }
        feed.authors.append(author)
    }

    func addCategory(_ text: String?) {
        guard let name = CleanText.nonEmptyLine(text), feed.categories.count < limits.perEntry,
            !feed.categories.contains(name)
        else { return }
        feed.categories.append(name)
    }

    /// The feed as it stands, with what could only be known at the end.
    func finish() -> ParsedFeed {
        if feed.authors.isEmpty { feed.authors = Array(fallbackAuthors.prefix(1)) }
        if feed.language?.isEmpty == true { feed.language = nil }
        for index in feed.entries.indices {
            switch feed.entries[index].language {
            case nil: feed.entries[index].language = feed.language
            // Said to be unknown.
            case "": feed.entries[index].language = nil
            default: break
            }
            if feed.entries[index].authors.isEmpty { feed.entries[index].authors = feed.authors }
        }
        return feed
    }

    private func outranks(_ field: Field, _ rank: Int, orEquals: Bool = false) -> Bool {
        let best = ranks[field] ?? 0
        guard rank > best || (orEquals && rank == best) else { return false }
        ranks[field] = rank
        return true
    }
}
