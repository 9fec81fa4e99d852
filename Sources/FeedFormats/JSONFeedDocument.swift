/// The outermost object of a JSON Feed as it stands in the document.
struct JSONFeedDocument {
    /// Members that are strings, by their names.
    private(set) var texts: [String: String] = [:]
    private(set) var authors: [JSONAuthor] = []
    private(set) var author: JSONAuthor?
    private(set) var isExpired = false
    /// Items that were complete, at most ``FeedLimits/entries``.
    private(set) var items: [JSONFeedItem] = []
    /// Whether there were more items than the bound.
    private(set) var hasMoreItems = false
    /// Whether `items` is an array.
    private(set) var hasItems = false
    private(set) var wrong = JSONWrongMembers()
    private(set) var hasDuplicates = false

    private static let textMembers: Set<String> = [
        "version", "title", "home_page_url", "feed_url", "description", "icon", "favicon", "language",
    ]

    /// Reads the object that starts here.
    init(_ reader: inout JSONReader) {
        let limit = reader.limits.perEntry
        var seen: Set<String> = []
        _ = reader.object { reader, member in
            switch member {
            case "items": readItems(&reader)
            case "authors": authors = JSONAuthor.list(&reader, member: member, limit: limit, wrong: &wrong)
            case "author": author = JSONAuthor(&reader, wrong: &wrong)
            // "Any other value [...] means the feed may continue to update."
            case "expired": isExpired = reader.scalar() == .bool(true)
            case "version": readVersion(reader.scalar())
            case let name where Self.textMembers.contains(name):
                texts[name] = wrong.text(reader.scalar(), of: name)
            default: return reader.skip()
            }
            if !seen.insert(member).inserted { hasDuplicates = true }
        }
    }

    /// Whether this is a JSON Feed: by its version, else by having items and what only a feed has.
    var isFeed: Bool {
        if texts["version"].map({ CleanText.contains($0.lowercased(), "jsonfeed.org/version") }) == true { return true }
        let hasName = ["version", "title", "home_page_url", "feed_url"].contains { texts[$0] != nil }
        return hasItems && hasName
    }

    /// `1.0` for `https://jsonfeed.org/version/1`, `1.1` for `https://jsonfeed.org/version/1.1`; some write the number
    /// alone. Empty when the document does not say.
    var version: String {
        guard let declared = CleanText.nonEmptyLine(texts["version"]) else { return "" }
        let tail = declared.split(separator: "/").last.map(String.init) ?? ""
        return tail == "1" ? "1.0" : String(tail.prefix(20))
    }

    private mutating func readVersion(_ scalar: JSONScalar) {
        if case .number(let number) = scalar {
            texts["version"] = number
        } else {
            texts["version"] = wrong.text(scalar, of: "version")
        }
    }

    private mutating func readItems(_ reader: inout JSONReader) {
        guard reader.next() == .array else {
            if reader.scalar() != .null { wrong.add("items") }
            return
        }
        hasItems = true
        _ = reader.array { reader in
            guard reader.next() == .object else {
                if reader.scalar() != .null { wrong.add("items") }
                return
            }
            guard items.count < reader.limits.entries else {
                hasMoreItems = true
                return reader.skip()
            }
            let item = JSONFeedItem(&reader)
            if item.isComplete { items.append(item) }
        }
    }
}
