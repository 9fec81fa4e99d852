/// Reads Atom 1.0 (RFC 4287).
final class AtomReader: FeedReader {
    let draft: FeedDraft
    private var entry: EntryDraft?
    /// The person construct that is open (RFC 4287 §3.2).
    private var person: Person?
    private var logo: String?

    private struct Person {
        var name: String?
        var url: String?
        var mail: String?
    }

    init(root: FeedElement, draft: FeedDraft) {
        self.draft = draft
        draft.feed.format = .atom
        draft.feed.version = "1.0"
        draft.feed.language = root.language
    }

    func open(_ element: FeedElement, ancestors: [FeedElement]) -> ContentMode {
        if let entry, let mode = EntryExtensions.mode(of: element, in: entry) { return mode }
        guard isAtom(element) else { return .skip }
        switch element.name.local {
        case "entry":
            guard entry == nil else { return .skip }
            if draft.isFull { return .stop }
            entry = EntryDraft(draft: draft, element: element)
            return .text
        case "author":
            person = Person()
            return .text
        case "title", "subtitle", "summary", "content": return TextConstruct.mode(of: element)
        case "source", "contributor", "rights", "generator": return .skip
        default: return .text
        }
    }

    func close(_ element: FeedElement, text: String, ancestors: [FeedElement]) {
        guard isAtom(element) else {
            if let entry { EntryExtensions.close(element, text: text, base: base(of: element), in: entry) }
            return
        }
        if person != nil { return closeInPerson(element, text: text) }
        if element.name.local == "entry" { return closeEntry(element) }
        if entry != nil {
            closeInEntry(element, text: text)
        } else {
            closeInFeed(element, text: text)
        }
    }

    private func closeInPerson(_ element: FeedElement, text: String) {
        switch element.name.local {
        case "name": person?.name = CleanText.nonEmptyLine(text)
        case "uri", "url": person?.url = WebAddress.absolute(text, base: base(of: element), use: .resource)
        case "email": person?.mail = CleanText.nonEmptyLine(text)
        case "author":
            if let open = person, let name = open.name ?? open.mail ?? open.url {
                let author = ParsedAuthor(name: name, url: open.url)
                if entry != nil {
                    entry?.addAuthor(author)
                } else if draft.authors.count < draft.limits.perEntry {
                    draft.authors.append(author)
                }
            }
            person = nil
        default: break
        }
    }

    private func closeInFeed(_ element: FeedElement, text: String) {
        switch element.name.local {
        case "title": draft.feed.title = TextConstruct.line(element, text)
        case "subtitle": draft.feed.description = TextConstruct.line(element, text).nonEmpty
        case "icon": draft.feed.iconURL = draft.address(text, base: base(of: element), of: "icon")
        case "logo": logo = draft.address(text, base: base(of: element), of: "logo")
        case "link": closeFeedLink(element)
        case "feed": if draft.feed.iconURL == nil { draft.feed.iconURL = logo }
        default: break
        }
    }

    private func closeFeedLink(_ element: FeedElement) {
        let relation = element["rel"]?.lowercased().nonEmpty ?? "alternate"
        guard relation == "self" || relation == "alternate" else { return }
        let address = draft.address(element["href"], base: base(of: element), of: "feed link")
        if relation == "self" {
            draft.feed.feedURL = draft.feed.feedURL ?? address
        } else {
            draft.feed.siteURL = draft.feed.siteURL ?? address
        }
    }

    private func closeInEntry(_ element: FeedElement, text: String) {
        guard let current = entry else { return }
        let base = base(of: element)
        switch element.name.local {
        case "id": current.entry.guid = CleanText.nonEmptyLine(text)
        case "title": current.offerHeadline(TextConstruct.line(element, text), rank: 2)
        case "summary": current.offerSummary(TextConstruct.html(element, text))
        case "content":
            // `src` points elsewhere: there is no body here.
            if element["src"] == nil {
                current.offerBody(TextConstruct.html(element, text), base: base, rank: 3)
            }
        case "published": current.offerPublished(text, rank: 3)
        case "updated": current.offerUpdated(text)
        case "category": current.addCategory((element["label"] ?? element["term"]).map(PlainText.line))
        case "link": closeLink(element, base: base, in: current)
        default: break
        }
    }

    private func closeLink(_ element: FeedElement, base: String?, in current: EntryDraft) {
        let href = element["href"]
        switch element["rel"]?.lowercased().nonEmpty ?? "alternate" {
        case "alternate", "http://www.iana.org/assignments/relation/alternate":
            if current.entry.link == nil {
                current.entry.link = draft.address(href, base: base, of: "link", entry: current.position)
            }
        case "related": current.addRelated(href, base: base)
        case "enclosure":
            current.addEnclosure(href, type: element["type"], length: element["length"], base: base)
        default: break
        }
    }

    private func closeEntry(_ element: FeedElement) {
        guard let current = entry else { return }
        entry = nil
        draft.append(current.finish(base: base(of: element)))
    }

    /// Inside an Atom document relative references are relative to the document (RFC 4287 §2), else to its page.
    private func base(of element: FeedElement) -> String? {
        element.base ?? draft.documentBase ?? draft.feed.feedURL ?? draft.feed.siteURL
    }

    private func isAtom(_ element: FeedElement) -> Bool {
        element.name.namespace == .atom || element.name.namespace == .none
    }
}
