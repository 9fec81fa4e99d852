import FeedFormats
import Foundation

/// Reads a parsed feed by feedparser's names of fields (<https://feedparser.readthedocs.io/en/latest/reference.html>).
/// (`Foundation` for `NSNull` of `JSONSerialization`: tests only.)
enum FeedparserFields {
    typealias Value = (text: String, kind: Agreement.Kind)

    /// The field at `path`, or `nil` when we model no such field.
    static func value(_ path: [Any], in feed: ParsedFeed) -> Value? {
        let names = path.map { "\($0)" }
        switch names.first {
        case "version": return (version(feed), .exact)
        case "encoding": return (feed.encoding, .exact)
        case "feed", "channel": return feedValue(names.dropFirst().joined(separator: "/"), feed)
        case "entries", "items":
            guard names.count > 2, let index = Int(names[1]) else { return nil }
            let name = names.dropFirst(2).joined(separator: "/")
            guard entryValue(name, ParsedEntry(), feed) != nil else { return nil }
            guard feed.entries.indices.contains(index) else { return ("no such entry", .exact) }
            return entryValue(name, feed.entries[index], feed)
        default: return nil
        }
    }

    /// How many there are of what `path` names.
    static func count(_ path: [Any], in feed: ParsedFeed) -> Int? {
        path.map { "\($0)" } == ["entries"] ? feed.entries.count : nil
    }

    private static func feedValue(_ name: String, _ feed: ParsedFeed) -> Value? {
        if let author = authorValue(name, feed.authors) { return author }
        switch name {
        case "title", "title_detail/value": return (feed.title, .words)
        case "link": return (feed.siteURL ?? "", .exact)
        case "language": return (feed.language ?? "", .exact)
        case "description", "subtitle", "tagline", "subtitle_detail/value", "tagline_detail/value":
            return (feed.description ?? "", .words)
        case "published_parsed": return (feed.published.map(String.init) ?? "", .exact)
        case "updated_parsed", "modified_parsed", "date_parsed":
            return ((feed.updated ?? feed.published).map(String.init) ?? "", .exact)
        case "category": return (feed.categories.first ?? "", .words)
        case "tags/0/term": return (feed.categories.first ?? "", .words)
        case "tags/1/term": return (feed.categories.dropFirst().first ?? "", .words)
        case "ttl": return (feed.hints.lifetime.map { "\($0 / 60_000)" } ?? "", .exact)
        case "icon", "image/href", "image/url": return (feed.iconURL ?? "", .exact)
        case "logo": return (feed.iconURL ?? "", .exact)
        default: return nil
        }
    }

    private static func entryValue(_ name: String, _ entry: ParsedEntry, _ feed: ParsedFeed) -> Value? {
        if let author = authorValue(name, entry.authors) { return author }
        let parts = name.split(separator: "/").map(String.init)
        if parts.count == 3, let index = Int(parts[1]) {
            if parts[0] == "tags", parts[2] == "term" {
                return (entry.categories.indices.contains(index) ? entry.categories[index] : "", .words)
            }
            if parts[0] == "enclosures" { return enclosureValue(parts[2], entry.enclosures, index) }
        }
        switch name {
        case "title", "title_detail/value": return (entry.headline, .words)
        case "link": return (entry.link ?? "", .exact)
        case "id", "guid": return (entry.guid ?? "", .exact)
        case "guidislink": return (entry.guidIsPermalink ? "true" : "", .exact)
        case "content/0/value": return (entry.bodyHTML ?? "", .html)
        case "content/0/language": return (entry.language ?? "", .exact)
        // feedparser gives the content where there is no summary.
        case "description", "summary", "summary_detail/value", "description_detail/value":
            return (entry.summaryHTML ?? entry.bodyHTML ?? entry.standfirst ?? "", .html)
        case "category": return (entry.categories.first ?? "", .words)
        case "comments": return (entry.commentsURL ?? "", .exact)
        case "published_parsed", "issued_parsed": return (entry.published.map(String.init) ?? "", .exact)
        case "updated_parsed", "modified_parsed", "date_parsed":
            return ((entry.updated ?? entry.published).map(String.init) ?? "", .exact)
        case "created_parsed": return (entry.published.map(String.init) ?? "", .exact)
        case "image/href": return (entry.leadImage?.url ?? "", .exact)
        default: return nil
        }
    }

    private static func authorValue(_ name: String, _ authors: [ParsedAuthor]) -> Value? {
        var parts = name.split(separator: "/").map(String.init)[...]
        var index = 0
        switch parts.popFirst() {
        case "author":
            guard parts.isEmpty else { return nil }
            guard let first = authors.first else { return ("", .words) }
            guard let mail = first.mail else { return (first.name, .words) }
            return (first.name == mail ? mail : "\(first.name) (\(mail))", .words)
        case "author_detail": break
        case "authors":
            guard let number = parts.popFirst().flatMap({ Int($0) }) else { return nil }
            index = number
        default: return nil
        }
        let author = authors.indices.contains(index) ? authors[index] : nil
        switch parts.first {
        case "name": return (author.map { $0.name == $0.mail || $0.name == $0.url ? "" : $0.name } ?? "", .words)
        case "email": return (author?.mail ?? "", .exact)
        case "url", "href": return (author?.url ?? "", .exact)
        default: return nil
        }
    }

    private static func enclosureValue(_ name: String, _ enclosures: [ParsedEnclosure], _ index: Int) -> Value? {
        let enclosure = enclosures.indices.contains(index) ? enclosures[index] : nil
        switch name {
        case "href", "url": return (enclosure?.url ?? "", .exact)
        case "type": return (enclosure?.type ?? "", .exact)
        case "length": return (enclosure?.length.map(String.init) ?? "", .exact)
        default: return nil
        }
    }

    /// feedparser's name of the format.
    private static func version(_ feed: ParsedFeed) -> String {
        let digits = feed.version.filter { $0 != "." }
        switch feed.format {
        case .rss, .rdf: return "rss" + digits
        case .atom: return "atom" + digits
        case .cdf: return "cdf"
        case .json: return "json" + (digits == "10" ? "1" : digits)
        }
    }

    /// What an expectation says, as our values are written: a Python time tuple is milliseconds.
    static func text(_ wanted: Any, of path: [Any]) -> String {
        if let list = wanted as? [Int], list.count == 9 {
            let day = FeedDate.parse(
                "\(list[0])-\(pad(list[1]))-\(pad(list[2]))T\(pad(list[3])):\(pad(list[4])):\(pad(list[5]))Z")
            return day.map { "\($0.milliseconds)" } ?? ""
        }
        if wanted is NSNull { return "" }
        let text = wanted as? String ?? "\(wanted)"
        switch path.last as? String {
        case "encoding": return EncodingNames.standard(text)
        // Netscape's and Userland's 0.91 differ in their document type alone.
        case "version": return text.hasPrefix("rss091") ? "rss091" : text
        default: return text
        }
    }

    private static func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
