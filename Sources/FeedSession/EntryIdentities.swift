import FeedFormats
import SyncCore

/// What an entry is called within its publication.
struct EntryName: Hashable {
    /// The guid, the link that stands in for it, or `content:` with a digest of headline and date; `nil`: the entry is
    /// called by all that it says, so that changed it is another one.
    var guid: String?
    /// Whether it is the publisher's guid.
    var isByGuid = false
    /// What a weak guid counts together with: the page, or the site.
    var place: String?

    /// What the identity is made of.
    var identity: String? { guid.map { guid in place.map { "\(guid) \($0)" } ?? guid } }
}

/// Says who each entry of a document is.
///
/// 1. The guid, as long as it means one article. Entries that share guid, page (or date) and headline are one article,
///    revised within the document (RFC 4287 §4.1.1 allows it): the newest counts.
///    A guid that is a short number or word means one article only within its feed: a host holds the feeds of many
///    people, and each has an entry `1`. Such a one counts together with the link.
/// 2. Where a guid stands on several articles it names none of them: each goes by its link, if no other entry has it.
/// 3. No guid, or one that is only a home page: the link, on the same condition. A home page is no article's link.
/// 4. Neither: headline and date. Without one of them: all that the entry says.
///
/// A document may change from one rule to another between two readings, as when a publisher repairs his guids. The
/// aliases carry the article over: its page, and its guid where that is an address, each only if it means this article
/// alone within the document, and is not the feed's own page. Entries that no guid names also have what rule 4 would call
/// them, so that one of two which share a link keeps its identity when the other leaves the feed.
struct EntryIdentities {
    enum Identity: Hashable {
        case named(EntryName, aliases: [String])
        /// Says the same as an entry before it.
        case isRepeated
        /// An entry at that position is the same article, and newer.
        case isRevised(by: Int)
    }

    private(set) var identities: [Identity]

    init(_ parsed: ParsedFeed, publication: EntityName) {
        let entries = parsed.entries
        let addresses = entries.map { Addresses($0) }
        identities = Array(repeating: .isRepeated, count: entries.count)
        var kept = Self.settle(
            entries, Array(entries.indices), key: { addresses[$0].revisionKey(entries[$0]) }, into: &identities)

        // A site that is a whole host says nothing that the publication does not.
        let site = parsed.siteURL.flatMap { ArticleAlias.key(of: $0) }
        let guids = Self.counts(kept.compactMap { addresses[$0].guid })
        let links = Self.counts(kept.compactMap { addresses[$0].link })
        var names: [Int: EntryName] = [:]
        for index in kept {
            names[index] = Self.name(entries[index], addresses[index], guids: guids, links: links, site: site)
        }
        // Entries that still share a name, as when one's guid is the other's link, are one article.
        kept = Self.settle(
            entries, kept, key: { names[$0]?.identity.map { [ArticleGUID.normalised($0)] } }, into: &identities)

        let own = Set([parsed.siteURL, parsed.feedURL].compactMap { $0.flatMap { ArticleAlias.key(of: $0) } })
        let others = kept.map { index in
            let content = names[index]?.isByGuid == true ? nil : Self.content(entries[index])
            // By this a weak guid carries its article over when the link changes.
            let weak =
                names[index]?.place == nil ? nil : "guid:\(site ?? "") \(addresses[index].guid ?? "")"
            return (index, addresses[index].aliases + [content, weak].compactMap { $0 })
        }
        let keys = Self.counts(others.flatMap(\.1))
        for (index, other) in others {
            let aliases = other.filter { keys[$0] == 1 && !own.contains($0) }
            identities[index] = .named(names[index] ?? EntryName(), aliases: aliases)
        }
    }

    /// The addresses of an entry in normal form.
    private struct Addresses {
        var guid: String?
        var link: String?
        /// Whether the guid is a short number or word, which others on the same host may use too.
        var isWeak: Bool
        /// In the order page, guid; each once.
        var aliases: [String]

        /// Most bytes of a guid that is no address and still says little.
        private static let weakBytes = 8

        init(_ entry: ParsedEntry) {
            guid = entry.guid.flatMap { Self.meaning($0) }
            link = entry.link.flatMap { Self.meaning($0) }
            isWeak =
                guid.map { guid in
                    !guid.hasPrefix("//") && (guid.utf8.count <= Self.weakBytes || guid.allSatisfy(\.isNumber))
                } ?? false
            aliases = []
            for key in [entry.link, entry.guid].compactMap({ $0.flatMap { ArticleAlias.key(of: $0) } })
            where !aliases.contains(key) { aliases.append(key) }
        }

        /// Equal for entries that are one article in two states: guid and headline, with the page, or where that says
        /// nothing with the date.
        func revisionKey(_ entry: ParsedEntry) -> [String]? {
            guard let guid else { return nil }
            let place = link ?? entry.published.map { "\($0)" } ?? ""
            return [guid, place, entry.headline.isEmpty ? entry.bodyText : entry.headline]
        }

        /// The normal form, unless it is empty or a home page.
        private static func meaning(_ name: String) -> String? {
            let normal = ArticleGUID.normalised(name)
            guard !normal.isEmpty, !(normal.hasPrefix("//") && ArticleAlias.key(of: name) == nil) else { return nil }
            return normal
        }
    }

    private static func name(
        _ entry: ParsedEntry, _ addresses: Addresses, guids: [String: Int], links: [String: Int], site: String?
    ) -> EntryName {
        if let guid = addresses.guid, guids[guid] == 1 {
            let place = entry.link.flatMap { ArticleAlias.key(of: $0) } ?? site
            return EntryName(guid: entry.guid, isByGuid: true, place: addresses.isWeak ? place : nil)
        }
        if let link = addresses.link, links[link] == 1 { return EntryName(guid: entry.link) }
        return EntryName(guid: content(entry))
    }

    /// What an entry is called by its headline and date; `nil` without one of them.
    private static func content(_ entry: ParsedEntry) -> String? {
        guard let published = entry.published, !entry.headline.isEmpty else { return nil }
        return "content:" + Digest128(hashing: "\(published) \(entry.headline)".utf8).description
    }

    /// Of the entries with one key keeps the newest, at equal dates the first, and says so of the others.
    private static func settle(
        _ entries: [ParsedEntry], _ candidates: [Int], key: (Int) -> [String]?, into identities: inout [Identity]
    ) -> [Int] {
        var groups: [[String]: [Int]] = [:]
        for index in candidates {
            if let key = key(index) { groups[key, default: []].append(index) }
        }
        var left: Set<Int> = []
        for group in groups.values where group.count > 1 {
            let newest = group.reduce(group[0]) { touched(entries[$1]) > touched(entries[$0]) ? $1 : $0 }
            for index in group where index != newest {
                let isSame = entries[index] == entries[newest]
                identities[index] = isSame ? .isRepeated : .isRevised(by: newest)
                left.insert(index)
            }
        }
        return candidates.filter { !left.contains($0) }
    }

    private static func touched(_ entry: ParsedEntry) -> Int64 { entry.updated ?? entry.published ?? .min }

    private static func counts(_ names: [String]) -> [String: Int] {
        names.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}
