public import struct FoundationEssentials.Data

/// Reads and writes lists of subscriptions: OPML 1.0, 1.1 and 2.0 (<http://opml.org/spec2.opml>).
public enum OPML {
    /// Parses a list. Damage costs the outlines it concerns and gives a ``FeedWarning/Code-swift.enum/damaged`` warning.
    ///
    /// An outline with an `xmlUrl` is a subscription; one without is a folder if it holds others. A subscription's
    /// tags are the folders around it and the parts of its `category`. The same feed in several places is one
    /// subscription with the tags of all.
    ///
    /// - Throws: ``FeedError`` when the document is no OPML, or too large.
    /// - Complexity: linear in the bytes of `data`.
    public static func parse(
        _ data: Data, limits: FeedLimits = .default
    ) throws(FeedError) -> SubscriptionList {
        guard data.count <= limits.documentBytes else { throw tooLarge(data.count, limits) }
        if let refusal = DocumentKind.refusal(of: data) { throw noList(refusal.context) }
        let document = DocumentText(data, contentType: nil)
        guard document.bytes.count <= limits.documentBytes else { throw tooLarge(document.bytes.count, limits) }
        if JSONFeedParser.accepts(document.bytes) { throw noList("The document is JSON") }
        let start = document.bytes.firstIndex(of: UInt8(ascii: "<")) ?? document.bytes.count
        if let refusal = DocumentKind.refusal(ofText: document.bytes, markupAt: start) {
            throw noList(refusal.context)
        }
        let reader = OPMLReader(limits: limits)
        let driver = XMLDriver(events: reader, limits: limits)
        guard run(driver, over: document.bytes[start...]) else {
            throw FeedError(.parserUnavailable, "libxml2 could not be set up", remedy: "Free some memory and retry")
        }
        guard reader.hasRoot else { throw refusal(root: reader.foreignRoot) }
        return report(document, driver, in: reader)
    }

    /// Writes a list as OPML 2.0 in UTF-8.
    ///
    /// A tag becomes a folder, and a feed with several tags stands in each of them: folders are what NetNewsWire,
    /// FreshRSS and Miniflux read, none of them looks at `category`, and a folder's name may hold the commas and
    /// slashes that `category` would split. Neighbours with the same tags share their folders; so that the order is
    /// kept, a folder is written again where its tag comes up again, and readers put folders of one name together.
    ///
    /// What ``parse(_:limits:)`` gives, warnings aside, comes back unchanged when it is written and parsed again.
    ///
    /// - Parameter created: When the list was made, ms since 1970-01-01T00:00Z; left out of the document when it is
    ///   before the year 1900 or behind 2199.
    /// - Complexity: linear in the subscriptions and their tags.
    public static func write(_ list: SubscriptionList, created: Int64) -> Data {
        OPMLWriter.write(list, created: created)
    }

    /// A fragment that lost its head is put back into a root, or libxml2 would end at its first outline.
    private static func run(_ driver: XMLDriver, over bytes: ArraySlice<UInt8>) -> Bool {
        let head = String(decoding: bytes.prefix(9), as: UTF8.self).lowercased()
        let isFragment = head.hasPrefix("<outline ") || head.hasPrefix("<body>")
        let whole = isFragment ? Array("<opml>".utf8) + bytes : Array(bytes)
        return whole.withUnsafeBufferPointer { driver.parse($0) }
    }

    private static func report(_ document: DocumentText, _ driver: XMLDriver, in reader: OPMLReader) -> SubscriptionList
    {
        if let complaint = document.complaint { reader.warn(.badEncoding, complaint) }
        for name in driver.unknownEntities {
            reader.warn(.unknownEntity, "the entity \(CleanText.line(name)) is unknown and was kept as text")
        }
        if let exceeded = driver.exceeded {
            reader.warn(.limitReached, "\(exceeded); the rest is left out")
        } else if !reader.isFull {
            if let failure = driver.failure {
                reader.warn(.damaged, failure)
            } else if let repaired = driver.repaired {
                reader.warn(.damaged, "not well-formed: \(repaired)")
            }
        }
        return reader.list
    }

    private static func refusal(root: String?) -> FeedError {
        guard let root else { return noList("The document has no root element") }
        let shown = CleanText.line(String(root.prefix(40)))
        guard !["rss", "feed", "rdf"].contains(root.lowercased()) else {
            return FeedError(
                .notAFeed, "The document is a feed, not a list of feeds", remedy: "Subscribe to its address instead")
        }
        return noList("The document is XML whose root is <\(shown)>")
    }

    private static func noList(_ what: String) -> FeedError {
        FeedError(.notAFeed, what, remedy: "Export your subscriptions as OPML from the other reader and give that file")
    }

    private static func tooLarge(_ count: Int, _ limits: FeedLimits) -> FeedError {
        FeedError(
            .tooLarge, "The list has \(count) bytes; at most \(limits.documentBytes) are read",
            remedy: "Split the list into several files")
    }
}
