import FeedFormats
import Foundation
import Testing

/// The files of the W3C feed validator, each with the event it must or must not cause. Events that are no business of
/// a reader are left out; a validator is stricter than a reader, so what is wrong there may well be readable here.
@Suite("feedvalidator corpus", .enabled(if: Corpora.isPresent))
struct FeedvalidatorTests {
    @Test("valid files are read, without a complaint about their dates or markup; broken ones are called damaged")
    func agreement() throws {
        var agreement = Agreement("feedvalidator")
        for item in try Corpora.lines("feedvalidator/expect.jsonl") {
            guard let file = item["file"] as? String, let event = item["event"] as? String,
                let url = Corpora.root?.appendingPathComponent("feedvalidator/\(file)"),
                let data = try? Data(contentsOf: url)
            else { continue }
            agreement.begin(file)
            let isNegated = item["negated"] as? Bool ?? false
            compare(event, isNegated: isNegated, parse(data), &agreement)
        }
        try agreement.settle(floor: 900, atLeast: 600)
    }

    private func parse(_ data: Data) -> Result<ParsedFeed, FeedError> {
        do throws(FeedError) {
            return .success(try FeedParser.parse(data, contentType: nil, baseURL: "http://example.com/feed.xml"))
        } catch {
            return .failure(error)
        }
    }

    private func compare(
        _ event: String, isNegated: Bool, _ result: Result<ParsedFeed, FeedError>, _ agreement: inout Agreement
    ) {
        let codes = (try? result.get())?.warnings.map(\.code) ?? []
        let found = "\(result.map { $0.warnings.map(\.message) })"
        let isDate = event.contains("Date") && event != "ImplausibleDate"
        switch (event, isNegated) {
        case ("SAXError", false): agreement.expect(codes.contains(.damaged) || isRefused(result), event, found)
        case ("UndefinedNamespace", false), ("InvalidNamespace", false), ("MissingNamespace", false): break
        case (_, false) where isDate && !event.hasPrefix("Valid"):
            agreement.expect(codes.contains(.badDate), event, found)
        case _ where isDate: agreement.expect(!codes.contains(.badDate), event, found)
        case ("Error", true): agreement.expect(!isRefused(result) && codes.isEmpty, event, found)
        default: agreement.expect(!isRefused(result) && !codes.contains(.damaged), event, found)
        }
    }

    private func isRefused(_ result: Result<ParsedFeed, FeedError>) -> Bool { (try? result.get()) == nil }
}
