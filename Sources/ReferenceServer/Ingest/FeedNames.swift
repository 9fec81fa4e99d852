import FeedFormats
import SyncCore

/// The ids under which a source goes into the catalog.
struct FeedNames: Hashable {
    var publication: EntityName
    var feed: EntityName

    init(_ request: IngestRequest, _ parsed: ParsedFeed, effectiveURL: String?) throws(ServerError) {
        feed = try Self.chosen(request.feed, "--feed") { Self.slug(Self.lastPart(request.source)) }
        let host = Self.host(parsed.siteURL) ?? Self.host(effectiveURL)
        let feed = feed
        publication = try Self.chosen(request.publication, "--publication") {
            host.flatMap { Self.slug($0) } ?? feed
        }
    }

    private static func chosen(
        _ given: String?, _ option: String, otherwise: () -> EntityName?
    ) throws(ServerError) -> EntityName {
        if let name = given.map({ EntityName($0) }) ?? otherwise() { return name }
        throw ServerError(
            .invalid, "no id can be made of '\(given ?? "")'",
            remedy: "give \(option) ID, 1 to 64 characters of A-Z a-z 0-9 . _ -")
    }

    /// The last part of a path or URL without its extension; the host if there is no path.
    private static func lastPart(_ source: String) -> String {
        let path = source.prefix { $0 != "?" && $0 != "#" }
        let parts = path.split(separator: "/").filter { !$0.hasSuffix(":") }
        let last = parts.last.map(String.init) ?? source
        guard parts.count > 1 || !source.contains("://"), let dot = last.lastIndex(of: "."),
            dot > last.startIndex
        else { return last }
        return String(last[..<dot])
    }

    private static func host(_ url: String?) -> String? {
        guard let url, let rest = url.split(separator: "://", maxSplits: 1).dropFirst().first else { return nil }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = (authority.split(separator: "@").last ?? authority).prefix { $0 != ":" }.lowercased()
        let short = host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
        return short.isEmpty ? nil : short
    }

    /// A name made of a text: what a name cannot hold becomes a hyphen.
    static func slug(_ text: String) -> EntityName? {
        var slug = ""
        for character in text.lowercased() {
            if EntityName(String(character)) != nil {
                slug.append(character)
            } else if slug.last != "-" {
                slug.append("-")
            }
        }
        let trimmed = slug.drop { $0 == "-" || $0 == "." }.prefix(64)
        return EntityName(trimmed.last == "-" ? trimmed.dropLast() : trimmed)
    }
}
