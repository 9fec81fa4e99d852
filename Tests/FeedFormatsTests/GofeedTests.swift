import FeedFormats
import Foundation
import Testing

/// The files of gofeed (MIT): `X.xml` with the expected parse in `X.json`.
@Suite("gofeed corpus", .enabled(if: Corpora.isPresent))
struct GofeedTests {
    @Test("RSS and RDF files agree with gofeed in 95 of 100 checks")
    func rss() throws {
        try agreement("gofeed rss", ["parser/rss", "translator/rss"]).settle(floor: 950, atLeast: 200)
    }

    @Test("Atom files agree with gofeed in 95 of 100 checks")
    func atom() throws {
        try agreement("gofeed atom", ["parser/atom", "translator/atom"]).settle(floor: 950, atLeast: 200)
    }

    private func agreement(_ suite: String, _ folders: [String]) throws -> Agreement {
        var agreement = Agreement(suite)
        for file in folders.flatMap({ Corpora.files("gofeed/" + $0) }) {
            let oracle = file.deletingPathExtension().appendingPathExtension("json")
            guard let data = try? Data(contentsOf: oracle),
                let wanted = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
            else { continue }
            var feed = ParsedFeed(format: .rss)
            var refusal: FeedError?
            do throws(FeedError) {
                feed = try FeedParser.parse((try? Data(contentsOf: file)) ?? Data(), contentType: nil, baseURL: nil)
            } catch {
                refusal = error
            }
            let folder = file.deletingLastPathComponent()
            agreement.begin(
                [folder.deletingLastPathComponent(), folder, file].map(\.lastPathComponent).joined(separator: "/"),
                refusal: refusal)
            compareFeed(feed, wanted, &agreement)
            let entries = (wanted["entries"] ?? wanted["items"]) as? [[String: Any]] ?? []
            guard !entries.isEmpty else { continue }
            agreement.check("count", "\(feed.entries.count)", "\(entries.count)", as: .exact)
            for (index, theirs) in entries.enumerated() {
                let ours = feed.entries.indices.contains(index) ? feed.entries[index] : ParsedEntry()
                compareEntry(ours, theirs, &agreement)
            }
        }
        return agreement
    }

    private func compareFeed(_ feed: ParsedFeed, _ wanted: [String: Any], _ agreement: inout Agreement) {
        let version = wanted["feedVersion"] ?? wanted["version"]
        compare("version", feed.version, version, as: .exact, &agreement)
        compare("title", feed.title, wanted["title"], &agreement)
        compare("description", feed.description, wanted["description"] ?? wanted["subtitle"], &agreement)
        compare("link", feed.siteURL, wanted["link"], as: .exact, &agreement)
        compare("feedLink", feed.feedURL, wanted["feedLink"], as: .exact, &agreement)
        compare("language", feed.language, wanted["language"], as: .exact, &agreement)
        compare("image", feed.iconURL, (wanted["image"] as? [String: Any])?["url"], as: .exact, &agreement)
        compareDate("published", feed.published, wanted["publishedParsed"] ?? wanted["pubDateParsed"], &agreement)
        compareDate("updated", feed.updated, wanted["updatedParsed"] ?? wanted["lastBuildDateParsed"], &agreement)
        compareAuthors(feed.authors, wanted, &agreement)
        compareCategories(feed.categories, wanted["categories"], &agreement)
    }

    private func compareEntry(_ entry: ParsedEntry, _ wanted: [String: Any], _ agreement: inout Agreement) {
        compare("item title", entry.headline, wanted["title"], &agreement)
        compare("item link", entry.link, wanted["link"], as: .exact, &agreement)
        compare("item id", entry.guid, wanted["id"], as: .exact, &agreement)
        let guid = wanted["guid"] as? [String: Any]
        compare("item guid", entry.guid, guid?["value"] ?? wanted["guid"], as: .exact, &agreement)
        compare("item comments", entry.commentsURL, wanted["comments"], as: .exact, &agreement)
        compareDate("item published", entry.published, wanted["publishedParsed"] ?? wanted["pubDateParsed"], &agreement)
        compareDate("item updated", entry.updated, wanted["updatedParsed"], &agreement)
        compareAuthors(entry.authors, wanted, prefix: "item ", &agreement)
        compareCategories(entry.categories, wanted["categories"], prefix: "item ", &agreement)
        let content = (wanted["content"] as? [String: Any])?["value"] ?? wanted["content"]
        compare("item content", entry.bodyHTML, content, as: .html, &agreement)
        let summary = entry.summaryHTML ?? entry.bodyHTML ?? entry.standfirst
        compare("item summary", summary, wanted["description"] ?? wanted["summary"], &agreement)
        for (index, theirs) in (wanted["enclosures"] as? [[String: Any]] ?? []).enumerated() {
            let ours = entry.enclosures.indices.contains(index) ? entry.enclosures[index] : nil
            compare("item enclosure url", ours?.url, theirs["url"], as: .exact, &agreement)
            compare("item enclosure type", ours?.type, theirs["type"], as: .exact, &agreement)
            compare("item enclosure length", ours?.length.map(String.init), theirs["length"], as: .exact, &agreement)
        }
    }

    private func compareAuthors(
        _ ours: [ParsedAuthor], _ wanted: [String: Any], prefix: String = "", _ agreement: inout Agreement
    ) {
        for (index, theirs) in (wanted["authors"] as? [[String: Any]] ?? []).enumerated() {
            let author = ours.indices.contains(index) ? ours[index] : nil
            compare(prefix + "author name", author?.name, theirs["name"], &agreement)
            compare(prefix + "author email", author?.mail, theirs["email"], &agreement)
            compare(prefix + "author uri", author?.url, theirs["uri"], as: .exact, &agreement)
        }
        compare(prefix + "author", ours.first?.name, wanted["author"], &agreement)
    }

    private func compareCategories(
        _ ours: [String], _ wanted: Any?, prefix: String = "", _ agreement: inout Agreement
    ) {
        for (index, theirs) in (wanted as? [Any] ?? []).enumerated() {
            let object = theirs as? [String: Any]
            let name = object?["label"] ?? object?["term"] ?? object?["value"] ?? theirs
            compare(prefix + "category", ours.indices.contains(index) ? ours[index] : nil, name, &agreement)
        }
    }

    private func compareDate(_ field: String, _ ours: Int64?, _ wanted: Any?, _ agreement: inout Agreement) {
        guard let text = wanted as? String, let date = FeedDate.parse(text) else { return }
        agreement.check(field, ours.map(String.init) ?? "", "\(date.milliseconds)", as: .exact)
    }

    private func compare(
        _ field: String, _ ours: String?, _ wanted: Any?, as kind: Agreement.Kind = .words, _ agreement: inout Agreement
    ) {
        guard let wanted = wanted as? String else { return }
        agreement.check(field, ours ?? "", wanted, as: kind)
    }
}
