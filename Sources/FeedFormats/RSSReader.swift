/// Reads RSS 2.0 (<https://www.rssboard.org/rss-specification>) and the 0.9x that it grew out of.
final class RSSReader: FeedReader {
    let draft: FeedDraft
    private var entry: EntryDraft?
    private var guidIsMarkedPermalink = false
    private var person = ""

    init(root: FeedElement, draft: FeedDraft) {
        self.draft = draft
        draft.feed.format = .rss
        draft.feed.version = root["version"] ?? ""
        draft.feed.language = root.language
    }

    func open(_ element: FeedElement, ancestors: [FeedElement]) -> ContentMode {
        if entry != nil { return openInEntry(element) }
        switch (element.name.namespace, element.name.local) {
        case (.none, "channel"): return .text
        case (.none, "item"):
            if draft.isFull { return .stop }
            entry = EntryDraft(draft: draft, element: element)
            guidIsMarkedPermalink = false
            return .text
        case (.none, "title"), (.none, "description"): return .html
        case (.none, "textInput"), (.none, "textinput"), (.none, "cloud"), (.none, "skipHours"),
            (.none, "skipDays"):
            return .skip
        case (.none, _), (.atom, _): return .text
        case (.dublinCore, _): return .text
        case (.iTunes, "image"): return .text
        default: return .skip
        }
    }

    func close(_ element: FeedElement, text: String, ancestors: [FeedElement]) {
        if element.name == ElementName(.none, "item") { return closeItem(element) }
        guard let parent = ancestors.last?.name.local else { return }
        if entry != nil {
            closeInEntry(element, text: text, parent: parent)
        } else if parent == "channel" {
            closeInChannel(element, text: text)
        } else if parent == "image", element.name == ElementName(.none, "url"), draft.feed.iconURL == nil {
            draft.feed.iconURL = draft.address(text, base: base(of: element), of: "image")
        }
    }

    private func openInEntry(_ element: FeedElement) -> ContentMode {
        if let entry, let mode = EntryExtensions.mode(of: element, in: entry) { return mode }
        switch (element.name.namespace, element.name.local) {
        case (.none, "title"), (.none, "description"), (.content, "encoded"), (.atom, "summary"),
            (.none, "author"), (.none, "fullitem"),
            (.none, "body"):
            return .html
        case (.xhtml, "body"), (.xhtml, "div"): return .markup
        case (.none, "source"), (.atom, "source"): return .skip
        case (.atom, "content"):
            return element["type"] == "xhtml" ? .markup : .html
        case (.none, _), (.atom, _): return .text
        default: return .skip
        }
    }

    private func closeInChannel(_ element: FeedElement, text: String) {
        switch (element.name.namespace, element.name.local) {
        case (.none, "title"): if draft.feed.title.isEmpty { draft.feed.title = PlainText.line(text) }
        case (.dublinCore, "title"): if draft.feed.title.isEmpty { draft.feed.title = PlainText.line(text) }
        case (.none, "link"):
            if draft.feed.siteURL == nil {
                draft.feed.siteURL = draft.address(
                    text, base: element.base ?? draft.documentBase, of: "channel link")
            }
        case (.none, "description"): draft.feed.description = PlainText.line(text).nonEmpty
        case (.none, "language"), (.dublinCore, "language"):
            draft.feed.language = CleanText.nonEmptyLine(String(text.prefix(40))) ?? draft.feed.language
        case (.iTunes, "image"):
            if draft.feed.iconURL == nil {
                draft.feed.iconURL = draft.address(element["href"], base: base(of: element), of: "image")
            }
        case (.atom, "link"): closeChannelLink(element)
        default: break
        }
    }

    private func closeChannelLink(_ element: FeedElement) {
        let address = draft.address(element["href"], base: base(of: element), of: "channel link")
        switch element["rel"]?.lowercased() ?? "alternate" {
        case "self": draft.feed.feedURL = draft.feed.feedURL ?? address
        case "alternate": draft.feed.siteURL = draft.feed.siteURL ?? address
        default: break
        }
    }

    private func closeInEntry(_ element: FeedElement, text: String, parent: String) {
        guard let current = entry else { return }
        let base = base(of: element)
        switch (element.name.namespace, element.name.local) {
        case (.none, "title"): if parent == "item" { current.offerHeadline(PlainText.line(text), rank: 2) }
        case (.none, "link"):
            if parent == "item", current.entry.link == nil {
                // `<link href="...">` is Atom's form, seen without its namespace.
                let target = text.utf8.contains { !CleanText.isBlank($0) } ? text : element["href"]
                current.entry.link = draft.address(target, base: base, of: "link", entry: current.position)
            }
        case (.none, "guid"):
            current.entry.guid = CleanText.nonEmptyLine(text)
            guidIsMarkedPermalink = element["isPermaLink"].map { $0.lowercased() == "true" } ?? true
        case (.none, "description"):
            current.offerSummary(text)
            current.offerBody(text, base: element.base, rank: 1)
        case (.content, "encoded"): current.offerBody(text, base: element.base, rank: 3)
        case (.xhtml, _), (.atom, "content"), (.none, "fullitem"), (.none, "body"):
            current.offerBody(text, base: element.base, rank: 2)
        case (.none, "author"): current.addAuthor(Byline.author(text))
        case (.none, "category"): current.addCategory(PlainText.line(text))
        case (.none, "pubDate"), (.none, "pubdate"): current.offerPublished(text, rank: 3)
        case (.none, "enclosure"):
            current.addEnclosure(element["url"], type: element["type"], length: element["length"], base: base)
        case (.atom, let name): closeAtom(name, element, text: text, in: current)
        default: EntryExtensions.close(element, text: text, base: base, in: current)
        }
    }

    private func closeAtom(_ name: String, _ element: FeedElement, text: String, in current: EntryDraft) {
        switch name {
        case "updated": current.offerUpdated(text)
        case "published": current.offerPublished(text, rank: 2)
        case "summary": current.offerSummary(text)
        case "name": person = text
        case "author":
            current.addAuthor(Byline.author(person.isEmpty ? text : person))
            person = ""
        case "link": closeLink(element, in: current)
        default: break
        }
    }

    private func closeLink(_ element: FeedElement, in current: EntryDraft) {
        let base = base(of: element)
        switch element["rel"]?.lowercased() ?? "alternate" {
        case "alternate":
            if current.entry.link == nil {
                current.entry.link = draft.address(
                    element["href"], base: base, of: "link", entry: current.position)
            }
        case "related": current.addRelated(element["href"], base: base)
        case "enclosure":
            current.addEnclosure(
                element["href"], type: element["type"], length: element["length"], base: base)
        default: break
        }
    }

    private func closeItem(_ element: FeedElement) {
        guard let current = entry else { return }
        entry = nil
        let base = base(of: element)
        if guidIsMarkedPermalink, let guid = current.entry.guid,
            let address = WebAddress.absolute(guid, base: nil, use: .resource)
        {
            // A guid without the attribute claims to be a link; it is one only if it looks like one.
            current.entry.guidIsPermalink = true
            if current.entry.link == nil { current.entry.link = address }
        }
        draft.append(current.finish(base: base))
    }

    private func base(of element: FeedElement) -> String? { element.base ?? draft.fallbackBase }
}
