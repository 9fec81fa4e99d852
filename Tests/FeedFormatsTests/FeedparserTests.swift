import FeedFormats
import Foundation
import Testing

/// The well-formed files of feedparser (BSD-2-Clause), each with its oracle, read as plain checks.
@Suite("feedparser corpus", .enabled(if: Corpora.isPresent))
struct FeedparserTests {
    private struct Case {
        var file: String
        var checks: [[String: Any]]
        var headers: [String: String]
    }

    private func cases() throws -> [Case] {
        let url = try #require(Corpora.root?.appendingPathComponent("feedparser/expect.jsonl"))
        return try String(decoding: Data(contentsOf: url), as: UTF8.self).split(separator: "\n").compactMap {
            line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
            guard let file = object["file"] as? String, file.hasPrefix("wellformed/") else { return nil }
            return Case(
                file: file, checks: object["checks"] as? [[String: Any]] ?? [],
                headers: object["headers"] as? [String: String] ?? [:])
        }
    }

    @Test("no file of any suite crashes, and RSS 2.0 and Atom 1.0 files are never refused")
    func noCrash() throws {
        var read = 0
        for file in Corpora.files("") {
            let data = try Data(contentsOf: file)
            let text = String(decoding: data, as: UTF8.self)
            do {
                _ = try FeedParser.parse(data, contentType: nil, baseURL: "http://example.com/feed.xml")
                read += 1
            } catch {
                let ours =
                    text.contains("<rss version=\"2.0\"") || text.contains("http://www.w3.org/2005/Atom\"")
                #expect(
                    !ours || !file.path.contains("feedparser/wellformed"),
                    "\(file.lastPathComponent): \(error)")
            }
        }
        #expect(read > 400)
    }

    @Test(
        "titles, links, ids, dates, authors, categories and bodies agree with feedparser's in 95 of 100 checks"
    )
    func agreement() throws {
        var agreement = Agreement()
        for item in try cases() {
            let url = try #require(Corpora.root?.appendingPathComponent("feedparser/\(item.file)"))
            guard let data = try? Data(contentsOf: url) else { continue }
            let address = "http://127.0.0.1:8097/\(item.file)"
            let location = WebAddress.resolve(item.headers["Content-Location"] ?? "", base: address)
            let type = item.headers["Content-type"]
            guard let feed = try? FeedParser.parse(data, contentType: type, baseURL: location) else {
                continue
            }
            for check in item.checks {
                guard let path = check["path"] as? [Any], let wanted = check["equals"],
                    let found = Self.value(path.map { "\($0)" }.joined(separator: "/"), in: feed)
                else { continue }
                let theirs = Self.text(wanted)
                agreement.check(
                    Corpora.agree(found, theirs), "\(item.file) \(path): \(found) is not \(theirs)")
            }
        }
        agreement.report("feedparser")
        #expect(agreement.checks > 300)
        #expect(agreement.permille >= 950)
    }

    /// The fields that we model, in feedparser's names; `nil` for those that we do not.
    private static func value(_ path: String, in feed: ParsedFeed) -> String? {
        switch path {
        case "feed/title", "feed/title_detail/value": return feed.title
        case "feed/link": return feed.siteURL ?? ""
        case "feed/language": return feed.language ?? ""
        case "feed/description", "feed/subtitle", "feed/tagline", "feed/subtitle_detail/value":
            return feed.description ?? ""
        default: break
        }
        let entries = feed.entries
        guard path.hasPrefix("entries/0/"), let entry = entries.first else { return nil }
        switch path.dropFirst("entries/0/".count) {
        case "title", "title_detail/value": return entry.headline
        case "link": return entry.link ?? ""
        case "id", "guid": return entry.guid ?? ""
        case "content/0/value": return entry.bodyHTML ?? ""
        // feedparser gives the content where there is no summary.
        case "description", "summary": return entry.standfirst ?? entry.bodyHTML ?? ""
        case "tags/0/term", "category": return entry.categories.first ?? ""
        case "tags/1/term": return entry.categories.dropFirst().first ?? ""
        case "author_detail/name", "authors/0/name": return entry.authors.first?.name ?? ""
        case "authors/1/name": return entry.authors.dropFirst().first?.name ?? ""
        case "enclosures/0/url", "enclosures/0/href": return entry.enclosures.first?.url ?? ""
        case "enclosures/0/type": return entry.enclosures.first?.type ?? ""
        case "published_parsed": return entry.published.map(String.init) ?? ""
        case "updated_parsed": return (entry.updated ?? entry.published).map(String.init) ?? ""
        default: return nil
        }
    }

    /// A string as it is, a Python time tuple as milliseconds.
    private static func text(_ wanted: Any) -> String {
        if let list = wanted as? [Int], list.count == 9 {
            let day = FeedDate.parse(
                "\(list[0])-\(pad(list[1]))-\(pad(list[2]))T\(pad(list[3])):\(pad(list[4])):\(pad(list[5]))Z")
            return day.map { "\($0.milliseconds)" } ?? ""
        }
        return wanted as? String ?? "\(wanted)"
    }

    private static func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
