/// Reads RSS 0.90 to 2.0 (<https://www.rssboard.org/rss-specification>, <https://web.resource.org/rss/1.0/spec>), Atom 0.3
/// and 1.0 (RFC 4287) and the Channel Definition Format.
///
/// One reader for all: the formats borrow each other's elements, and publishers mix them. An element counts only where
/// it belongs, directly in the feed, in an entry, in a person and so on; the same name deeper inside means another thing.
final class SyndicationReader: FeedReader {
    /// Where an element stands, for what stands in it.
    enum Place {
        case root
        case feed
        case entry
        /// Wraps entries: `items` of RSS 1.1.
        case list
        case person
        /// An element without a meaning of its own inside one that has: Media RSS, categories of iTunes.
        case part
        case image
        case hours
        case days
        /// An element whose text is all there is to it.
        case leaf
        case skipped
    }

    let draft: FeedDraft
    var entry: EntryDraft?
    var person = PersonDraft()
    var updatePeriod: UpdatePeriod?
    var updateFrequency = 1
    private var guidIsMarkedPermalink = false
    private var places: [Place] = [.root]

    init(root: FeedElement, draft: FeedDraft) {
        self.draft = draft
        draft.feed.language = root.language
        if let version = root["version"] { draft.feed.version = CleanText.line(String(version.prefix(20))) }
    }

    func meet(_ dialect: FeedDialect) {
        if draft.feed.format == .cdf, dialect.version == "1.1" { draft.feed.format = .rdf }
        guard draft.feed.format == dialect.format, draft.feed.version.isEmpty else { return }
        draft.feed.version = dialect.version
    }

    func open(_ element: FeedElement) -> ContentMode {
        let place = places.last ?? .skipped
        var opened: (mode: ContentMode, place: Place)
        switch place {
        case .root: opened = openRoot(element)
        case .feed, .list: opened = openInFeed(element)
        case .entry: opened = openInEntry(element)
        case .part: opened = entry.flatMap { EntryExtensions.open(element, in: $0) } ?? openInPart(element)
        case .person, .image, .hours, .days: opened = (.text, .leaf)
        case .leaf, .skipped: opened = (.skip, .skipped)
        }
        if opened.mode == .stop { return .stop }
        if opened.mode == .skip { opened.place = .skipped }
        places.append(opened.place)
        return opened.mode
    }

    func close(_ element: FeedElement, text: String) {
        guard let place = places.popLast(), place != .skipped else { return }
        switch places.last ?? .root {
        case .root: if place == .entry { closeEntry(element) } else { closeRoot() }
        case .feed, .list: if place == .entry { closeEntry(element) } else { closeInFeed(element, text: text) }
        case .entry: closeInEntry(element, text: text)
        case .part:
            if let entry {
                EntryExtensions.close(element, text: text, base: base(of: element), in: entry)
            } else {
                closeInFeed(element, text: text)
            }
        case .person: person.close(element, text: text, base: base(of: element))
        case .image:
            if isCore(element), element.name.small == "url" {
                draft.offerIcon(text, base: base(of: element), rank: 3)
            }
        case .hours: closeHour(text)
        case .days: closeDay(text)
        case .leaf, .skipped: break
        }
    }

    private func openRoot(_ element: FeedElement) -> (ContentMode, Place) {
        switch element.name.small {
        case "rss", "rdf", "feed": return (.text, .feed)
        case "channel":
            openChannel(element)
            return (.text, .feed)
        case "entry": return openEntry(element)
        default: return (.skip, .skipped)
        }
    }

    /// A channel, with what the Channel Definition Format puts into its attributes.
    func openChannel(_ element: FeedElement) {
        draft.offerSite(element["href"], base: element.base ?? draft.documentBase, rank: 1)
        if let changed = element["lastmod"] { draft.feed.updated = draft.date(changed)?.milliseconds }
        if let language = element.language { draft.feed.language = language }
    }

    func openEntry(_ element: FeedElement) -> (ContentMode, Place) {
        guard entry == nil else { return (.skip, .skipped) }
        if draft.isFull() { return (.stop, .skipped) }
        let new = EntryDraft(draft: draft, element: element)
        entry = new
        guidIsMarkedPermalink = false
        new.entry.guid = CleanText.nonEmptyLine(element[.rdf, "about"])
        if draft.feed.format == .cdf {
            new.offerLink(element["href"], base: base(of: element), rank: 1)
            if let changed = element["lastmod"] { new.offerUpdated(changed) }
        }
        return (.text, .entry)
    }

    private func openInPart(_ element: FeedElement) -> (ContentMode, Place) {
        guard element.name == ElementName(.iTunes, "category") else { return (.skip, .skipped) }
        draft.addCategory(element["text"])
        return (.text, .part)
    }

    /// Ends the feed's own elements; a root that a truncated document leaves open never is.
    private func closeRoot() {}

    func closeGuid(_ element: FeedElement, text: String, in current: EntryDraft) {
        guard let guid = CleanText.nonEmptyLine(text) else { return }
        current.entry.guid = guid
        let isMarked = element["isPermaLink"].map { $0.lowercased() == "true" }
        guidIsMarkedPermalink =
            draft.feed.format != .atom && element.name.small == "guid" && isMarked != false
    }

    private func closeEntry(_ element: FeedElement) {
        guard let current = entry else { return }
        entry = nil
        if guidIsMarkedPermalink, let guid = current.entry.guid,
            let address = WebAddress.absolute(guid, base: nil, use: .resource)
        {
            // A guid without the attribute claims to be a link; it is one only if it looks like one.
            current.entry.guidIsPermalink = true
            if current.entry.link == nil { current.entry.link = address }
        }
        draft.append(current.finish(base: base(of: element)))
    }

    /// Whether the element belongs to RSS, Atom or the Channel Definition Format themselves.
    func isCore(_ element: FeedElement) -> Bool {
        element.name.namespace == .none || element.name.namespace == .atom
    }

    /// Whether the element's text follows Atom's rules: in RSS all text is HTML.
    func isTyped(_ element: FeedElement) -> Bool {
        draft.feed.format == .atom || element.name.namespace == .atom
    }

    func construct(_ element: FeedElement, _ text: String) -> TextConstruct {
        TextConstruct(element, text, guessesMarkup: draft.feed.format == .atom && draft.feed.version != "1.0")
    }

    /// Inside an Atom document relative references are relative to the document (RFC 4287 §2), else to its page; in RSS
    /// publishers mean the page.
    func base(of element: FeedElement) -> String? {
        if let base = element.base { return base }
        guard draft.feed.format == .atom else { return draft.fallbackBase }
        return draft.documentBase ?? draft.feed.feedURL ?? draft.feed.siteURL
    }
}
