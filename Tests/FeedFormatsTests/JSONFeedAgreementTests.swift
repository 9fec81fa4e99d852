import FeedFormats
import Foundation
import Testing

/// JSON Feeds of others, each against a plain reading of its own members by Foundation: an oracle that knows nothing
/// of our reader. (`Foundation` for `JSONSerialization`: tests only.)
@Suite("JSON Feed corpora", .enabled(if: Corpora.isPresent))
struct JSONFeedAgreementTests {
    @Test("every JSON Feed of the corpora is read as Foundation reads its members")
    func agreement() throws {
        var agreement = Agreement("jsonfeed")
        for folder in [
            "jsonfeed-spec", "netnewswire", "feedkit/json", "feedparser/json", "gofeed/parser/json",
            "gofeed/translator/json",
        ] {
            for file in Corpora.files(folder, extension: "json")
            where !file.lastPathComponent.hasSuffix("_expected.json") {
                let data = try Data(contentsOf: file)
                let object = try? JSONSerialization.jsonObject(with: data)
                for (index, source) in Self.feeds(object).enumerated() {
                    let name = "\(folder)/\(file.lastPathComponent)#\(index)"
                    try compare(JSONSerialization.data(withJSONObject: source), source, name, &agreement)
                }
                // As it is written too: the order of members and their escapes are the writer's.
                if let source = object as? [String: Any] {
                    try compare(data, source, "\(folder)/\(file.lastPathComponent)", &agreement)
                }
            }
        }
        try agreement.settle(floor: 1000, atLeast: 150)
    }

    @Test("gofeed's malformed JSON is no feed")
    func invalid() throws {
        for file in Corpora.files("gofeed/parser/json/invalid", extension: "json") {
            let data = try Data(contentsOf: file)
            #expect(throws: FeedError.self) { try FeedParser.parse(data, contentType: nil, baseURL: nil) }
        }
    }

    private static func feeds(_ object: Any?) -> [[String: Any]] {
        if let list = object as? [[String: Any]] { return list }
        return [object as? [String: Any]].compactMap { $0 }
    }

    private func compare(
        _ data: Data, _ source: [String: Any], _ name: String, _ agreement: inout Agreement
    ) throws {
        let feed: ParsedFeed
        do throws(FeedError) {
            feed = try FeedParser.parse(data, contentType: nil, baseURL: nil)
            agreement.begin(name)
        } catch {
            agreement.begin(name, refusal: error)
            return agreement.expect(false, "read")
        }
        agreement.expect(feed.format == .json, "format")
        agreement.expect(!feed.isDamaged, "sound", "\(feed.warnings)")
        compare("title", feed.title, source["title"], &agreement)
        compare("home_page_url", feed.siteURL, source["home_page_url"], as: .exact, &agreement)
        compare("feed_url", feed.feedURL, source["feed_url"], as: .exact, &agreement)
        compare("description", feed.description, source["description"], &agreement)
        compare("icon", feed.iconURL, source["icon"] ?? source["favicon"], as: .exact, &agreement)
        compareAuthors(feed.authors, source, &agreement)
        let items = source["items"] as? [[String: Any]] ?? []
        agreement.check("count", "\(feed.entries.count)", "\(items.count)", as: .exact)
        for (entry, item) in zip(feed.entries, items) { compare(entry, item, feed: source, &agreement) }
    }

    private func compare(
        _ entry: ParsedEntry, _ item: [String: Any], feed: [String: Any], _ agreement: inout Agreement
    ) {
        compare("item id", entry.guid, item["id"].map { "\($0)" }, as: .exact, &agreement)
        compare("item url", entry.link, item["url"], as: .exact, &agreement)
        compare("item title", entry.headline, item["title"], as: .exact, &agreement)
        if let html = item["content_html"] as? String {
            agreement.check("item content_html", entry.bodyHTML ?? "", html, as: .html)
        } else {
            compare("item content_text", entry.bodyHTML.map { Corpora.bareText($0) }, item["content_text"], &agreement)
        }
        compare("item summary", entry.standfirst, item["summary"], &agreement)
        compare("item image", entry.leadImage?.url, item["image"] ?? item["banner_image"], as: .exact, &agreement)
        if let text = item["date_published"] as? String {
            let ours = entry.published.map { "\($0)" } ?? ""
            agreement.check("item date_published", ours, Self.milliseconds(text), as: .exact)
        }
        if let tags = item["tags"] as? [String] { agreement.expect(entry.categories == tags, "item tags") }
        compareAuthors(entry.authors, item["authors"] == nil && item["author"] == nil ? feed : item, &agreement)
        let attachments = item["attachments"] as? [[String: Any]] ?? []
        agreement.check("attachments", "\(entry.enclosures.count)", "\(attachments.count)", as: .exact)
        for (ours, theirs) in zip(entry.enclosures, attachments) {
            compare("attachment url", ours.url, theirs["url"], as: .exact, &agreement)
            compare("attachment type", ours.type, theirs["mime_type"], as: .exact, &agreement)
            compare("attachment title", ours.title, theirs["title"], as: .exact, &agreement)
            if let size = theirs["size_in_bytes"] as? Int64 { agreement.expect(ours.length == size, "attachment size") }
        }
    }

    private func compareAuthors(_ ours: [ParsedAuthor], _ source: [String: Any], _ agreement: inout Agreement) {
        let single = (source["author"] as? [String: Any]).map { [$0] } ?? []
        let theirs = source["authors"] as? [[String: Any]] ?? single
        agreement.expect(
            ours.map(\.name) == theirs.compactMap { $0["name"] as? String }, "authors", "\(ours)", "\(theirs)")
    }

    private func compare(
        _ field: String, _ ours: String?, _ wanted: Any?, as kind: Agreement.Kind = .words, _ agreement: inout Agreement
    ) {
        guard let wanted = wanted as? String else { return }
        // Ours always has a path.
        let hasNoPath = wanted.hasPrefix("http") && wanted.split(separator: "/").count == 2 && !wanted.hasSuffix("/")
        agreement.check(field, ours ?? "", kind == .exact && hasNoPath ? wanted + "/" : wanted, as: kind)
    }

    /// By Foundation, not by us.
    private static func milliseconds(_ text: String) -> String {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions =
            text.contains(".") ? [.withInternetDateTime, .withFractionalSeconds] : [.withInternetDateTime]
        return formatter.date(from: text).map { "\(Int64(($0.timeIntervalSince1970 * 1000).rounded()))" }
            ?? "unread: \(text)"
    }
}
