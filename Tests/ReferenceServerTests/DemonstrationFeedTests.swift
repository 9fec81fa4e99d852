import FoundationEssentials
import ReferenceServer
import SyncCore
import SyncTestKit
import Testing

/// The demonstration feeds that come with the project, as the server keeps them.
@Suite("The demonstration feeds") struct DemonstrationFeedTests {
    private func ingested(_ names: [String]) async throws -> (TestServer, [IngestReport]) {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Tools/demo-data")
        let server = try TestServer()
        let ingest = FeedIngest(
            store: server.store, transport: NoNetwork(), clock: server.clock, random: SeededRandomSource(seed: 3))
        let reports = await ingest.ingest(
            names.map { IngestRequest(source: folder.appending(path: $0).standardized.path) })
        return (server, reports)
    }

    @Test("one article in several feeds is one, however its kicker is spelled and its text padded")
    func shared() async throws {
        let names = ["all.xml", "in-the-spotlight.xml", "region-europe.xml", "talking-points.xml"]
        let (server, reports) = try await ingested(names)
        #expect(reports.map(\.added) == [14, 0, 0, 2] && reports.map(\.joined) == [0, 4, 5, 4])
        #expect(reports.allSatisfy { $0.corrected == 0 && $0.skipped == 0 })
        let kickers = Set(try await server.articles().compactMap(\.kicker))
        #expect(kickers == ["Cover Section", "In the Spotlight", "Quarterly Concerns", "Talking Points"])
    }

    @Test("a subscription's advertisement is one, a day's date is one, and an empty enclosure has no length")
    func quirks() async throws {
        let (server, _) = try await ingested(["all.xml", "talking-points.xml"])
        let articles = try await server.articles()
        #expect(articles.filter(\.isPromotion).map(\.headline) == ["Subscribe now: two issues for the price of one"])
        let horn = try #require(articles.first { $0.headline == "Eleven minutes of foghorn" })
        #expect(horn.isDayPrecise && horn.enclosures.count == 1 && horn.enclosures[0].length == nil)
        // The related page is named with `www.` and a tracking parameter.
        #expect(horn.related.first?.id == articles.first { $0.headline == "Long wave goodbye" }?.id)
        #expect(horn.bodyHTML.hasPrefix("<p>") && horn.standfirst?.hasPrefix("The last keeper") == true)
        #expect(articles.filter { !$0.isPromotion }.allSatisfy { $0.guid.count == 22 })
    }

    @Test("corrections are new revisions of the same articles")
    func corrections() async throws {
        let (server, reports) = try await ingested(["all.xml", "all-corrected.xml"])
        #expect(reports.map(\.corrected) == [0, 2] && reports.map(\.added) == [14, 0])
        #expect(try await server.articles().suffix(2).map(\.revision) == [2, 2])
    }
}
