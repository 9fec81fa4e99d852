/// An entry while it is read: candidates for each field, and the rules that choose among them.
final class EntryDraft {
    /// Text that is HTML or stands for it, with the base of its addresses.
    struct Body {
        var html: String
        var base: String?
        /// Which element it came from: the highest wins.
        var rank: Int
    }

    var entry = ParsedEntry()
    var media = MediaDraft.Entry()
    /// The publisher said these in our own vocabulary; they win over everything derived.
    var said = Said()

    private let draft: FeedDraft
    private var headlineRank = 0
    private var publishedRank = 0
    private var linkRank = 0
    private var body: Body?
    private var summary: Body?
    /// What `dc:date` says: when the entry was published, or, beside a better date of that, when it changed.
    private var plainDate: FeedDate?

    /// What ``FeedNamespace/article`` elements say.
    struct Said {
        var standfirst: String?
        var section: String?
        var authors: [ParsedAuthor] = []
    }

    init(draft: FeedDraft, element: FeedElement) {
        self.draft = draft
        entry.language = element.language
    }

    /// The position the entry will have.
    var position: Int { draft.feed.entries.count }

    func offerHeadline(_ text: String, rank: Int) {
        guard rank > headlineRank, let line = text.nonEmpty else { return }
        headlineRank = rank
        entry.headline = line
    }

    func offerLink(_ text: String?, base: String?, rank: Int) {
        // Of equals the last holds in RSS, the first in Atom, where they are translations.
        let floor = draft.feed.format == .atom ? linkRank + 1 : linkRank
        guard rank >= max(floor, 1), let address = draft.address(text, base: base, of: "link", entry: position)
        else { return }
        linkRank = rank
        entry.link = address
    }

    func offerBody(_ html: String, of element: FeedElement, base: String?, rank: Int) {
        guard rank > body?.rank ?? 0, html.utf8.contains(where: { !CleanText.isBlank($0) }) else { return }
        body = Body(html: html, base: base, rank: rank)
        if let language = element.language { entry.language = language }
    }

    /// A summary that is HTML or plain text made HTML.
    func offerSummary(_ html: String, base: String?, rank: Int) {
        guard rank > summary?.rank ?? 0, html.utf8.contains(where: { !CleanText.isBlank($0) }) else { return }
        summary = Body(html: html, base: base, rank: rank)
    }

    func offerPublished(_ text: String, rank: Int) {
        // Of equals the last holds, as in a document that was edited by appending.
        guard rank >= publishedRank, let date = draft.date(text, entry: position) else { return }
        publishedRank = rank
        entry.published = date.milliseconds
        entry.publishedHasDayPrecision = date.hasDayPrecision
    }

    func offerPlainDate(_ text: String) {
        guard let date = draft.date(text, entry: position) else { return }
        plainDate = date
    }

    func offerUpdated(_ text: String) {
        guard let date = draft.date(text, entry: position) else { return }
        entry.updated = date.milliseconds
    }

    func addCategory(_ text: String?) {
        guard let name = CleanText.nonEmptyLine(text), entry.categories.count < draft.limits.perEntry,
            !entry.categories.contains(name)
        else { return }
        entry.categories.append(name)
    }

    func addAuthor(_ author: ParsedAuthor?) {
        guard let author, entry.authors.count < draft.limits.perEntry,
            !entry.authors.contains(where: { $0.name == author.name })
        else { return }
        entry.authors.append(author)
    }

    func addRelated(_ text: String?, base: String?) {
        guard entry.relatedLinks.count < draft.limits.perEntry,
            let address = draft.address(text, base: base, of: "related link", entry: position),
            !entry.relatedLinks.contains(address)
        else { return }
        entry.relatedLinks.append(address)
    }

    func offerComments(_ text: String?, base: String?) {
        guard entry.commentsURL == nil else { return }
        entry.commentsURL = draft.address(text, base: base, of: "comments' link", entry: position)
    }

    func addEnclosure(_ url: String?, type: String?, length: String?, base: String?) {
        guard entry.enclosures.count < draft.limits.perEntry,
            let address = draft.address(url, base: base, of: "enclosure", entry: position)
        else { return }
        // `length="0"` is what publishers write who do not know.
        let bytes = length.flatMap { Int64($0) }.flatMap { $0 > 0 ? $0 : nil }
        entry.enclosures.append(ParsedEnclosure(url: address, type: type?.nonEmpty, length: bytes))
    }

    /// The entry, with every rule applied. `base` serves the addresses that had none of their own.
    func finish(base: String?) -> ParsedEntry {
        settleDates()
        var entry = entry
        if entry.headline.isEmpty, let title = media.title { entry.headline = title }
        if let body {
            let rendered = HTMLSanitizer.sanitizeAndRender(body.html, base: body.base ?? base)
            entry.bodyHTML = rendered.html.nonEmpty
            entry.bodyText = rendered.text
        }
        var derived: String?
        if body == nil, summary == nil, let said = media.description {
            // All that entries of a gallery say.
            summary = Body(html: TextConstruct.paragraphs(said), base: nil, rank: 0)
        }
        if let summary {
            if summary.html == body?.html {
                derived = PlainText.line(summary.html).nonEmpty
            } else {
                let rendered = HTMLSanitizer.sanitizeWithLine(summary.html, base: summary.base ?? base)
                entry.summaryHTML = rendered.html.nonEmpty
                derived = rendered.line.nonEmpty
            }
        }
        entry.standfirst = (said.standfirst ?? derived).map {
            CleanText.cut($0, characters: draft.limits.standfirstCharacters)
        }
        entry.section = said.section ?? entry.categories.first
        if !said.authors.isEmpty { entry.authors = said.authors }
        entry.leadImage = media.leadImage(enclosures: entry.enclosures) {
            WebAddress.absolute($0, base: base, use: .resource)
        }
        return entry
    }

    private func settleDates() {
        guard let plainDate else { return }
        if publishedRank < 2 {
            entry.published = plainDate.milliseconds
            entry.publishedHasDayPrecision = plainDate.hasDayPrecision
        } else if entry.updated == nil, plainDate.milliseconds != entry.published {
            entry.updated = plainDate.milliseconds
        }
    }
}
