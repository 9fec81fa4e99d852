import FeedFormats
import Testing

@Suite("Web addresses")
struct WebAddressTests {
    // RFC 3986 §5.4.1 and §5.4.2.
    @Test(
        "every example of RFC 3986 comes out as the RFC says",
        arguments: [
            ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"), ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"), ("g?y#s", "http://a/b/c/g?y#s"),
            (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"), ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../", "http://a/b/"), ("../g", "http://a/b/g"),
            ("../..", "http://a/"), ("../../", "http://a/"), ("../../g", "http://a/g"),
            ("../../../g", "http://a/g"),
            ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."),
            ("..g", "http://a/b/c/..g"),
            ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"),
            ("g/../h", "http://a/b/c/h"), ("g;x=1/../y", "http://a/b/c/y"),
            ("g?y/../x", "http://a/b/c/g?y/../x"),
            ("g#s/../x", "http://a/b/c/g#s/../x"), ("http:g", "http://a/b/c/g"),
        ])
    func examples(reference: String, expected: String) {
        #expect(WebAddress.resolve(reference, base: "http://a/b/c/d;p?q") == expected)
    }

    @Test("a relative reference without a base is none")
    func noBase() {
        #expect(WebAddress.resolve("a", base: nil) == nil)
        #expect(WebAddress.resolve("a", base: "mailto:x@y.example") == nil)
        #expect(WebAddress.resolve("a", base: "b") == nil)
    }

    @Test("an address past the bound is none")
    func tooLong() {
        #expect(WebAddress.resolve("http://a/" + String(repeating: "x", count: 9000), base: nil) == nil)
    }

    @Test("only web and mail addresses are safe")
    func safe() {
        #expect(WebAddress.safe("HTTPS://A.example/x", base: nil) == "https://a.example/x")
        #expect(WebAddress.safe("mailto:a@b.example", base: nil) == "mailto:a@b.example")
        #expect(WebAddress.safe("ftp://a/", base: nil) == nil)
    }
}
