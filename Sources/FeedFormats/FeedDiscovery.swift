public import struct FoundationEssentials.Data

/// A feed that a web page names.
public struct DiscoveredFeed: Sendable, Hashable {
    /// The feed's absolute `http` or `https` address.
    public var url: String
    /// What the page calls it, on one line, at most 200 characters.
    public var title: String?
    /// The media type the page gives, in small letters and without parameters.
    public var type: String?
    /// Whether the page declares it with a `link` element; else it is a link whose address looks like a feed's.
    public var isDeclared: Bool

    /// Makes a found feed.
    public init(url: String, title: String? = nil, type: String? = nil, isDeclared: Bool = true) {
        self.url = url
        self.title = title
        self.type = type
        self.isDeclared = isDeclared
    }
}

/// Finds the feeds of a web page.
public enum FeedDiscovery {
    /// Most feeds given of one page.
    public static let maximumFeeds = 100

    /// The feeds that an HTML page names, the best first: those it declares, then links that look like feeds on the
    /// page's own host, then such links elsewhere; feeds of comments last. Within each, the order of the page.
    ///
    /// Declared are `<link rel="alternate">` with a feed's media type and `<link rel="feed">`, wherever in the page
    /// they stand; comments and scripts are no markup. `<base href>` is honoured.
    ///
    /// - Parameters:
    ///   - html: The page; of a page larger than ``FeedLimits/documentBytes`` the beginning is read.
    ///   - contentType: The HTTP header's value; its `charset` is used.
    ///   - pageURL: Where the page was fetched, after redirects.
    /// - Complexity: linear in the bytes of `html`.
    public static func links(
        inHTML html: Data, contentType: String?, pageURL: String, limits: FeedLimits = .default
    ) -> [DiscoveredFeed] {
        let document = PageText.decode(html.prefix(limits.documentBytes), contentType: contentType)
        return document.bytes.withUnsafeBufferPointer { bytes in
            var scanner = PageScanner(bytes)
            scanner.run()
            return ranked(scanner, pageURL: pageURL)
        }
    }

    /// Addresses where feeds often lie, for a page that names none: beside the page first, then at its host's root.
    /// Empty when `pageURL` is no web address.
    public static func guesses(for pageURL: String) -> [String] {
        guard let page = WebAddress.absolute(pageURL, base: nil, use: .resource),
            let folder = WebAddress.absolute(".", base: page, use: .resource),
            let root = WebAddress.absolute("/", base: page, use: .resource)
        else { return [] }
        // A path without a suffix is often a folder written without its slash.
        let last = page.prefix { $0 != "?" && $0 != "#" }.split(separator: "/").last ?? ""
        let inside = page.prefix { $0 != "?" && $0 != "#" } + "/"
        var bases = [folder, root]
        if !page.contains("?"), !page.hasSuffix("/"), !last.contains(".") { bases.insert(String(inside), at: 0) }
        var seen: Set<String> = []
        return bases.flatMap { base in names.compactMap { WebAddress.absolute($0, base: base, use: .resource) } }
            .filter { seen.insert($0).inserted }
    }

    private static let names = [
        "feed", "rss", "feed.xml", "atom.xml", "rss.xml", "index.xml", "feed.json", "feed/", "atom", "index.rdf",
        "feeds/posts/default", "?feed=rss2",
    ]

    private static func ranked(_ scanner: PageScanner, pageURL: String) -> [DiscoveredFeed] {
        let page = WebAddress.absolute(pageURL, base: nil, use: .resource)
        let base = scanner.base.flatMap { WebAddress.absolute($0, base: page, use: .resource) } ?? page
        let host = page.flatMap { AddressParts($0)?.authority }
        var found: [(rank: Int, feed: DiscoveredFeed)] = []
        for candidate in scanner.candidates {
            guard let url = WebAddress.absolute(candidate.webReference, base: base, use: .resource) else { continue }
            let title = CleanText.nonEmptyLine(candidate.title).map { CleanText.cut($0, characters: 200) }
            var rank = candidate.rank
            if !candidate.isDeclared, AddressParts(url)?.authority != host { rank += 1 }
            if FeedAddress.isAboutComments(url, title: title) { rank += 10 }
            let feed = DiscoveredFeed(
                url: url, title: title, type: candidate.type, isDeclared: candidate.isDeclared)
            found.append((rank, feed))
        }
        var seen: Set<String> = []
        // Sorting by position too keeps the order of the page.
        return found.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
            .map(\.element.feed).filter { seen.insert($0.url).inserted }.prefix(maximumFeeds).map { $0 }
    }
}
