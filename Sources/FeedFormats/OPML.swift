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
        let text = rooted(document.bytes[start...])
        var attempt = try Attempt(text, limits: limits)
        if attempt.driver.failure != nil, !attempt.reader.isFull {
            let second = try Attempt(OPMLSalvage.repaired(text), limits: limits)
            if second.reader.list.subscriptions.count > attempt.reader.list.subscriptions.count {
                second.failure = second.failure ?? attempt.failure
                attempt = second
            }
        }
        guard attempt.reader.hasRoot else { throw refusal(root: attempt.reader.foreignRoot) }
        return attempt.finish(document)
    }

    /// Writes a list as OPML 2.0 in UTF-8.
    ///
    /// A tag becomes a folder, and a feed with several tags stands in each of them: folders are what NetNewsWire,
    /// FreshRSS and Miniflux make folders of (`category` they pass over), and a folder's name may hold the commas and
    /// slashes that `category` would split. Each folder is written once, where its first feed is: some readers make a
    /// folder of each outline, also of two with one name.
    ///
    /// What ``parse(_:limits:)`` gives comes back when it is written and parsed again, warnings and order aside: a feed
    /// comes with the others of its folder.
    ///
    /// - Parameter created: When the list was made, ms since 1970-01-01T00:00Z; left out of the document when it is
    ///   before the year 1900 or behind 2199.
    /// - Complexity: linear in the subscriptions and their tags.
    public static func write(_ list: SubscriptionList, created: Int64) -> Data {
        OPMLWriter.write(list, created: created)
    }

    /// A fragment that lost its head is put back into a root, or libxml2 would end at its first outline.
    private static func rooted(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let head = String(decoding: bytes.prefix(9), as: UTF8.self).lowercased()
        let isFragment = head.hasPrefix("<outline ") || head.hasPrefix("<body>")
        return isFragment ? Array("<opml>".utf8) + bytes : Array(bytes)
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

/// One parse of a list's text.
private final class Attempt {
    let reader: OPMLReader
    let driver: XMLDriver
    /// What was wrong with the text, to be told to a person.
    var failure: String?

    init(_ text: [UInt8], limits: FeedLimits) throws(FeedError) {
        let reader = OPMLReader(limits: limits)
        let driver = XMLDriver(events: reader, limits: limits) { false }
        try text.withUnsafeBufferPointer { bytes throws(FeedError) in try driver.parse(bytes) }
        self.reader = reader
        self.driver = driver
        failure = driver.failure ?? driver.repaired.map { "not well-formed: \($0)" }
    }

    /// The list, with what was wrong with its document.
    func finish(_ document: DocumentText) -> SubscriptionList {
        if let complaint = document.complaint { reader.warn(.badEncoding, complaint) }
        for name in driver.unknownEntities {
            reader.warn(.unknownEntity, "the entity \(CleanText.line(name)) is unknown and was kept as text")
        }
        if let exceeded = driver.exceeded {
            reader.warn(.limitReached, "\(exceeded); the rest is left out")
        } else if let failure, !reader.isFull {
            reader.warn(.damaged, failure)
        }
        return reader.list
    }
}
