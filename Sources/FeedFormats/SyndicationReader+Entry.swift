/// What stands directly in an entry.
extension SyndicationReader {
    func openInEntry(_ element: FeedElement) -> (ContentMode, Place) {
        if let entry, let opened = EntryExtensions.open(element, in: entry) { return opened }
        switch (element.name.namespace, element.name.small) {
        case (.content, "encoded"): return (.html, .leaf)
        case (.xhtml, "body"), (.xhtml, "div"): return (.markup, .leaf)
        case (.none, let name), (.atom, let name): return openCoreInEntry(name, element)
        default: return (.skip, .skipped)
        }
    }

    private func openCoreInEntry(_ name: String, _ element: FeedElement) -> (ContentMode, Place) {
        switch name {
        case "title", "description", "summary", "abstract", "content", "fullitem", "body":
            return (isTyped(element) ? TextConstruct.mode(of: element) : .html, .leaf)
        case "author": return openPerson()
        case "link", "guid", "id", "category", "keywords", "pubdate", "published", "issued", "updated", "modified",
            "created", "date", "enclosure", "comments":
            return (.text, .leaf)
        default: return (.skip, .skipped)
        }
    }

    func closeInEntry(_ element: FeedElement, text: String) {
        guard let current = entry else { return }
        switch (element.name.namespace, element.name.small) {
        case (.content, "encoded"): current.offerBody(text, of: element, base: element.base, rank: 4)
        case (.xhtml, _): current.offerBody(text, of: element, base: element.base, rank: 2)
        case (.none, let name), (.atom, let name): closeCore(name, element, text: text, in: current)
        default: EntryExtensions.close(element, text: text, base: base(of: element), in: current)
        }
    }

    private func closeCore(_ name: String, _ element: FeedElement, text: String, in current: EntryDraft) {
        switch name {
        case "title": current.offerHeadline(line(element, text), rank: 2)
        case "link": closeLink(element, text: text, in: current)
        case "guid", "id": closeGuid(element, text: text, in: current)
        case "author": current.addAuthor(person.finish(looseText: text))
        case "category", "keywords": current.addCategory(Self.category(element, text))
        case "pubdate": current.offerPublished(text, rank: 5)
        case "published", "issued": current.offerPublished(text, rank: 4)
        case "created": current.offerPublished(text, rank: 1)
        case "date": current.offerPlainDate(text)
        case "updated", "modified": current.offerUpdated(text)
        case "enclosure":
            let base = base(of: element)
            let url = element["url"] ?? element["href"]
            current.addEnclosure(url, type: element["type"], length: element["length"], base: base)
        case "comments":
            current.offerComments(text, base: base(of: element))
        default: closeText(name, element, text: text, in: current)
        }
    }

    /// Body and summary. In RSS the description is either, and is both where there is no other.
    private func closeText(_ name: String, _ element: FeedElement, text: String, in current: EntryDraft) {
        let html = isTyped(element) ? construct(element, text).html : text
        // An Atom reference is relative to the element's base at the least, an RSS one to what the entry ends up with.
        let base = isTyped(element) && draft.feed.format == .atom ? base(of: element) : element.base
        switch name {
        case "description", "abstract":
            current.offerSummary(html, base: base, rank: 4)
            if draft.feed.format != .atom { current.offerBody(html, of: element, base: base, rank: 1) }
        case "summary": current.offerSummary(html, base: base, rank: draft.feed.format == .atom ? 5 : 3)
        case "content":
            // `src` points elsewhere: there is no body here.
            if element["src"] == nil { current.offerBody(html, of: element, base: base, rank: 3) }
        default: current.offerBody(html, of: element, base: base, rank: 2)
        }
    }

    private func closeLink(_ element: FeedElement, text: String, in current: EntryDraft) {
        let target = LinkTarget(element, text: text)
        let base = base(of: element)
        switch target.relation {
        case "alternate": current.offerLink(target.address, base: base, rank: target.rank)
        case "related": current.addRelated(target.address, base: base)
        case "enclosure":
            current.addEnclosure(target.address, type: element["type"], length: element["length"], base: base)
        case "replies": if target.rank == 3 { current.offerComments(target.address, base: base) }
        default: break
        }
    }
}
