import struct FoundationEssentials.Data

/// Makes a feed of a JSON Feed 1.0 or 1.1 (<https://www.jsonfeed.org/version/1.1/>).
enum JSONFeedParser {
    /// Whether `bytes` start as JSON does.
    static func accepts(_ bytes: [UInt8]) -> Bool {
        let first = bytes.first { !CleanText.isBlank($0) }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }

    /// Parses the document; `data` is what it was decoded from.
    ///
    /// - Throws: ``FeedError`` when it is JSON, but no JSON Feed.
    static func parse(
        _ document: DocumentText, of data: Data, documentBase: String?, limits: FeedLimits,
        isCancelled: @escaping () -> Bool
    ) throws(FeedError) -> ParsedFeed {
        // JSON has no `charset` (RFC 8259 §11): what is UTF-8 was not meant in the encoding that a header names.
        let isUnicode = String(validating: data, as: UTF8.self) != nil
        let document = isUnicode ? DocumentText(data, contentType: nil) : document
        let draft = FeedDraft(format: .json, documentBase: documentBase, limits: limits, isCancelled: isCancelled)
        draft.feed.encoding = document.encoding
        let source = document.bytes.withUnsafeBufferPointer { bytes -> JSONFeedDocument? in
            var reader = JSONReader(bytes, limits: limits, isCancelled: isCancelled)
            guard reader.next() == .object else { return nil }
            let source = JSONFeedDocument(&reader)
            reader.finish()
            if let complaint = document.complaint { draft.warn(.badEncoding, complaint) }
            report(reader, source, on: draft)
            return source
        }
        guard let source else { throw noFeed("an array, and no JSON Feed") }
        guard source.isFeed else { throw noFeed("an object, and no JSON Feed") }
        JSONFeedBuilder(source, draft: draft).build()
        return draft.finish()
    }

    private static func noFeed(_ what: String) -> FeedError {
        FeedError(.notAFeed, "The document is JSON: \(what)", remedy: DocumentKind.remedy)
    }

    private static func report(_ reader: JSONReader, _ source: JSONFeedDocument, on draft: FeedDraft) {
        draft.feed.isCut = reader.isCut || reader.exceeded != nil || source.hasMoreItems
        if let exceeded = reader.exceeded {
            draft.warn(.limitReached, "\(exceeded); the rest is left out")
        }
        if source.hasMoreItems {
            draft.warn(.limitReached, "more than \(draft.limits.entries) entries; the rest is left out")
        }
        if reader.textWasCut {
            draft.warn(.limitReached, "a text is longer than \(draft.limits.textBytes) bytes and was cut")
        }
        if let fault = reader.fault { draft.warn(.damaged, "not well-formed JSON: \(fault)") }
        if reader.hasHalfCharacter {
            draft.warn(.badEncoding, "an escape stands for half a character; it was replaced")
        }
        if source.hasDuplicates {
            draft.warn(.badMember, "a member of the feed stands there twice; the last one holds")
        }
        for name in source.wrong.names {
            draft.warn(.badMember, "the feed's \(name) is of the wrong type and was left out")
        }
    }
}

/// Puts what a JSON Feed says into drafts, so that every rule that all formats share is applied in one place.
struct JSONFeedBuilder {
    private let source: JSONFeedDocument
    private let draft: FeedDraft

    init(_ source: JSONFeedDocument, draft: FeedDraft) {
        self.source = source
        self.draft = draft
    }

    /// Fills the draft: the feed, then its entries in the order of the document.
    func build() {
        draft.feed.version = source.version
        // Plain text throughout: "the only place HTML is allowed in this format is in content_html".
        draft.feed.title = CleanText.line(source.texts["title"] ?? "")
        draft.feed.description = CleanText.nonEmptyLine(source.texts["description"])
        draft.feed.language = Self.language(source.texts["language"])
        draft.feed.hints.isFinished = source.isExpired
        draft.feed.feedURL = draft.address(source.texts["feed_url"], base: draft.documentBase, of: "feed_url")
        let outer = draft.feed.feedURL ?? draft.documentBase
        draft.feed.siteURL = draft.address(source.texts["home_page_url"], base: outer, of: "home_page_url")
        let base = outer ?? draft.feed.siteURL
        draft.feed.iconURL =
            draft.address(source.texts["icon"], base: base, of: "icon")
            ?? draft.address(source.texts["favicon"], base: base, of: "favicon")
        for author in authors(source.authors, source.author, base: base) { draft.addAuthor(author) }
        for item in source.items {
            // The bound on entries was held when they were read; what is asked here is whether anybody waits.
            if draft.isFull() { return }
            append(item, base: base)
        }
    }

