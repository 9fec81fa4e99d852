import FeedFormats
import Foundation
import Testing

/// The demonstration feeds that come with the project, read as a whole.
@Suite("Demonstration feeds")
struct DemonstrationTests {
    private func feed(_ name: String) throws -> ParsedFeed {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Tools/demo-data")
        return try FeedParser.parse(
            Data(contentsOf: folder.appendingPathComponent(name)), contentType: "application/xml",
            baseURL: "https://meridian-quarterly.example/feeds/\(name)")
    }

    @Test("every article of the magazine has all parts and no warning")
    func magazine() throws {
        let feed = try feed("all.xml")
        #expect(feed.warnings.isEmpty)
        #expect(feed.entries.count == 14)
        for entry in feed.entries {
            #expect(entry.guid?.count == 22 && !entry.guidIsPermalink)
            #expect(
                entry.kicker != nil && entry.standfirst != nil && entry.section != nil
                    && entry.published != nil)
            #expect(entry.authors.first?.bio != nil && entry.authors.first?.url != nil)
            #expect(entry.leadImage?.caption != nil && entry.leadImage?.credit != nil)
            #expect(!entry.relatedLinks.isEmpty && entry.bodyText.count > 1000)
        }
        #expect(feed.entries.count { $0.access == .subscriber } == 4)
    }

    @Test(
        "an article is the same in every feed that carries it",
        arguments: ["in-the-spotlight.xml", "region-europe.xml"])
    func sharedArticles(name: String) throws {
        let all = try feed("all.xml").entries
        let some = try feed(name).entries
        #expect(some.count >= 4)
        for entry in some { #expect(all.contains(entry)) }
    }

    @Test("a corrected article keeps its guid and has a newer date and another body")
    func corrections() throws {
        let all = try feed("all.xml").entries
        let corrected = try feed("all-corrected.xml").entries
        #expect(corrected.count == 2)
        for entry in corrected {
            let before = try #require(all.first { $0.guid == entry.guid })
            #expect(entry.bodyHTML != before.bodyHTML)
            #expect(try #require(entry.updated) > before.updated ?? before.published ?? .max)
        }
    }

    @Test("the blog's entries have absolute links and its author")
    func blog() throws {
        let feed = try feed("notes.atom")
        #expect(feed.warnings.isEmpty)
        #expect(feed.entries.count == 6)
        #expect(feed.entries.allSatisfy { $0.link?.hasPrefix("https://small-hours.example/notes/") == true })
        #expect(feed.entries.allSatisfy { $0.authors.map(\.name) == ["Wren Abbott"] && !$0.bodyText.isEmpty })
    }
}
