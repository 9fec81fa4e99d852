/// The vocabularies that mean the same in every format: Media RSS, Dublin Core and our own.
enum EntryExtensions {
    /// What an extension element's content is to us, or `nil` when it is none of ours.
    static func mode(of element: FeedElement, in entry: EntryDraft) -> ContentMode? {
        switch (element.name.namespace, element.name.local) {
        case (.media, "content"), (.media, "group"):
            entry.media.begin(element)
            return .text
        case (.media, "description"), (.media, "title"), (.media, "credit"), (.media, "thumbnail"),
            (.media, "category"):
            return .html
        case (.media, _): return .skip
        case (.dublinCore, _): return .text
        case (.article, _): return .html
        case (.iTunes, "author"), (.iTunes, "image"), (.iTunes, "summary"): return .text
        case (.iTunes, _), (.other, _): return .skip
        default: return nil
        }
    }

    /// Takes a closed extension element. `base` serves relative addresses.
    static func close(_ element: FeedElement, text: String, base: String?, in entry: EntryDraft) {
        switch element.name.namespace {
        case .media: closeMedia(element, text, in: entry)
        case .dublinCore: closeDublinCore(element.name.local, text, in: entry)
        case .article: closeArticle(element, text, base: base, in: entry)
        case .iTunes: closeITunes(element, text, in: entry)
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

    private static func closeDublinCore(_ name: String, _ text: String, in entry: EntryDraft) {
        switch name {
        case "title": entry.offerHeadline(PlainText.line(text), rank: 1)
        case "creator", "author": entry.addAuthor(Byline.author(text))
        case "subject": entry.addCategory(PlainText.line(text))
        case "date", "issued", "created": entry.offerPublished(text, rank: name == "date" ? 2 : 1)
        case "modified": entry.offerUpdated(text)
        case "description", "abstract": entry.offerSummary(text)
        case "language": entry.entry.language = CleanText.nonEmptyLine(String(text.prefix(40)))
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

    private static func closeITunes(_ element: FeedElement, _ text: String, in entry: EntryDraft) {
        switch element.name.local {
        case "author": if entry.entry.authors.isEmpty { entry.addAuthor(Byline.author(text)) }
        case "image": entry.media.offerFallback(element["href"])
        case "summary": entry.offerSummary(text)
        default: break
        }
    }
}

/// Reads the ways in which feeds write a person.
enum Byline {
    /// `me@example.com (Jane Doe)`, `Jane Doe <me@example.com>`, `Jane Doe`, or an address alone.
    static func author(_ text: String) -> ParsedAuthor? {
        // Not as HTML: `Jane Doe <me@example.com>` would lose its end.
        guard let line = CleanText.nonEmptyLine(text) else { return nil }
        let plain =
            line.contains("<") && !line.contains("@") || line.contains("&") ? PlainText.line(line) : line
        if let open = plain.firstIndex(of: "("), plain.last == ")", plain[..<open].contains("@") {
            let name = plain[plain.index(after: open)...].dropLast()
            return ParsedAuthor(name: CleanText.nonEmptyLine(String(name)) ?? plain)
        }
        for (start, end) in [("<", ">"), ("(", ")")] {
            if let open = plain.firstIndex(of: Character(start)), plain.last == Character(end),
                plain[open...].contains("@"), let name = CleanText.nonEmptyLine(String(plain[..<open]))
            {
                return ParsedAuthor(name: name)
            }
        }
        return plain.nonEmpty.map { ParsedAuthor(name: $0) }
    }
}
