public import SyncCore

/// The ids under which a feed goes into a catalog.
public struct FeedNaming: Sendable, Hashable {
    /// The publication's id.
    public var publication: EntityName
    /// The feed's id.
    public var feed: EntityName

    /// Makes a pair of ids.
    public init(publication: EntityName, feed: EntityName) {
        self.publication = publication
        self.feed = feed
    }

    /// Takes the ids that were given, and makes those that were not: the publication's of the host of the feed's site
    /// (feeds are often served from elsewhere), else of where the document came from, else of the feed's id; the feed's
    /// of the last part of the source.
    ///
    /// - Parameters:
    ///   - siteURL: the page that the document belongs to.
    ///   - effectiveURL: where the document came from, after redirects.
    ///   - source: the address or path that was asked for.
    public init(
        publication: EntityName? = nil, feed: EntityName? = nil, siteURL: String?, effectiveURL: String?, source: String
    ) {
        let feed = feed ?? EntityName(feedNamed: Self.lastPart(of: source))
        let host = Self.host(of: siteURL) ?? Self.host(of: effectiveURL)
        self.feed = feed
        self.publication = publication ?? host.flatMap { EntityName(slugOf: $0) } ?? feed
    }

    /// The host of an absolute address in small letters, without `www.`, user, port
    /// and brackets; `nil` if there is none.
    public static func host(of address: String?) -> String? {
        guard let address, let rest = address.split(separator: "://", maxSplits: 1).dropFirst().first else {
            return nil
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let place = authority.split(separator: "@").last ?? authority
        let isLiteral = place.hasPrefix("[")
        let host = place.prefix { isLiteral ? $0 != "]" : $0 != ":" }.drop { $0 == "[" }.lowercased()
        let short = host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
        return short.isEmpty ? nil : short
    }

    /// The last part of a path or URL without its extension; the host if there is no path.
    static func lastPart(of source: String) -> String {
        let path = source.prefix { $0 != "?" && $0 != "#" }
        let parts = path.split(separator: "/").filter { !$0.hasSuffix(":") }
        let last = parts.last.map(String.init) ?? source
        guard parts.count > 1 || !source.contains("://"), let dot = last.lastIndex(of: "."), dot > last.startIndex
        else { return last }
        return String(last[..<dot])
    }
}
