import FeedFormats
import Foundation
import Testing

/// Mark Pilgrim's autodiscovery suite: each page leads to exactly one feed, which is here as a file of its own.
@Suite("feedfinder corpus", .enabled(if: Corpora.isPresent))
struct FeedfinderTests {
    private static let folder = "http://diveintomark.org/tests/client/autodiscovery/"

    /// The suite was taken from the Web Archive, whose prefix stands in front of the absolute addresses.
    private static func original(_ address: String) -> String {
        address.range(of: "://", options: .backwards).map {
            let scheme = address[..<$0.lowerBound].hasSuffix("https") ? "https" : "http"
            return scheme + address[$0.lowerBound...]
        } ?? address
    }

    /// What the page declares by its file name: the feed that carries its number, at the host of its `base`.
    private static func wanted(_ page: URL) -> [String] {
        let name = page.deletingPathExtension().lastPathComponent + ".xml"
        let moved = page.deletingLastPathComponent().appendingPathComponent("ragingplatypus/" + name)
        // 051 names diveintomark.org in full, whatever its base.
        let isMoved = FileManager.default.fileExists(atPath: moved.path) && !name.contains("051")
        return [(isMoved ? "http://www.ragingplatypus.com/tests/client/autodiscovery/" : folder) + name]
    }

    @Test("each page leads to its feed and to nothing else")
    func agreement() throws {
        var agreement = Agreement("feedfinder")
        for file in Corpora.files("feedfinder", extension: "html") where file.lastPathComponent.hasPrefix("html4-") {
            agreement.begin(file.lastPathComponent)
            let found = FeedDiscovery.links(
                inHTML: try Data(contentsOf: file), contentType: "text/html",
                pageURL: Self.folder + file.lastPathComponent)
            let ours = found.map { Self.original($0.url) }
            agreement.expect(ours == Self.wanted(file), "feed", "\(ours)", "\(Self.wanted(file))")
            agreement.expect(found.allSatisfy { $0.type == "application/atom+xml" && $0.isDeclared }, "type")
        }
        try agreement.settle(floor: 1000, atLeast: 40)
    }

    @Test("the feeds that the pages lead to name the page they were found from")
    func linksBack() throws {
        for file in Corpora.files("feedfinder") {
            let feed = try FeedParser.parse(Data(contentsOf: file), contentType: nil, baseURL: nil)
            let number = file.deletingPathExtension().lastPathComponent
            #expect(feed.siteURL?.contains(number) == true, "\(file.lastPathComponent)")
        }
    }
}
