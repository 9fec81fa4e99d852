/// What stands directly in the feed.
extension SyndicationReader {
    func openInFeed(_ element: FeedElement) -> (ContentMode, Place) {
        switch element.name.namespace {
        case .none, .atom: return openCoreInFeed(element)
        case .iTunes:
            switch element.name.small {
            case "owner": return openPerson()
            case "category":
                draft.addCategory(element["text"])
                return (.text, .part)
            default: return (.text, .leaf)
            }
        case .dublinCore, .dublinTerms: return (.html, .leaf)
        case .syndication: return (.text, .leaf)
        default: return (.skip, .skipped)
        }
    }

    private func openCoreInFeed(_ element: FeedElement) -> (ContentMode, Place) {
        switch element.name.small {
        case "channel":
            openChannel(element)
            return (.text, .feed)
        case "item", "entry": return openEntry(element)
        case "items": return (.text, .list)
        case "title", "description", "subtitle", "tagline", "abstract", "copyright", "rights", "info":
            return (isTyped(element) ? TextConstruct.mode(of: element) : .html, .leaf)
        case "author", "managingeditor", "webmaster": return openPerson()
        case "image": return (.text, .image)
        case "skiphours": return (.text, .hours)
        case "skipdays": return (.text, .days)
        case "link", "language", "icon", "category", "keywords", "pubdate", "published", "issued", "lastbuilddate",
            "updated", "modified", "created", "date", "ttl":
            return (.text, .leaf)
        // A picture of the channel is `LOGO` in the Channel Definition Format, its text a relative address in Atom.
        case "logo": return (.text, .leaf)
        default: return (.skip, .skipped)
        }
    }

    func openPerson() -> (ContentMode, Place) {
        person = PersonDraft()
        return (.text, .person)
    }

    func closeInFeed(_ element: FeedElement, text: String) {
        let name = element.name.small
        switch element.name.namespace {
        case .none, .atom: closeCoreInFeed(name, element, text: text)
        case .iTunes: closeITunesInFeed(name, element, text: text)
        case .dublinCore, .dublinTerms: closeDublinInFeed(name, text: text)
        case .syndication: closeSyndication(name, text: text)
        default: break
        }
    }

    private func closeCoreInFeed(_ name: String, _ element: FeedElement, text: String) {
        let feedBase = element.base ?? draft.documentBase
        switch name {
        case "title": draft.offerTitle(line(element, text), rank: 2)
        case "description", "subtitle", "tagline", "abstract": draft.offerDescription(line(element, text), rank: 4)
        case "link": closeFeedLink(element, text: text, base: isTyped(element) ? base(of: element) : feedBase)
        case "language": setLanguage(text)
        case "icon": draft.offerIcon(text, base: base(of: element), rank: 5)
        case "logo": draft.offerIcon(element["href"] ?? text, base: base(of: element), rank: 4)
        case "author", "managingeditor": draft.addAuthor(person.finish(looseText: text))
        case "webmaster": person.finish(looseText: text).map { draft.fallbackAuthors.append($0) }
        case "category", "keywords": draft.addCategory(Self.category(element, text))
        case "pubdate", "published", "issued": setFeedDate(\.published, text)
        case "lastbuilddate", "updated", "modified": setFeedDate(\.updated, text)
        case "created": if draft.feed.published == nil { setFeedDate(\.published, text) }
        case "date": if draft.feed.updated == nil { setFeedDate(\.updated, text) }
        case "ttl": closeLifetime(text)
        default: break
        }
    }

    private func setFeedDate(_ field: WritableKeyPath<ParsedFeed, Int64?>, _ text: String) {
        if let date = draft.date(text) { draft.feed[keyPath: field] = date.milliseconds }
    }

    private func setLanguage(_ text: String) {
        if let language = LanguageTag.cleaned(text).nonEmpty { draft.feed.language = language }
    }

    private func closeFeedLink(_ element: FeedElement, text: String, base: String?) {
        let target = LinkTarget(element, text: text)
        switch target.relation {
        case "self":
            if let address = draft.address(target.address, base: base, of: "feed's own link") {
                draft.feed.feedURL = draft.feed.feedURL ?? address
            }
        case "alternate": draft.offerSite(target.address, base: base, rank: target.rank)
        default: break
        }
    }

    private func closeITunesInFeed(_ name: String, _ element: FeedElement, text: String) {
        switch name {
        case "author": if draft.feed.authors.isEmpty { draft.addAuthor(Byline.author(text)) }
        case "owner": person.finish(looseText: text).map { draft.fallbackAuthors.append($0) }
        case "image", "link": draft.offerIcon(element["href"] ?? element["url"], base: base(of: element), rank: 2)
        case "title": draft.offerTitle(PlainText.line(text), rank: 1)
        case "summary": draft.offerDescription(PlainText.line(text), rank: 2)
        case "subtitle": draft.offerDescription(PlainText.line(text), rank: 1)
        case "keywords":
            for word in text.split(separator: ",").prefix(draft.limits.perEntry) {
                draft.addCategory(String(word))
            }
        case "new-feed-url": draft.feed.hints.newURL = draft.address(text, base: nil, of: "feed's new address")
        default: break
        }
    }

    private func closeDublinInFeed(_ name: String, text: String) {
        switch name {
        case "title": draft.offerTitle(PlainText.line(text), rank: 1)
        case "description", "abstract": draft.offerDescription(PlainText.line(text), rank: 3)
        case "creator", "author": draft.addAuthor(Byline.author(text))
        case "publisher": Byline.author(text).map { draft.fallbackAuthors.append($0) }
        case "subject": draft.addCategory(PlainText.line(text))
        case "language": setLanguage(text)
        case "date": if draft.feed.updated == nil { setFeedDate(\.updated, text) }
        case "modified": setFeedDate(\.updated, text)
        case "issued": setFeedDate(\.published, text)
        case "created": if draft.feed.published == nil { setFeedDate(\.published, text) }
        default: break
        }
    }

    /// One line of plain text, by the rules of the element's format.
    func line(_ element: FeedElement, _ text: String) -> String {
        isTyped(element) ? construct(element, text).line : PlainText.line(text)
    }

    /// A category as a person reads it.
    static func category(_ element: FeedElement, _ text: String) -> String? {
        let name = element["label"]?.nonEmpty ?? element["term"]?.nonEmpty
        return name.map(PlainText.line) ?? PlainText.line(text).nonEmpty
    }
}

/// Where a link leads, in RSS's way (its text) or Atom's (its `href`).
struct LinkTarget {
    /// The relation, in small letters, the registry's URI (RFC 4287 §4.2.7.2) taken off.
    let relation: String
    let address: String?
    /// How much more it is worth than other links of its relation: pages before other types.
    let rank: Int

    init(_ element: FeedElement, text: String) {
        var relation = element["rel"]?.lowercased().nonEmpty ?? "alternate"
        for registry in ["http://www.iana.org/assignments/relation/", "https://www.iana.org/assignments/relation/"]
        where relation.hasPrefix(registry) { relation.removeFirst(registry.count) }
        self.relation = relation
        address = element["href"]?.nonEmpty ?? CleanText.nonEmptyLine(text) ?? element[.rdf, "resource"]
        switch element["type"]?.lowercased() {
        case nil, "", "text/html", "application/xhtml+xml": rank = 3
        default: rank = 2
        }
    }
}
