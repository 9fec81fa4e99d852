import FeedFormats
import FoundationEssentials
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
}
