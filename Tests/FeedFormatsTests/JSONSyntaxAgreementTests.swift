import FeedFormats
import Foundation
import Testing

/// JSONTestSuite (MIT, Nicolas Seriot): `y_` is JSON, `n_` is not, and `i_` may be either.
@Suite("JSONTestSuite", .enabled(if: Corpora.isPresent))
struct JSONSyntaxAgreementTests {
    @Test(
        "what must be accepted is, what must be rejected is, and nothing crashes")
    func corpus() throws {
        var agreement = Agreement("jsontestsuite")
        for file in Corpora.files("jsontestsuite", extension: "json") {
            let name = file.lastPathComponent
            let data = try Data(contentsOf: file)
            agreement.begin(name)
            let fault = JSONSyntax.fault(in: data)
            if name.hasPrefix("y_") { agreement.expect(fault == nil, "accepted", fault ?? "", "well-formed") }
            if name.hasPrefix("n_") { agreement.expect(fault != nil, "rejected", "well-formed", "malformed") }
            // The same bytes as a feed: it may be refused or be damaged, and must come to an end.
            _ = try? FeedParser.parse(data, contentType: nil, baseURL: nil)
        }
        try agreement.settle(floor: 1000, atLeast: 100)
    }

    @Test(
        "inside an item, what is malformed is reported and the item before it stays")
    func insideFeed() throws {
        for file in Corpora.files("jsontestsuite/test_parsing", extension: "json") {
            let name = file.lastPathComponent
            let value = try Data(contentsOf: file)
            let start =
                #"{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":"a"},{"id":"b","_x":"#
            let feed = try FeedParser.parse(
                Data(start.utf8) + value + Data(#"}]}"#.utf8), contentType: nil, baseURL: nil)
            #expect(feed.entries.first?.guid == "a", "\(name)")
            if name.hasPrefix("y_") { #expect(feed.entries.count == 2 && !feed.isDamaged, "\(name)") }
            if name.hasPrefix("n_"), value.contains(where: { $0 > 0x20 }) { #expect(!feed.warnings.isEmpty, "\(name)") }
        }
    }
}