    private func append(_ item: JSONFeedItem, base: String?) {
        guard let id = Self.identifier(item.id) else {
            // "Any item without an id must be discarded."
            return draft.warn(.badMember, "an item without an id was left out", entry: nil)
        }
        let element = FeedElement(name: ElementName(.none, "item"), attributes: [], base: base, language: nil)
        let entry = EntryDraft(draft: draft, element: element)
        for name in item.wrong.names {
            draft.warn(.badMember, "the \(name) is of the wrong type and was left out", entry: entry.position)
        }
        if item.hasDuplicates {
            draft.warn(.badMember, "a member stands there twice; the last one holds", entry: entry.position)
        }
        entry.entry.guid = id
        entry.entry.language = Self.language(item.texts["language"])
        entry.offerHeadline(CleanText.line(item.texts["title"] ?? ""), rank: 2)
        addLinks(item, to: entry, base: base)
        addTexts(item, to: entry, base: base)
        if let text = item.texts["date_published"] { entry.offerPublished(text, rank: 3) }
        if let text = item.texts["date_modified"] { entry.offerUpdated(text) }
        for author in authors(item.authors, item.author, base: base) { entry.addAuthor(author) }
        for tag in item.tags { entry.addCategory(tag) }
        for attachment in item.attachments { add(attachment, to: entry, base: base) }
        draft.append(entry.finish(base: base))
    }

    private func add(_ attachment: JSONFeedItem.Attachment, to entry: EntryDraft, base: String?) {
        let count = entry.entry.enclosures.count
        entry.addEnclosure(
            attachment.url, type: CleanText.nonEmptyLine(attachment.type),
            length: attachment.size.map { String($0) }, base: base)
        guard entry.entry.enclosures.count > count else { return }
        entry.entry.enclosures[count].title = CleanText.nonEmptyLine(attachment.title)
    }

    private func addLinks(_ item: JSONFeedItem, to entry: EntryDraft, base: String?) {
        entry.entry.link = draft.address(item.texts["url"], base: base, of: "url", entry: entry.position)
        if entry.entry.link == nil, let guid = entry.entry.guid {
            // "Ideally, the id is the full URL of the resource described by the item."
            entry.entry.link = WebAddress.absolute(guid, base: nil, use: .resource)
        }
        // The page elsewhere that the item is about.
        entry.addRelated(item.texts["external_url"], base: base)
        if entry.entry.link == nil { entry.entry.link = entry.entry.relatedLinks.first }
        let image = CleanText.nonEmptyLine(item.texts["image"]) ?? CleanText.nonEmptyLine(item.texts["banner_image"])
        if let image { entry.media.edit { $0.thumbnail = image } }
    }

    private func addTexts(_ item: JSONFeedItem, to entry: EntryDraft, base: String?) {
        // The entry's language stands in a member of its own.
        let element = FeedElement(name: ElementName(.none, "content"), attributes: [], base: base, language: nil)
        if let html = item.texts["content_html"] { entry.offerBody(html, of: element, base: base, rank: 3) }
        if let text = item.texts["content_text"] {
            let html = TextConstruct(element, text, guessesMarkup: false).html
            entry.offerBody(html, of: element, base: base, rank: 2)
        }
        if let text = CleanText.nonEmptyLine(item.texts["summary"]) {
            let html = TextConstruct(element, text, guessesMarkup: false).html
            entry.offerSummary(html, base: base, rank: 1)
        }
    }

    /// `authors`, which a reader must prefer, or the `author` of version 1.
    private func authors(_ list: [JSONAuthor], _ single: JSONAuthor?, base: String?) -> [ParsedAuthor] {
        let many = list.compactMap { $0.parsed(base: base) }
        return many.isEmpty ? [single].compactMap { $0?.parsed(base: base) } : many
    }

    /// An identifier as a string; a number is taken as it is written. `nil` when it is blank or nothing of the kind.
    private static func identifier(_ scalar: JSONScalar) -> String? {
        switch scalar {
        case .string(let text), .number(let text): CleanText.nonEmptyLine(text)
        case .bool(let value): value ? "true" : "false"
        case .null, .other: nil
        }
    }

    private static func language(_ text: String?) -> String? {
        text.flatMap { LanguageTag.cleaned($0).nonEmpty }
    }
}
