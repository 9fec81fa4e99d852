/// The vocabularies we read.
enum FeedNamespace: Equatable {
    /// No namespace, or one of those that RSS was published under.
    case none
    case atom
    case content
    case dublinCore
    case dublinTerms
    case media
    case iTunes
    case syndication
    /// Our own: see `Protocol/feed-extension.md`.
    case article
    case xhtml
    case xml
    case rdf
    case other

    /// The namespace that `uri` names, or nearly names.
    ///
    /// Publishers write `https` for `http`, forget the last slash or capitals: so the URI is compared without scheme,
    /// `www.`, capitals and closing `/` or `#`. Where that fails, a well-known prefix decides, if the prefix was never
    /// bound or the URI is of the same host as the true one.
    static func named(_ uri: String?, prefix: String?) -> FeedNamespace {
        let expected = prefix.flatMap { prefixes[$0.lowercased()] }
        guard let uri, !uri.isEmpty else { return prefix == nil ? .none : expected?.namespace ?? .other }
        let key = key(of: uri)
        if let known = known[key] { return known }
        if let expected, key.prefix(while: { $0 != "/" }) == expected.host { return expected.namespace }
        return .other
    }

    fileprivate static func key(of uri: String) -> String {
        var key = CleanText.line(uri).lowercased()[...]
        for start in ["http://", "https://", "www."] where key.hasPrefix(start) {
            key = key.dropFirst(start.count)
        }
        while let last = key.last, last == "/" || last == "#" { key = key.dropLast() }
        return String(key)
    }

    private static let known: [String: FeedNamespace] = [
        "w3.org/2005/atom": .atom, "purl.org/atom/ns": .atom, "purl.org/echo": .atom, "purl.org/pie": .atom,
        "example.com/necho": .atom, "example.com/newformat": .atom, "uri/of/echo/namespace": .atom,
        "purl.org/rss/1.0/modules/content": .content,
        "purl.org/dc/elements/1.1": .dublinCore, "purl.org/dc/elements/1.0": .dublinCore,
        "purl.org/dc/terms": .dublinTerms, "search.yahoo.com/mrss": .media,
        "itunes.com/dtds/podcast-1.0.dtd": .iTunes, "example.com/dtds/podcast-1.0.dtd": .iTunes,
        "purl.org/rss/1.0/modules/syndication": .syndication, "urn:reader-sync:article:1": .article,
        "w3.org/1999/xhtml": .xhtml,
        "w3.org/xml/1998/namespace": .xml, "w3.org/1999/02/22-rdf-syntax-ns": .rdf,
        "backend.userland.com/rss2": .none, "backend.userland.com/rss": .none,
        "backend.userland.com/rss091": .none, "backend.userland.com/rss092": .none,
        "blogs.law.harvard.edu/tech/rss": .none, "cyber.law.harvard.edu/rss": .none,
        "cyber.law.harvard.edu/rss/rss.html": .none, "rssboard.org/rss-specification": .none,
        "my.netscape.com/rdf/simple/0.9": .none, "channel.netscape.com/rdf/simple/0.9": .none,
        "my.netscape.com/publish/formats/rss-0.91.dtd": .none,
        "purl.org/rss/1.0": .none, "purl.org/net/rss1.1": .none, "purl.org/rss/1.0/modules/rss091": .none,
    ]

    private static let prefixes: [String: (namespace: FeedNamespace, host: String)] = [
        "atom": (.atom, "w3.org"), "a10": (.atom, "w3.org"), "content": (.content, "purl.org"),
        "dc": (.dublinCore, "purl.org"), "dcterms": (.dublinTerms, "purl.org"),
        "media": (.media, "search.yahoo.com"), "sy": (.syndication, "purl.org"),
        "itunes": (.iTunes, "itunes.com"), "xhtml": (.xhtml, "w3.org"), "xml": (.xml, "w3.org"),
        "rdf": (.rdf, "w3.org"), "rs": (.article, ""),
    ]
}

/// What the URI of a namespace says about the version of a format.
struct FeedDialect: Equatable {
    var format: FeedFormat
    var version: String

    /// The dialect whose elements `uri` holds, or `nil` when it tells none.
    static func named(_ uri: String) -> FeedDialect? {
        switch FeedNamespace.key(of: uri) {
        case "my.netscape.com/rdf/simple/0.9", "channel.netscape.com/rdf/simple/0.9":
            FeedDialect(format: .rdf, version: "0.90")
        case "purl.org/rss/1.0": FeedDialect(format: .rdf, version: "1.0")
        case "purl.org/net/rss1.1": FeedDialect(format: .rdf, version: "1.1")
        case "purl.org/atom/ns": FeedDialect(format: .atom, version: "0.3")
        case "w3.org/2005/atom": FeedDialect(format: .atom, version: "1.0")
        default: nil
        }
    }
}

/// An element's name: namespace and local part.
struct ElementName: Equatable {
    var namespace: FeedNamespace
    var local: String

    init(_ namespace: FeedNamespace, _ local: String) {
        self.namespace = namespace
        self.local = local
    }

    /// The local part in small letters. Most are so written, and then nothing is made anew.
    var small: String {
        local.utf8.contains { (0x41...0x5A).contains($0) || $0 >= 0x80 } ? local.lowercased() : local
    }
}

/// One attribute, its value without references.
struct XMLAttribute {
    var name: ElementName
    var value: String
}
