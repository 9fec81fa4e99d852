import FeedFormats
import Foundation
import Testing

@Suite("JSON syntax")
struct JSONSyntaxTests {
    private static func fault(_ text: String, limits: FeedLimits = .default) -> String? {
        JSONSyntax.fault(in: Data(text.utf8), limits: limits)
    }

    @Test(
        "what RFC 8259 allows is well-formed",
        arguments: [
            "{}", "[]", "0", "-0", "1e+5", "-1.50E-3", "\"\"", "null", " \t\r\n[1 , 2]\n", #"{"a":{"b":[true,false]}}"#,
            #""\ud83d\ude00 \u0000 \/""#, "\u{FEFF}{}", #"{"a":1,"a":2}"#,
        ])
    func wellFormed(text: String) { #expect(Self.fault(text) == nil) }

    @Test(
        "what RFC 8259 does not allow is a fault",
        arguments: [
            "", " ", "[1,]", "[,1]", "[1,,2]", "[1 2]", "{\"a\":1,}", "{,\"a\":1}", "{a:1}", "{'a':1}", "{\"a\" 1}",
            "{\"a\":}", "{1:1}", "[1", "{\"a\":1", "\"a", "\"\t\"", "\"\\x\"", "\"\\u12\"", "\"\\", "01", "+1", "1.",
            ".5",
            "1e", "-", "0x1", "NaN", "Infinity", "True", "[1}", "{\"a\":1]", "[]]", "{} {}", "// a\n1", "/**/1",
            "[\u{A0}1]",
            "[\u{0C}]", "{\"a\":b}", "[?]", ":", "}", ",",
        ])
    func malformed(text: String) { #expect(Self.fault(text) != nil) }

    @Test("a fault is named with its line")
    func line() { #expect(Self.fault("{\n\"a\": 1,\n}") == "line 3: a comma behind the last member") }

    @Test("100,000 open brackets are a fault of depth, not a crash")
    func deep() {
        let fault = Self.fault(String(repeating: "[", count: 100_000))
        #expect(fault == "values are nested deeper than 64")
        #expect(Self.fault(String(repeating: "[{\"a\":", count: 100_000)) == fault)
    }

    @Test("a million closing brackets of the wrong kind are read once each")
    func closers() {
        #expect(Self.fault("[" + String(repeating: "}", count: 1_000_000)) == "line 1: an array is closed by }")
        #expect(Self.fault("{" + String(repeating: "]", count: 1_000_000)) == "line 1: an object is closed by ]")
    }

    @Test(
        "JSONTestSuite: what must be accepted is, what must be rejected is, and nothing crashes",
        .enabled(if: Corpora.isPresent))
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
        "JSONTestSuite: inside an item, what is malformed is reported and the item before it stays",
        .enabled(if: Corpora.isPresent))
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
