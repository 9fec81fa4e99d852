public import FeedFormats
public import SyncCore

extension FeedReading {
    /// What `parsed` says, as articles named by their publisher's guids, or by what stands in for them
    /// (``EntryIdentities``).
    ///
    /// - Parameter url: where the document came from; `nil` for a file.
    /// - Complexity: linear in the document; the order is the document's or its reverse.
    public init(_ parsed: ParsedFeed, naming: FeedNaming, url: String?) {
        self.init(
            publication: Self.publication(of: parsed, naming.publication, url: url),
            feed: Feed(
                id: naming.feed, publication: naming.publication,
                title: parsed.title.isEmpty ? naming.feed.text : parsed.title, url: url))
        isComplete = !parsed.isCut
        warnings = parsed.warnings.map { warning in
            warning.entry.map { "entry \($0 + 1): \(warning.message)" } ?? warning.message
        }
        let identities = EntryIdentities(parsed, publication: naming.publication)
        let kickers = KickerReader(feedTitle: parsed.title)
        var articles: [FeedArticle] = []
        var ids: Set<ArticleID> = []
        for (index, identity) in identities.identities.enumerated() {
            guard case .named(let name, let aliases) = identity else {
                guard case .isRevised(let by) = identity else { continue }
                leaveOut(index, "it names itself like entry \(by + 1), which is newer")
                continue
            }
            do throws(EntryError) {
                let draft = try ArticleDraft(
                    parsed.entries[index], naming.publication, name: name, kickers: kickers)
                // Entries that are called by all they say, and say the same.
                guard ids.insert(draft.article.id).inserted else { continue }
                articles.append(FeedArticle(article: draft.article, aliases: aliases, position: index))
            } catch {
                leaveOut(index, error.description)
            }
        }
        // A history grows at its end.
        self.articles = DocumentOrder(parsed.entries).isOldestFirst ? articles : articles.reversed()
    }

    private mutating func leaveOut(_ index: Int, _ reason: String) {
        skipped += 1
        warnings.append("entry \(index + 1) left out: \(reason)")
    }

    /// A feed's title is its publication's only if the feed is the whole site's. Where its page lies within a site, the
    /// host holds other feeds too, perhaps of other people (`youtube.com`, `medium.com/@name`, a magazine's section):
    /// then the host's name is what all of them have in common, whichever is read first.
    private static func publication(of parsed: ParsedFeed, _ id: EntityName, url: String?) -> Publication {
        let page = parsed.siteURL ?? url
        let isWholeSite = page.map { ArticleAlias.key(of: $0) == nil && FeedNaming.host(of: $0) != nil } ?? true
        let host = FeedNaming.host(of: page)
        let title = isWholeSite && !parsed.title.isEmpty ? parsed.title : host ?? id.text
        var publication = Publication(id: id, number: 0, title: title, siteURL: parsed.siteURL)
        publication.language = parsed.language
        publication.iconURL = parsed.iconURL
        return publication
    }
}

/// Which way a document runs, by its dates. Nearly all have the newest entry first; a few append.
struct DocumentOrder {
    /// Whether more neighbours grow younger than older from the document's start to its end.
    let isOldestFirst: Bool

    init(_ entries: [ParsedEntry]) {
        var balance = 0
        var last: Int64?
        for entry in entries {
            guard let date = entry.published ?? entry.updated else { continue }
            if let last { balance += date > last ? 1 : date < last ? -1 : 0 }
            last = date
        }
        isOldestFirst = balance > 0
    }
}
