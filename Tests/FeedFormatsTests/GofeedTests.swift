import FeedFormats
import Foundation
import Testing

/// The files of gofeed (MIT): `X.xml` with the expected parse in `X.json`.
@Suite("gofeed corpus", .enabled(if: Corpora.isPresent))
struct GofeedTests {
    @Test(
        "titles, links, ids, dates and authors agree with gofeed's in 95 of 100 checks, and no file crashes")
    func agreement() throws {
        var agreement = Agreement()
        for file in Corpora.files("gofeed/parser") + Corpora.files("gofeed/translator") {
            guard let feed = try? FeedParser.parse(Data(contentsOf: file), contentType: nil, baseURL: nil),
                let oracle = try? Data(
                    contentsOf: file.deletingPathExtension().appendingPathExtension("json")),
                let wanted = try? JSONSerialization.jsonObject(with: oracle) as? [String: Any]
            else { continue }
            let isAtom = feed.format == .atom
            compare(feed.title, wanted["title"], file, "title", &agreement)
            let entries = (wanted[isAtom ? "entries" : "items"] ?? wanted["items"]) as? [[String: Any]] ?? []
            guard !entries.isEmpty else { continue }
            agreement.check(entries.count == feed.entries.count, "\(file.lastPathComponent) count")
            for (entry, wanted) in zip(feed.entries, entries) {
                compare(entry.headline, wanted["title"], file, "entry title", &agreement)
                compare(entry.link ?? "", wanted["link"], file, "entry link", &agreement)
                compare(entry.guid ?? "", wanted["id"], file, "entry id", &agreement)
                if let guid = wanted["guid"] as? [String: Any] {
                    compare(entry.guid ?? "", guid["value"], file, "guid", &agreement)
                } else {
                    compare(entry.guid ?? "", wanted["guid"], file, "guid", &agreement)
                }
                compareDates(entry, wanted, file, &agreement)
                if let authors = wanted["authors"] as? [[String: Any]], let name = authors.first?["name"] {
                    compare(entry.authors.first?.name ?? "", name, file, "author", &agreement)
                }
            }
        }
        agreement.report("gofeed")
        #expect(agreement.checks > 100)
        #expect(agreement.permille >= 950)
    }

    private func compareDates(
        _ entry: ParsedEntry, _ wanted: [String: Any], _ file: URL, _ agreement: inout Agreement
    ) {
        for (ours, names) in [
            (entry.published, ["publishedParsed", "pubDateParsed"]), (entry.updated, ["updatedParsed"]),
        ] {
            for name in names {
                guard let text = wanted[name] as? String, let date = FeedDate.parse(text) else { continue }
                agreement.check(ours == date.milliseconds, "\(file.lastPathComponent) \(name) \(text)")
            }
        }
    }

    private func compare(
        _ ours: String, _ wanted: Any?, _ file: URL, _ what: String, _ agreement: inout Agreement
    ) {
        guard let wanted = wanted as? String else { return }
        agreement.check(
            Corpora.agree(ours, wanted), "\(file.lastPathComponent) \(what): \(ours) is not \(wanted)")
    }
}
