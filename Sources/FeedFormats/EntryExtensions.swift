/// The vocabularies that mean the same in every format: Media RSS, Dublin Core and our own.
enum EntryExtensions {
    /// What an extension element's content is to us, or `nil` when it is none of ours.
    static func open(
        _ element: FeedElement, in entry: EntryDraft
    ) -> (mode: ContentMode, place: SyndicationReader.Place)? {
        switch (element.name.namespace, element.name.local) {
        case (.media, "content"), (.media, "group"):
            entry.media.begin(element)
            return (.text, .part)
        case (.media, "description"), (.media, "title"), (.media, "credit"), (.media, "thumbnail"),
            (.media, "category"):
            return (.html, .leaf)
        case (.dublinCore, _), (.dublinTerms, _), (.article, _): return (.html, .leaf)
        case (.iTunes, "author"), (.iTunes, "image"), (.iTunes, "summary"), (.iTunes, "title"), (.iTunes, "link"),
            (.iTunes, "keywords"):
            return (.html, .leaf)
        case (.iTunes, "category"):
            entry.addCategory(element["text"])
            return (.text, .part)
        case (.media, _), (.iTunes, _), (.other, _), (.syndication, _): return (.skip, .skipped)
        default: return nil
        }
    }

    /// Takes a closed extension element. `base` serves relative addresses.
    static func close(_ element: FeedElement, text: String, base: String?, in entry: EntryDraft) {
        switch element.name.namespace {
        case .media: closeMedia(element, text, in: entry)
        case .dublinCore, .dublinTerms: closeDublin(element.name.small, element, text, in: entry)
        case .article: closeArticle(element, text, base: base, in: entry)
        case .iTunes: closeITunes(element, text, base: base, in: entry)
        default: break
        }
    }

    private static func closeMedia(_ element: FeedElement, _ text: String, in entry: EntryDraft) {
        let line = PlainText.line(text).nonEmpty
        switch element.name.local {
        case "content": entry.media.end(isContent: true)
        case "group": entry.media.end(isContent: false)
        case "description": entry.media.edit { $0.description = $0.description ?? line }
        case "title": entry.media.edit { $0.title = $0.title ?? line }
        case "credit":
            if let line { entry.media.edit { if $0.credits.count < 8 { $0.credits.append(line) } } }
        case "category": entry.addCategory(element["label"] ?? line)
        case "thumbnail":
            // Some put the address into the text.
            let url = element["url"] ?? line
            entry.media.edit { $0.thumbnail = $0.thumbnail ?? url }
        default: break
        }
    }

    private static func closeDublin(_ name: String, _ element: FeedElement, _ text: String, in entry: EntryDraft) {
        switch name {
        case "title": entry.offerHeadline(PlainText.line(text), rank: 1)
        case "creator", "author": entry.addAuthor(Byline.author(text))
        case "subject": entry.addCategory(PlainText.line(text))
        case "date": entry.offerPlainDate(text)
        case "issued": entry.offerPublished(text, rank: 4)
        case "created": entry.offerPublished(text, rank: 1)
        case "modified": entry.offerUpdated(text)
        case "description", "abstract": entry.offerSummary(text, base: element.base, rank: 2)
        case "identifier": if entry.entry.guid == nil { entry.entry.guid = CleanText.nonEmptyLine(text) }
        case "language": entry.entry.language = LanguageTag.cleaned(text).nonEmpty
        default: break
        }
    }

    /// `Protocol/feed-extension.md` is the normative text.
    private static func closeArticle(
        _ element: FeedElement, _ text: String, base: String?, in entry: EntryDraft
    ) {
        let line = PlainText.line(text).nonEmpty
        switch element.name.local {
        case "kicker": entry.entry.kicker = entry.entry.kicker ?? line
        case "standfirst": entry.said.standfirst = entry.said.standfirst ?? line
        case "section": entry.said.section = entry.said.section ?? line
        case "author":
            guard let name = (element["name"] ?? line)?.nonEmpty, entry.said.authors.count < 100 else {
                return
            }
            let url = element["url"].flatMap { WebAddress.absolute($0, base: base, use: .resource) }
            entry.said.authors.append(ParsedAuthor(name: name, url: url, bio: element["bio"]?.nonEmpty))
        case "access":
            if let access = line.flatMap({ ArticleAccess(rawValue: $0.lowercased()) }) {
                entry.entry.access = access
            }
        case "related": entry.addRelated(line, base: base)
        default: break
        }
    }

    private static func closeITunes(
        _ element: FeedElement, _ text: String, base: String?, in entry: EntryDraft
    ) {
        switch element.name.local {
        case "author": if entry.entry.authors.isEmpty { entry.addAuthor(Byline.author(text)) }
        case "image": entry.media.offerFallback(element["href"] ?? element["url"])
        case "link": if element["rel"]?.lowercased() == "image" { entry.media.offerFallback(element["href"]) }
        case "title": entry.offerHeadline(PlainText.line(text), rank: 1)
        case "summary": entry.offerSummary(text, base: element.base, rank: 1)
        case "keywords": for word in text.split(separator: ",").prefix(100) { entry.addCategory(String(word)) }
        default: break
        }
    }
}
